#include "src/api/fetch/headers.h"

#include <v8-container.h>

namespace ocapd::js {

template <>
struct Convert<kj::Array<ByteString>> {
  static v8::Local<v8::Value> to(Turn& turn, kj::Array<ByteString> values) {
    auto result = v8::Array::New(turn.v8, int(values.size()));
    for (size_t i : kj::indices(values)) {
      turn.check(result->Set(turn.context, uint32_t(i), Convert<ByteString>::to(turn, values[i])));
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

bool isHttpSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

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

js::ByteString toBytes(js::Turn& turn, v8::Local<v8::Value> value) {
  return js::Convert<js::ByteString>::from(turn, value);
}

void addChecked(HeaderList& list, js::ByteString name, js::ByteString value) {
  auto normal = normalized(kj::mv(value.bytes));
  requireName(name.bytes);
  list.append(name.bytes, normal);
}

v8::Local<v8::Value> pair(js::Turn& turn, v8::Local<v8::Value> first, v8::Local<v8::Value> second) {
  v8::Local<v8::Value> both[] = {first, second};
  return v8::Array::New(turn.v8, both, 2);
}

v8::Local<v8::Value> latin1(js::Turn& turn, kj::StringPtr text) {
  return turn.check(v8::String::NewFromOneByte(turn.v8,
                                               reinterpret_cast<const uint8_t*>(text.begin()),
                                               v8::NewStringType::kNormal, int(text.size())));
}

// The iterator of an array made of the sorted and combined list.
// Differs: the standard's iterator sees changes made while iterating.
template <typename Make>
v8::Local<v8::Value> iterate(js::Turn& turn, const HeaderList& list, Make make) {
  auto combined = list.sortAndCombine();
  auto array = v8::Array::New(turn.v8, int(combined.size()));
  for (size_t i : kj::indices(combined)) {
    turn.check(array->Set(turn.context, uint32_t(i), make(combined[i])));
  }
  auto values = turn.get(array, "values").As<v8::Function>();
  return turn.check(values->Call(turn.context, array, 0, nullptr));
}

// All elements of an iterable, by the iterator protocol.
void forEachOf(js::Turn& turn, v8::Local<v8::Object> iterable, v8::Local<v8::Value> method,
               kj::FunctionParam<void(v8::Local<v8::Value>)> visit) {
  if (!method->IsFunction()) throw js::TypeMismatch{"Headers or Sequence or object"};
  auto iterator =
      turn.check(method.As<v8::Function>()->Call(turn.context, iterable, 0, nullptr));
  if (!iterator->IsObject()) throw js::Error::type("Result of [Symbol.iterator]() is no object.");
  auto next = turn.get(iterator.As<v8::Object>(), "next");
  if (!next->IsFunction()) throw js::Error::type("The iterator has no next() method.");
  while (true) {
    auto step = turn.check(next.As<v8::Function>()->Call(turn.context, iterator, 0, nullptr));
    if (!step->IsObject()) throw js::Error::type("Result of next() is no object.");
    if (turn.get(step.As<v8::Object>(), "done")->BooleanValue(turn.v8)) return;
    visit(turn.get(step.As<v8::Object>(), "value"));
  }
}

v8::Local<v8::Value> iteratorMethod(js::Turn& turn, v8::Local<v8::Object> object) {
  return turn.check(object->Get(turn.context, v8::Symbol::GetIterator(turn.v8)));
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
  auto method = iteratorMethod(turn, object);
  if (!method->IsNullOrUndefined()) {
    forEachOf(turn, object, method, [&](v8::Local<v8::Value> inner) {
      kj::Vector<js::ByteString> items;
      if (!inner->IsObject()) throw js::TypeMismatch{"Headers or Sequence or object"};
      auto innerObject = inner.As<v8::Object>();
      forEachOf(turn, innerObject, iteratorMethod(turn, innerObject),
                [&](v8::Local<v8::Value> item) { items.add(toBytes(turn, item)); });
      if (items.size() != 2) {
        throw js::Error::type("To initialize a Headers object from a sequence, each inner sequence "
                              "must have exactly two elements.");
      }
      addChecked(list, kj::mv(items[0]), kj::mv(items[1]));
    });
    return;
  }
  auto names = turn.check(object->GetOwnPropertyNames(turn.context));
  for (uint32_t i = 0; i < names->Length(); ++i) {
    auto name = turn.check(names->Get(turn.context, i));
    auto nameBytes = toBytes(turn, name);
    addChecked(list, kj::mv(nameBytes), toBytes(turn, turn.check(object->Get(turn.context, name))));
  }
}

void Headers::requireMutable() const {
  if (guard_ == Guard::Immutable) throw js::Error::type("Can't modify immutable headers.");
}

kj::Maybe<js::ByteString> Headers::get(js::ByteString name) {
  requireName(name.bytes);
  KJ_IF_MAYBE(value, list_->get(name.bytes)) { return js::ByteString{kj::mv(*value)}; }
  return nullptr;
}

kj::Array<js::ByteString> Headers::getAll(js::ByteString name) {
  if (!equalsIgnoringCase(name.bytes, "set-cookie")) {
    throw js::Error::type("getAll() can only be used with the header name \"Set-Cookie\".");
  }
  return getSetCookie();
}

kj::Array<js::ByteString> Headers::getSetCookie() {
  kj::Vector<js::ByteString> result;
  for (auto& entry : list_->entries()) {
    if (equalsIgnoringCase(entry.name, "set-cookie")) {
      result.add(js::ByteString{kj::str(entry.value)});
    }
  }
  return result.releaseAsArray();
}

bool Headers::has(js::ByteString name) {
  requireName(name.bytes);
  return list_->has(name.bytes);
}

void Headers::set(js::ByteString name, js::ByteString value) {
  requireMutable();
  auto normal = normalized(kj::mv(value.bytes));
  requireName(name.bytes);
  list_->set(name.bytes, normal);
}

void Headers::append(js::ByteString name, js::ByteString value) {
  requireMutable();
  addChecked(*list_, kj::mv(name), kj::mv(value));
}

void Headers::remove(js::ByteString name) {
  requireMutable();
  requireName(name.bytes);
  list_->remove(name.bytes);
}

void Headers::forEach(js::Turn& turn, v8::Local<v8::Function> callback,
                      v8::Local<v8::Value> thisValue) {
  for (auto& each : list_->sortAndCombine()) {
    v8::Local<v8::Value> arguments[] = {latin1(turn, each.value), latin1(turn, each.name),
                                        turn.wrap(*this)};
    turn.check(callback->Call(turn.context, thisValue, 3, arguments));
  }
}

v8::Local<v8::Value> Headers::entries(js::Turn& turn) {
  return iterate(turn, *list_, [&](auto& each) {
    return pair(turn, latin1(turn, each.name), latin1(turn, each.value));
  });
}

v8::Local<v8::Value> Headers::keys(js::Turn& turn) {
  return iterate(turn, *list_, [&](auto& each) { return latin1(turn, each.name); });
}

v8::Local<v8::Value> Headers::values(js::Turn& turn) {
  return iterate(turn, *list_, [&](auto& each) { return latin1(turn, each.value); });
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
