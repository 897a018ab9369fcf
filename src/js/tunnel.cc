#include "src/js/tunnel.h"

#include <kj/debug.h>
#include <openssl/rand.h>

#include "src/js/dom_exception.h"

namespace ocapd::js {

namespace {

constexpr kj::StringPtr kPrefix = "jsg."_kj;
constexpr kj::StringPtr kRemote = "remote."_kj;
constexpr kj::StringPtr kRemoteException = "remote exception: "_kj;
// "broken.outputGateBroken; ": the actor that said this is gone.
constexpr kj::StringPtr kBroken = "broken."_kj;

// In front of what a failed assertion of the reference says.
constexpr kj::StringPtr kExpected = "expected "_kj;
constexpr kj::StringPtr kDelimiter = "; "_kj;

// Classes whose name survives; any other name becomes Error.
constexpr kj::StringPtr kKnownNames[] = {
    "Error"_kj,          "RangeError"_kj,     "TypeError"_kj,       "SyntaxError"_kj,
    "ReferenceError"_kj, "CompileError"_kj,   "LinkError"_kj,       "RuntimeError"_kj,
    "SuspendError"_kj,   "AggregateError"_kj, "SuppressedError"_kj, "URIError"_kj,
    "EvalError"_kj,      "DOMException"_kj,
};

bool beginsWithKnownName(kj::StringPtr text) {
  for (auto name : kKnownNames) {
    if (text.startsWith(name) && (text.size() == name.size() || text[name.size()] == ':')) {
      return true;
    }
  }
  return false;
}

bool hasTruthy(Turn& turn, v8::Local<v8::Value> value, kj::StringPtr property) {
  if (!value->IsObject()) return false;
  v8::Local<v8::Value> found;
  v8::TryCatch ignored(turn.v8);  // a throwing getter counts as absent
  return value.As<v8::Object>()->Get(turn.context, turn.name(property)).ToLocal(&found) &&
         found->BooleanValue(turn.v8);
}

// The string form as `String(value)` gives it; user code may run, its failure is absorbed.
kj::String textOf(Turn& turn, v8::Local<v8::Value> value) {
  v8::TryCatch ignored(turn.v8);
  v8::Local<v8::String> text;
  if (!value->ToDetailString(turn.context).ToLocal(&text)) return kj::str("Error");
  if (value->IsObject() && value->ToString(turn.context).ToLocal(&text)) return turn.utf8(text);
  return turn.utf8(text);
}

kj::String reference() {
  constexpr char kLetters[] = "0123456789abcdefghijklmnopqrstuv";
  kj::byte random[24];
  KJ_ASSERT(RAND_bytes(random, sizeof(random)) == 1);
  auto result = kj::heapString(sizeof(random));
  for (size_t i : kj::indices(random)) result[i] = kLetters[random[i] % 32];
  return result;
}

constexpr kj::StringPtr kDomPrefix = "DOMException("_kj;

v8::Local<v8::Value> errorNamed(Turn& turn, kj::StringPtr name, kj::StringPtr message) {
  if (name.startsWith(kDomPrefix) && name.endsWith(")")) {
    auto domName = kj::str(name.slice(kDomPrefix.size(), name.size() - 1));
    return newDomException(turn, domName, message);
  }
  auto text = turn.string(message);
  if (name == "TypeError") return v8::Exception::TypeError(text);
  if (name == "RangeError") return v8::Exception::RangeError(text);
  if (name == "SyntaxError") return v8::Exception::SyntaxError(text);
  if (name == "ReferenceError") return v8::Exception::ReferenceError(text);
  if (name == "CompileError") return v8::Exception::WasmCompileError(text);
  if (name == "LinkError") return v8::Exception::WasmLinkError(text);
  if (name == "RuntimeError") return v8::Exception::WasmRuntimeError(text);
  return v8::Exception::Error(text);
}

// Strips what the way here put in front.
kj::StringPtr withoutOrigin(kj::StringPtr text) {
  while (text.startsWith(kRemoteException)) text = text.slice(kRemoteException.size());
  while (text.startsWith(kRemote)) text = text.slice(kRemote.size());
  return text;
}

// And the reasons why its sender is broken.
kj::StringPtr withoutReasons(kj::StringPtr text) {
  while (text.startsWith(kBroken)) {
    auto end = KJ_UNWRAP_OR(text.findFirst(';'), { return text; });
    text = text.slice(end + 1);
    while (text.startsWith(" ")) text = text.slice(1);
  }
  return text;
}

// And the condition that failed where it came from: "expected a == b [1 == 2]; jsg.Error: …".
kj::StringPtr withoutCondition(kj::StringPtr text) {
  if (!text.startsWith(kExpected)) return text;
  for (size_t i = kExpected.size(); i + kDelimiter.size() < text.size(); ++i) {
    auto rest = text.slice(i);
    if (!rest.startsWith(kDelimiter)) continue;
    rest = rest.slice(kDelimiter.size());
    if (rest.startsWith(kPrefix)) return rest;
  }
  return text;
}

}  // namespace

kj::Maybe<kj::StringPtr> tunnelled(kj::StringPtr description) {
  auto text = withoutCondition(withoutReasons(withoutOrigin(description)));
  if (!text.startsWith(kPrefix)) return nullptr;
  return text.slice(kPrefix.size());
}

namespace {

kj::String describe(Turn& turn, v8::Local<v8::Value> thrown) {
  KJ_IF_MAYBE(parts, domExceptionParts(turn, thrown)) {
    auto text = [&](v8::Local<v8::Value> part) {
      return part->IsString() ? turn.utf8(part.As<v8::String>()) : kj::String();
    };
    return kj::str(kPrefix, "DOMException(", text(parts->name), "): ", text(parts->message));
  }
  auto text = textOf(turn, thrown);
  return beginsWithKnownName(text) ? kj::str(kPrefix, text) : kj::str(kPrefix, "Error: ", text);
}

}  // namespace

kj::Exception toKj(Turn& turn, v8::Local<v8::Value> thrown) {
  auto description = describe(turn, thrown);
  auto type = kj::Exception::Type::FAILED;
  if (hasTruthy(turn, thrown, "overloaded")) {
    type = kj::Exception::Type::OVERLOADED;
  } else if (hasTruthy(turn, thrown, "retryable")) {
    type = kj::Exception::Type::DISCONNECTED;
  }
  return kj::Exception(type, __FILE__, __LINE__, kj::mv(description));
}

v8::Local<v8::Value> toJs(Turn& turn, kj::Exception&& exception) {
  kj::StringPtr description = exception.getDescription();
  v8::Local<v8::Value> error;
  KJ_IF_MAYBE(text, tunnelled(description)) {
    auto end = text->findFirst(':');
    auto name = kj::str(end.map([&](size_t at) { return text->slice(0, at); })
                            .orDefault(kj::ArrayPtr<const char>(*text)));
    kj::StringPtr message = ""_kj;
    KJ_IF_MAYBE(at, end) {
      message = text->slice(*at + 1);
      if (message.startsWith(" ")) message = message.slice(1);
    }
    error = errorNamed(turn, name, message);
    auto origin = description;
    while (origin.startsWith(kRemoteException)) origin = origin.slice(kRemoteException.size());
    if (origin.startsWith(kRemote)) {
      turn.set(error.As<v8::Object>(), "remote", v8::True(turn.v8));
    }
  } else if (exception.getType() == kj::Exception::Type::DISCONNECTED) {
    error = v8::Exception::Error(turn.string("Network connection lost."_kj));
  } else {
    auto id = reference();
    KJ_LOG(ERROR, "internal error seen by a worker", id, exception);
    error = v8::Exception::Error(turn.string(kj::str("internal error; reference = ", id)));
  }
  if (withoutOrigin(description).startsWith(kBroken)) {
    turn.set(error.As<v8::Object>(), "durableObjectReset", v8::True(turn.v8));
  }
  if (exception.getType() == kj::Exception::Type::DISCONNECTED) {
    turn.set(error.As<v8::Object>(), "retryable", v8::True(turn.v8));
  } else if (exception.getType() == kj::Exception::Type::OVERLOADED) {
    turn.set(error.As<v8::Object>(), "overloaded", v8::True(turn.v8));
  }
  return error;
}

}  // namespace ocapd::js
