#include "src/js/source_text.h"

#include <simdutf.h>

namespace ocapd::js {

namespace {

// Source text where it lies: no copy of a bundle in the heap.
class BorrowedSource final : public v8::String::ExternalOneByteStringResource {
 public:
  explicit BorrowedSource(kj::ArrayPtr<const char> text) : text_(text) {}
  const char* data() const override { return text_.begin(); }
  size_t length() const override { return text_.size(); }

 private:
  kj::ArrayPtr<const char> text_;
};

}  // namespace

v8::Local<v8::String> sourceText(Turn& turn, kj::ArrayPtr<const kj::byte> content) {
  auto chars = content.asChars();
  if (chars.size() > 0 && simdutf::validate_ascii(chars.begin(), chars.size())) {
    return turn.check(v8::String::NewExternalOneByte(turn.v8, new BorrowedSource(chars)));
  }
  return turn.string(chars);
}

}  // namespace ocapd::js
