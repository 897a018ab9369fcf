// URLSearchParams: names and values of a query string, in order.
//
// Owns      the list (ada's). One that belongs to a URL keeps it up to date.
// Spec      https://url.spec.whatwg.org/#interface-urlsearchparams
#pragma once

#include <ada.h>

#include "src/js/iterator.h"

namespace ocapd::api {

class Url;

class UrlSearchParams final : public js::Object {
 public:
  static constexpr const char* kClassName = "URLSearchParams";
  static constexpr const char* kIteratorName = "URLSearchParams Iterator";
  static const js::Class kClass;
  using Iterator = js::PairIterator<UrlSearchParams>;

  // `query` with or without its "?". `url` is null when they belong to none.
  UrlSearchParams(std::string_view query, Url* url) : list_(query), url_(url) {}

  // ---- JavaScript ----
  static UrlSearchParams* create(js::Turn& turn, v8::Local<v8::Value> init);
  double size() const { return double(list_.size()); }
  void append(js::UsvString name, js::UsvString value);
  void remove(js::UsvString name, kj::Maybe<js::UsvString> value);
  v8::Local<v8::Value> get(js::Turn& turn, js::UsvString name);
  v8::Local<v8::Value> getAll(js::Turn& turn, js::UsvString name);
  bool has(js::UsvString name, kj::Maybe<js::UsvString> value);
  void set(js::UsvString name, js::UsvString value);
  void sort();
  Iterator* entries(js::Turn& turn);
  Iterator* keys(js::Turn& turn);
  Iterator* values(js::Turn& turn);
  void forEach(js::Turn& turn, v8::Local<v8::Function> callback, v8::Local<v8::Value> thisValue);
  std::string toString() const { return list_.to_string(); }

  // ---- native ----
  kj::Maybe<js::Pair> pairAt(js::Turn& turn, size_t index);
  // Their URL has a new query.
  void reset(std::string_view query) { list_ = ada::url_search_params(query); }

  const js::Class& jsClass() const override { return kClass; }
  void preview(js::Turn& turn, js::Preview& preview) override;
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  // https://url.spec.whatwg.org/#concept-urlsearchparams-update
  void update();

  ada::url_search_params list_;
  cppgc::Member<Url> url_;
};

}  // namespace ocapd::api
