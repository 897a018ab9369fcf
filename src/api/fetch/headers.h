// Headers: a HeaderList as JavaScript sees it.
//
// Owns      a share of the list.
// Text      values are UTF-8, as the reference has them on the wire and in JavaScript.
//           Differs: the standard's ByteString refuses characters above 255.
// Errors    TypeError for names and values HTTP cannot carry and for changing immutable headers.
// Spec      https://fetch.spec.whatwg.org/#headers-class
#pragma once

#include "src/api/fetch/header_list.h"
#include "src/js/iterator.h"

namespace ocapd::api {

class Headers final : public js::Object {
 public:
  static constexpr const char* kClassName = "Headers";
  static constexpr const char* kIteratorName = "Headers Iterator";
  static const js::Class kClass;
  using Iterator = js::PairIterator<Headers>;

  enum class Guard : uint8_t { None, Immutable };

  Headers(kj::Own<HeaderList> list, Guard guard) : list_(kj::mv(list)), guard_(guard) {}

  // ---- JavaScript ----
  static Headers* create(js::Turn& turn, v8::Local<v8::Value> init);
  kj::Maybe<kj::String> get(kj::String name);
  kj::Array<kj::String> getAll(kj::String name);
  kj::Array<kj::String> getSetCookie();
  bool has(kj::String name);
  void set(kj::String name, kj::String value);
  void append(kj::String name, kj::String value);
  void remove(kj::String name);
  void forEach(js::Turn& turn, v8::Local<v8::Function> callback, v8::Local<v8::Value> thisValue);
  Iterator* entries(js::Turn& turn);
  Iterator* keys(js::Turn& turn);
  Iterator* values(js::Turn& turn);

  // ---- native ----
  // https://fetch.spec.whatwg.org/#concept-headers-fill: `init` is Headers, a sequence of pairs or
  // a record; undefined adds nothing.
  static void fill(js::Turn& turn, HeaderList& list, v8::Local<v8::Value> init);
  HeaderList& list() { return *list_; }
  Guard guard() const { return guard_; }
  // https://fetch.spec.whatwg.org/#dom-headers, "value pairs to iterate over": as they are now.
  kj::Maybe<js::Pair> pairAt(js::Turn& turn, size_t index);

  const js::Class& jsClass() const override { return kClass; }
  void preview(js::Turn& turn, js::Preview& preview) override;

 private:
  void requireMutable() const;

  kj::Own<HeaderList> list_;
  Guard guard_;
  // What iterators walk, sorted once for each change of the list.
  kj::Array<HeaderList::Combined> sorted_;
  kj::Maybe<uint64_t> sortedAt_;
};

}  // namespace ocapd::api
