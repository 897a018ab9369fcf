// Headers: a HeaderList as JavaScript sees it.
//
// Owns      a share of the list.
// Errors    TypeError for names and values HTTP cannot carry and for changing immutable headers.
// Spec      https://fetch.spec.whatwg.org/#headers-class
#pragma once

#include "src/api/fetch/header_list.h"
#include "src/js/class.h"

namespace ocapd::api {

class Headers final : public js::Object {
 public:
  static constexpr const char* kClassName = "Headers";
  static const js::Class kClass;

  enum class Guard : uint8_t { None, Immutable };

  Headers(kj::Own<HeaderList> list, Guard guard) : list_(kj::mv(list)), guard_(guard) {}

  // ---- JavaScript ----
  static Headers* create(js::Turn& turn, v8::Local<v8::Value> init);
  kj::Maybe<js::ByteString> get(js::ByteString name);
  kj::Array<js::ByteString> getAll(js::ByteString name);
  kj::Array<js::ByteString> getSetCookie();
  bool has(js::ByteString name);
  void set(js::ByteString name, js::ByteString value);
  void append(js::ByteString name, js::ByteString value);
  void remove(js::ByteString name);
  void forEach(js::Turn& turn, v8::Local<v8::Function> callback, v8::Local<v8::Value> thisValue);
  v8::Local<v8::Value> entries(js::Turn& turn);
  v8::Local<v8::Value> keys(js::Turn& turn);
  v8::Local<v8::Value> values(js::Turn& turn);

  // ---- native ----
  // https://fetch.spec.whatwg.org/#concept-headers-fill: `init` is Headers, a sequence of pairs or
  // a record; undefined adds nothing.
  static void fill(js::Turn& turn, HeaderList& list, v8::Local<v8::Value> init);
  HeaderList& list() { return *list_; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  void requireMutable() const;

  kj::Own<HeaderList> list_;
  Guard guard_;
};

}  // namespace ocapd::api
