// FormData: names with texts and files, in order.
//
// Owns      the texts; files are objects of JavaScript's too.
// Spec      https://xhr.spec.whatwg.org/#interface-formdata
#pragma once

#include <vector>

#include "src/api/forms/file.h"
#include "src/api/forms/mime_type.h"
#include "src/js/iterator.h"

namespace ocapd::api {

// What an entry is given; as a parameter.
struct FormValue {
  kj::OneOf<kj::String, Blob*> value;
};

class FormData final : public js::Object {
 public:
  static constexpr const char* kClassName = "FormData";
  static constexpr const char* kIteratorName = "FormData Iterator";
  static const js::Class kClass;
  using Iterator = js::PairIterator<FormData>;

  // What a body says that is `type`; TypeError when that is neither kind of form, or when the body
  // is malformed.
  static FormData* parse(js::Turn& turn, kj::ArrayPtr<const kj::byte> body, const MimeType& type);
  static bool canParse(const MimeType& type);

  // ---- JavaScript ----
  static FormData* create(js::Turn& turn);
  void append(js::Turn& turn, kj::String name, FormValue value, kj::Maybe<kj::String> filename);
  void remove(kj::String name);
  v8::Local<v8::Value> get(js::Turn& turn, kj::String name);
  v8::Local<v8::Value> getAll(js::Turn& turn, kj::String name);
  bool has(kj::String name);
  void set(js::Turn& turn, kj::String name, FormValue value, kj::Maybe<kj::String> filename);
  Iterator* entries(js::Turn& turn);
  Iterator* keys(js::Turn& turn);
  Iterator* values(js::Turn& turn);
  void forEach(js::Turn& turn, v8::Local<v8::Function> callback, v8::Local<v8::Value> thisValue);

  // ---- native ----
  struct Encoded {
    kj::Array<kj::byte> bytes;
    kj::String contentType;
  };
  // As multipart/form-data.
  Encoded encode() const;
  kj::Maybe<js::Pair> pairAt(js::Turn& turn, size_t index);

  const js::Class& jsClass() const override { return kClass; }
  void preview(js::Turn& turn, js::Preview& preview) override;
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  struct Entry {
    kj::String name;
    kj::String text;
    cppgc::Member<File> file;  // instead of text
  };

  // https://xhr.spec.whatwg.org/#create-an-entry
  void fill(js::Turn& turn, Entry& entry, FormValue value, kj::Maybe<kj::String> filename);
  Entry& addEntry(kj::String name);
  v8::Local<v8::Value> valueOf(js::Turn& turn, const Entry& entry);

  std::vector<Entry> entries_;
};

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::FormValue> {
  static constexpr const char* kName = "File or Blob or string";
  static api::FormValue from(Turn& turn, v8::Local<v8::Value> value) {
    if (auto* blob = turn.unwrap<api::Blob>(value)) return {blob};
    return {Convert<kj::String>::from(turn, value)};
  }
};

}  // namespace ocapd::js
