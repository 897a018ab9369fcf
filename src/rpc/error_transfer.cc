#include "src/rpc/error_transfer.h"

#include <v8-container.h>

#include "src/js/dom_exception.h"
#include "src/js/tunnel.h"
#include "src/rpc/serializer.h"

namespace ocapd::rpc {

namespace {

constexpr uint32_t kDomExceptionTag = 7;  // read only
constexpr uint32_t kDomExceptionV2Tag = 8;
constexpr uint32_t kNativeErrorTag = 10;

// By the order of the format; 0 is any other name.
constexpr kj::StringPtr kKinds[] = {
    ""_kj,
    "Error"_kj,
    "TypeError"_kj,
    "RangeError"_kj,
    "ReferenceError"_kj,
    "SyntaxError"_kj,
    "CompileError"_kj,
    "LinkError"_kj,
    "RuntimeError"_kj,
    "SuspendError"_kj,
    "EvalError"_kj,
    "URIError"_kj,
    "AggregateError"_kj,
    "SuppressedError"_kj,
};

v8::Local<v8::Value> constructed(js::Turn& turn, kj::StringPtr name, v8::Local<v8::Value> message) {
  auto global = turn.context->Global();
  v8::Local<v8::Value> constructor = turn.get(global, name);
  if (!constructor->IsFunction()) {
    auto wasm = turn.get(global, "WebAssembly");
    if (wasm->IsObject()) constructor = turn.get(wasm.As<v8::Object>(), name);
  }
  if (!constructor->IsFunction()) constructor = turn.get(global, "Error");
  v8::LocalVector<v8::Value> arguments(turn.v8);
  if (name == "AggregateError") arguments.push_back(v8::Array::New(turn.v8));
  if (name == "SuppressedError") {
    arguments.push_back(turn.undefined());
    arguments.push_back(turn.undefined());
  }
  arguments.push_back(message);
  return turn.check(constructor.As<v8::Function>()->NewInstance(turn.context, int(arguments.size()),
                                                                arguments.data()));
}

// The remaining own properties, also those that are not enumerable.
v8::Local<v8::Object> ownProperties(js::Turn& turn, v8::Local<v8::Object> error) {
  auto result = v8::Object::New(turn.v8);
  auto names = turn.check(error->GetOwnPropertyNames(
      turn.context, v8::PropertyFilter(v8::SKIP_SYMBOLS), v8::KeyConversionMode::kConvertToString));
  for (uint32_t i = 0; i < names->Length(); ++i) {
    auto name = turn.check(names->Get(turn.context, i));
    if (name->StrictEquals(turn.name("message")) || name->StrictEquals(turn.name("name"))) continue;
    auto value = turn.check(error->Get(turn.context, name));
    turn.check(result->CreateDataProperty(turn.context, name.As<v8::Name>(), value));
  }
  return result;
}

void writeNativeError(HostWriter& writer, v8::Local<v8::Object> error) {
  auto& turn = writer.turn();
  auto nameValue = turn.get(error, "name");
  auto name = nameValue->IsString() ? turn.utf8(nameValue.As<v8::String>()) : kj::str("Error");
  uint32_t kind = 0;
  for (uint32_t i = 1; i < kj::size(kKinds); ++i) {
    if (kKinds[i] == name) kind = i;
  }
  auto message = turn.get(error, "message");
  writer.writeUint32(kNativeErrorTag);
  writer.writeUint32(kind);
  if (kind == 0) writer.writeValue(turn.string(name));
  writer.writeValue(turn.check(message->ToString(turn.context)));
  writer.writeValue(ownProperties(turn, error));
}

v8::Local<v8::Object> readNativeError(HostReader& reader) {
  auto& turn = reader.turn();
  auto kind = reader.readUint32();
  KJ_REQUIRE(kind < kj::size(kKinds), "a serialized error is of an unknown kind", kind);
  v8::Local<v8::Value> name;
  if (kind == 0) name = reader.readValue();
  auto message = reader.readValue();
  KJ_REQUIRE(message->IsString(), "error message is not a string");
  auto error = constructed(turn, kind == 0 ? "Error"_kj : kKinds[kind], message).As<v8::Object>();
  if (kind == 0) {
    turn.check(error->DefineOwnProperty(turn.context, turn.name("name"), name, v8::DontEnum));
  }
  auto properties = reader.readValue();
  KJ_REQUIRE(properties->IsObject(), "a serialized error has no properties");
  auto names = turn.check(properties.As<v8::Object>()->GetOwnPropertyNames(turn.context));
  for (uint32_t i = 0; i < names->Length(); ++i) {
    auto each = turn.check(names->Get(turn.context, i)).As<v8::Name>();
    // The peer's stack is its own business.
    if (each->StrictEquals(turn.name("stack"))) continue;
    auto value = turn.check(properties.As<v8::Object>()->Get(turn.context, each));
    turn.check(error->CreateDataProperty(turn.context, each, value));
  }
  turn.set(error, "stack", turn.check(error->ToString(turn.context)));
  return error;
}

}  // namespace

bool writeError(HostWriter& writer, v8::Local<v8::Object> object) {
  auto& turn = writer.turn();
  KJ_IF_MAYBE(parts, js::domExceptionParts(turn, object)) {
    writer.writeUint32(kDomExceptionV2Tag);
    for (auto part : {parts->name, parts->message, parts->stack}) {
      writer.writeText(turn.utf8(turn.check(part->ToString(turn.context))));
    }
    return true;
  }
  if (!object->IsNativeError()) return false;
  writeNativeError(writer, object);
  return true;
}

kj::Maybe<v8::Local<v8::Object>> readError(HostReader& reader, uint32_t tag) {
  auto& turn = reader.turn();
  js::DomExceptionParts parts;
  switch (tag) {
    case kNativeErrorTag: return readNativeError(reader);
    case kDomExceptionV2Tag:
      for (auto* part : {&parts.name, &parts.message, &parts.stack}) {
        *part = turn.string(reader.readText());
      }
      return js::newDomException(turn, parts);
    case kDomExceptionTag: {
      parts.name = turn.string(reader.readText());
      auto value = reader.readValue();
      KJ_REQUIRE(value->IsObject(), "a serialized DOMException has no properties");
      parts.message = turn.get(value.As<v8::Object>(), "message");
      parts.stack = turn.get(value.As<v8::Object>(), "stack");
      return js::newDomException(turn, parts);
    }
    default: return nullptr;
  }
}

v8::Local<v8::Value> thrownValue(js::Turn& turn, api::IoContext& context,
                                 channel::Capability::Threw threw) {
  bool enhanced = optionsFor(turn, Options::Purpose::Error).enhancedErrors;
  auto error = js::toJs(turn, kj::cp(threw.exception));
  KJ_IF_MAYBE(message, threw.value) {
    if (enhanced) {
      v8::TryCatch ignored(turn.v8);
      try {
        Stubs stubs;
        auto value = deserialize(turn, context, kj::mv(*message), stubs);
        if (value->IsObject() && !js::isDomException(turn, value.As<v8::Object>())) {
          // What the text says of the way here holds for the value too.
          for (auto flag : {"remote", "retryable", "overloaded", "durableObjectReset"}) {
            auto given =
                error->IsObject() ? turn.get(error.As<v8::Object>(), flag) : turn.undefined();
            if (given->IsTrue()) turn.set(value.As<v8::Object>(), flag, given);
          }
          return value;
        }
      } catch (js::Thrown&) {
      } catch (js::Error&) {
      }
    }
  }
  return error;
}

}  // namespace ocapd::rpc
