#include "src/api/fetch/headers.h"

#include <v8-container.h>

#include "src/js/sequence.h"

namespace ocapd::js {

template <>
struct Convert<kj::Array<kj::String>> {
  static v8::Local<v8::Value> to(Turn& turn, kj::Array<kj::String> values) {
    auto result = v8::Array::New(turn.v8, int(values.size()));
    for (size_t i : kj::indices(values)) {
      turn.check(result->Set(turn.context, uint32_t(i), Convert<kj::String>::to(turn, values[i])));
    }
    return result;
  }
};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

// Texts pinned by public suites.
void requireName(kj::StringPtr name) {
  if (!isToken(name)) throw js::Error::type("Invalid header name.");
}

bool isHttpSpace(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// https://fetch.spec.whatwg.org/#concept-header-value-normalize
kj::String normalized(kj::String value) {
  size_t start = 0;
  size_t end = value.size();
  while (start < end && isHttpSpace(value[start])) ++start;
  while (end > start && isHttpSpace(value[end - 1])) --end;
  auto middle = value.slice(start, end);
  if (!isFieldValue(middle)) throw js::Error::type("Invalid header value.");
  if (middle.size() == value.size()) return value;
  return kj::heapString(middle);
}

kj::String toText(js::Turn& turn, v8::Local<v8::Value> value) {
  return js::Convert<kj::String>::from(turn, value);
}

void addChecked(HeaderList& list, kj::String name, kj::String value) {
  auto normal = normalized(kj::mv(value));
  requireName(name);
  list.append(name, normal);
}

}  // namespace

Headers* Headers::create(js::Turn& turn, v8::Local<v8::Value> init) {
  auto list = kj::refcounted<HeaderList>();
  fill(turn, *list, init);
  return turn.make<Headers>(kj::mv(list), Guard::None);
}

void Headers::fill(js::Turn& turn, HeaderList& list, v8::Local<v8::Value> init) {
  if (init->IsUndefined()) return;
  if (auto* other = turn.unwrap<Headers>(init)) {
    for (auto& entry : other->list_->entries()) list.append(entry.name, entry.value);
    return;
  }
  if (!init->IsObject()) throw js::TypeMismatch{"Headers or Sequence or object"};
  auto object = init.As<v8::Object>();
  auto method = js::iteratorMethod(turn, object);
  if (!method->IsNullOrUndefined()) {
    js::forEachElement(turn, object, method, [&](v8::Local<v8::Value> inner) {
      kj::Vector<kj::String> items;
      if (!inner->IsObject()) throw js::TypeMismatch{"Headers or Sequence or object"};
      auto innerObject = inner.As<v8::Object>();
      js::forEachElement(turn, innerObject, js::iteratorMethod(turn, innerObject),
                         [&](v8::Local<v8::Value> item) { items.add(toText(turn, item)); });
      if (items.size() != 2) {
        throw js::Error::type(
            "To initialize a Headers object from a sequence, each inner sequence "
            "must have exactly two elements.");
      }
      addChecked(list, kj::mv(items[0]), kj::mv(items[1]));
    });
    return;
  }
  js::forEachProperty(turn, object, [&](v8::Local<v8::Value> key, v8::Local<v8::Value> value) {
    auto name = toText(turn, key);
    addChecked(list, kj::mv(name), toText(turn, value));
  });
}

void Headers::requireMutable() const {
  if (guard_ == Guard::Immutable) throw js::Error::type("Can't modify immutable headers.");
}

kj::Maybe<kj::String> Headers::get(kj::String name) {
  requireName(name);
  KJ_IF_MAYBE(value, list_->get(name)) {
    return kj::mv(*value);
  }
  return nullptr;
}

kj::Array<kj::String> Headers::getAll(kj::String name) {
  if (!equalsIgnoringCase(name, "set-cookie")) {
    throw js::Error::type("getAll() can only be used with the header name \"Set-Cookie\".");
  }
  return getSetCookie();
}

kj::Array<kj::String> Headers::getSetCookie() {
  kj::Vector<kj::String> result;
  for (auto& entry : list_->entries()) {
    if (equalsIgnoringCase(entry.name, "set-cookie")) {
      result.add(kj::str(entry.value));
    }
  }
  return result.releaseAsArray();
}

bool Headers::has(kj::String name) {
  requireName(name);
  return list_->has(name);
}

void Headers::set(kj::String name, kj::String value) {
  requireMutable();
  auto normal = normalized(kj::mv(value));
  requireName(name);
  list_->set(name, normal);
}

void Headers::append(kj::String name, kj::String value) {
  requireMutable();
  addChecked(*list_, kj::mv(name), kj::mv(value));
}

void Headers::remove(kj::String name) {
  requireMutable();
  requireName(name);
  list_->remove(name);
}

void Headers::forEach(js::Turn& turn, v8::Local<v8::Function> callback,
                      v8::Local<v8::Value> thisValue) {
  js::forEachPair(turn, *this, callback, thisValue);
}

kj::Maybe<js::Pair> Headers::pairAt(js::Turn& turn, size_t index) {
  KJ_IF_MAYBE(at, sortedAt_) {
    if (*at != list_->changes()) sortedAt_ = nullptr;
  }
  if (sortedAt_ == nullptr) {
    sorted_ = list_->sortAndCombine();
    sortedAt_ = list_->changes();
  }
  if (index >= sorted_.size()) {
    sorted_ = nullptr;  // iteration is over more often than not
    sortedAt_ = nullptr;
    return nullptr;
  }
  auto& [name, value] = sorted_[index];
  return js::Pair{turn.string(name), turn.string(value)};
}

Headers::Iterator* Headers::entries(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Entries);
}

Headers::Iterator* Headers::keys(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Keys);
}

Headers::Iterator* Headers::values(js::Turn& turn) {
  return turn.make<Iterator>(*this, js::IterationKind::Values);
}

void Headers::preview(js::Turn& turn, js::Preview& preview) {
  preview.isMapLike = true;
  for (auto& each : list_->sortAndCombine()) {
    preview.entries.push_back(turn.string(each.name));
    preview.entries.push_back(turn.string(each.value));
  }
  preview.internals.push_back(turn.name("immutable"));
  preview.internals.push_back(v8::Boolean::New(turn.v8, guard_ == Guard::Immutable));
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&Headers::create>(),
    js::method<&Headers::append>("append"),
    js::method<&Headers::remove>("delete"),
    js::method<&Headers::get>("get"),
    js::method<&Headers::getAll>("getAll"),
    js::method<&Headers::getSetCookie>("getSetCookie"),
    js::method<&Headers::has>("has"),
    js::method<&Headers::set>("set"),
    js::method<&Headers::forEach>("forEach"),
    js::method<&Headers::entries>("entries").alsoAs(js::Symbol::Iterator),
    js::method<&Headers::keys>("keys"),
    js::method<&Headers::values>("values"),
};

}  // namespace

constinit const js::Class Headers::kClass{
    .name = kClassName,
    .spec = "https://fetch.spec.whatwg.org/#headers-class",
    .members = kMembers,
};

}  // namespace ocapd::api
