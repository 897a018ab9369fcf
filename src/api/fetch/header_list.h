// HeaderList: names and values in order, compared without regard to case, as bytes.
//
// Owns      its text. A list that came from the network is one block; what is added later is owned
//           entry by entry.
// Lives     shared by a Headers object and the message it belongs to.
// Threads   the lane's.
// Limits    kHeadersMax entries; append throws RangeError beyond.
// Spec      https://fetch.spec.whatwg.org/#concept-header-list
#pragma once

#include <kj/compat/http.h>
#include <kj/refcount.h>
#include <kj/string.h>
#include <kj/vector.h>

namespace ocapd::api {

// An HTTP token; the rule for header names (RFC 9110 §5.6.2).
bool isToken(kj::ArrayPtr<const char> text);
// No NUL, CR or LF; the rule for values once white space at the ends is gone.
bool isFieldValue(kj::ArrayPtr<const char> text);
// ASCII, case ignored.
bool equalsIgnoringCase(kj::StringPtr a, kj::StringPtr b);

class HeaderList final : public kj::Refcounted {
 public:
  static constexpr size_t kHeadersMax = 10'000;

  struct Entry {
    kj::StringPtr name;
    kj::StringPtr value;
    kj::String
        owned;  // backs both, each with its NUL, unless they lie in the block or are literals
  };

  HeaderList() = default;
  // Copies, in one block: KJ's headers live shorter than the event.
  explicit HeaderList(const kj::HttpHeaders& headers);

  kj::Own<HeaderList> copy() const;

  // Values of one name joined by ", "; a single value is not copied.
  kj::Maybe<kj::String> get(kj::StringPtr name) const;
  bool has(kj::StringPtr name) const;
  // Name and value must be valid (isToken, isFieldValue); text is copied.
  void append(kj::StringPtr name, kj::StringPtr value);
  void set(kj::StringPtr name, kj::StringPtr value);
  // For text that outlives every list.
  void appendLiteral(kj::StringPtr name, kj::StringPtr value) {
    ++changes_;
    entries_.add(Entry{name, value, nullptr});
  }
  void remove(kj::StringPtr name);

  // Sorted by lower-case name, values combined, each set-cookie by itself.
  // https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine
  struct Combined {
    kj::String name;  // lower case
    kj::String value;
  };
  kj::Array<Combined> sortAndCombine() const;

  kj::ArrayPtr<const Entry> entries() const { return entries_; }
  // Grows with every change.
  uint64_t changes() const { return changes_; }
  // `target` refers to this list's text afterwards.
  void addTo(kj::HttpHeaders& target) const;

 private:
  kj::Array<char> block_;
  kj::Vector<Entry> entries_;
  uint64_t changes_ = 0;
};

}  // namespace ocapd::api
