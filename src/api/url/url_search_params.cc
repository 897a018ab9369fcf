#include "src/api/url/url_search_params.h"

#include <v8-container.h>

#include "src/api/url/url.h"
#include "src/js/sequence.h"

namespace ocapd::api {

namespace {

std::string toUsv(js::Turn& turn, v8::Local<v8::Value> value) {
  return std::string(js::Convert<js::UsvString>::from(turn, value));
}

v8::Local<v8::Value> toJs(js::Turn& turn, std::string_view text) {
  return js::Convert<std::string_view>::to(turn, text);
}

// https://url.spec.whatwg.org/#urlsearchparams-initialize, step 1: a sequence of pairs
void fillFromPairs(js::Turn& turn, ada::url_search_params& list, v8::Local<v8::Object> init,
                   v8::Local<v8::Value> method) {
  js::forEachElement(turn, init, method, [&](v8::Local<v8::Value> inner) {
    v8::Local<v8::Value> innerMethod;
    if (inner->IsObject()) innerMethod = js::iteratorMethod(turn, inner.As<v8::Object>());
    if (innerMethod.IsEmpty() || !innerMethod->IsFunction()) {
      throw js::Error::type("Incorrect type: the provided value is not of type 'Sequence'.");
    }
    std::vector<std::string> items;
    js::forEachElement(turn, inner.As<v8::Object>(), innerMethod,
                       [&](v8::Local<v8::Value> item) { items.push_back(toUsv(turn, item)); });
    if (items.size() != 2) throw js::Error::type("Invalid URL search params sequence.");
    list.append(items[0], items[1]);
  });
}

}  // namespace

// https://url.spec.whatwg.org/#dom-urlsearchparams-urlsearchparams
UrlSearchParams* UrlSearchParams::create(js::Turn& turn, v8::Local<v8::Value> init) {
  if (init->IsUndefined()) return turn.make<UrlSearchParams>(std::string_view(), nullptr);
  if (!init->IsObject()) return turn.make<UrlSearchParams>(toUsv(turn, init), nullptr);
  auto* made = turn.make<UrlSearchParams>(std::string_view(), nullptr);
  auto object = init.As<v8::Object>();
  auto method = js::iteratorMethod(turn, object);
  if (!method->IsNullOrUndefined()) {
    fillFromPairs(turn, made->list_, object, method);
  } else {
    // A record: names that become equal keep the first one's place and the last one's value.
    js::forEachProperty(turn, object, [&](v8::Local<v8::Value> key, v8::Local<v8::Value> value) {
      auto name = toUsv(turn, key);
      made->list_.set(name, toUsv(turn, value));
    });
  }
  return made;
}

void UrlSearchParams::update() {
  if (url_) url_->searchParamsChanged(list_.to_string());
}

void UrlSearchParams::append(js::UsvString name, js::UsvString value) {
  list_.append(name, value);
  update();
}

void UrlSearchParams::remove(js::UsvString name, kj::Maybe<js::UsvString> value) {
  KJ_IF_MAYBE(given, value) {
    list_.remove(name, *given);
  } else {
    list_.remove(name);
  }
  update();
}

v8::Local<v8::Value> UrlSearchParams::get(js::Turn& turn, js::UsvString name) {
  if (auto value = list_.get(name)) return toJs(turn, *value);
  return v8::Null(turn.v8);
}

v8::Local<v8::Value> UrlSearchParams::getAll(js::Turn& turn, js::UsvString name) {
  auto values = list_.get_all(name);
  auto result = v8::Array::New(turn.v8, int(values.size()));
  for (size_t i : kj::indices(values)) {
    turn.check(result->Set(turn.context, uint32_t(i), toJs(turn, values[i])));
  }
  return result;
}

bool UrlSearchParams::has(js::UsvString name, kj::Maybe<js::UsvString> value) {
  KJ_IF_MAYBE(given, value) {
    return list_.has(name, *given);
  }
  return list_.has(name);
}

void UrlSearchParams::set(js::UsvString name, js::UsvString value) {
  list_.set(name, value);
  update();
}

void UrlSearchParams::sort() {
  list_.sort();
  update();
}

// ---- iteration ----

kj::Maybe<js::Pair> UrlSearchParams::pairAt(js::Turn& turn, size_t index) {
  if (index >= list_.size()) return nullptr;
  auto& [name, value] = *(list_.begin() + ptrdiff_t(index));
  return js::Pair{toJs(turn, name), toJs(turn, value)};
}

UrlSearchParams::Iterator* UrlSearchParams::entries(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Entries);
}

UrlSearchParams::Iterator* UrlSearchParams::keys(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Keys);
}

UrlSearchParams::Iterator* UrlSearchParams::values(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Values);
}

void UrlSearchParams::forEach(js::Turn& turn, v8::Local<v8::Function> callback,
                              v8::Local<v8::Value> thisValue) {
  js::forEachPair(turn, *this, callback, thisValue);
}

void UrlSearchParams::preview(js::Turn& turn, js::Preview& preview) {
  preview.isMapLike = true;
  for (auto& [name, value] : list_) {
    preview.entries.push_back(toJs(turn, name));
    preview.entries.push_back(toJs(turn, value));
  }
}

void UrlSearchParams::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(url_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&UrlSearchParams::create>(),
    js::getter<&UrlSearchParams::size>("size"),
    js::method<&UrlSearchParams::append>("append"),
    js::method<&UrlSearchParams::remove>("delete"),
    js::method<&UrlSearchParams::get>("get"),
    js::method<&UrlSearchParams::getAll>("getAll"),
    js::method<&UrlSearchParams::has>("has"),
    js::method<&UrlSearchParams::set>("set"),
    js::method<&UrlSearchParams::sort>("sort"),
    js::method<&UrlSearchParams::entries>("entries").alsoAs(js::Symbol::Iterator),
    js::method<&UrlSearchParams::keys>("keys"),
    js::method<&UrlSearchParams::values>("values"),
    js::method<&UrlSearchParams::forEach>("forEach"),
    js::method<&UrlSearchParams::toString>("toString"),
};

}  // namespace

constinit const js::Class UrlSearchParams::kClass{
    .name = kClassName,
    .spec = "https://url.spec.whatwg.org/#interface-urlsearchparams",
    .members = kMembers,
};

}  // namespace ocapd::api
