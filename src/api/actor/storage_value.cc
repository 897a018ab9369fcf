#include "src/api/actor/storage_value.h"

#include <stdlib.h>

#include <kj/debug.h>
#include <kj/vector.h>

#include "src/js/class.h"
#include "src/js/serializer_hooks.h"

namespace ocapd::api {

namespace {

constexpr kj::byte kHeader = 0xff;
constexpr kj::byte kHeaderlessVersion = 13;

class Writer final : private js::WriteHooks {
  std::unique_ptr<v8::ValueSerializer::Delegate> delegate_;

 public:
  explicit Writer(js::Turn& turn)
      : delegate_(js::newWriteDelegate(*this)), serializer(turn.v8, delegate_.get()), turn_(turn) {}

  v8::ValueSerializer serializer;

 private:
  void throwDataCloneError(v8::Local<v8::String> message) override {
    turn_.v8->ThrowException(js::Error::dom("DataCloneError", turn_.utf8(message)).toValue(turn_));
  }
  v8::Maybe<bool> isHostObject(v8::Local<v8::Object> object) override {
    return v8::Just(object->IsApiWrapper());
  }
  v8::Maybe<bool> writeHostObject(v8::Local<v8::Object> object) override {
    auto* native = turn_.unwrapAny(object);
    // Pinned by the reference.
    auto error = js::Error::dom("DataCloneError", "Could not serialize object of type \"",
                                native == nullptr ? "Object" : native->jsClass().name,
                                "\". This type does not support serialization.");
    turn_.v8->ThrowException(error.toValue(turn_));
    return v8::Nothing<bool>();
  }
  v8::Maybe<uint32_t> sharedBufferId(v8::Local<v8::SharedArrayBuffer>) override {
    throwDataCloneError(turn_.string("#<SharedArrayBuffer> could not be cloned."_kj));
    return v8::Nothing<uint32_t>();
  }

  js::Turn& turn_;
};

class Reader final : private js::ReadHooks {
  std::unique_ptr<v8::ValueDeserializer::Delegate> delegate_;

 public:
  Reader(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes)
      : delegate_(js::newReadDelegate(*this)),
        deserializer(turn.v8, bytes.begin(), bytes.size(), delegate_.get()),
        turn_(turn) {}

  v8::ValueDeserializer deserializer;

 private:
  v8::MaybeLocal<v8::Object> readHostObject() override {
    auto error = js::Error::dom("DataCloneError",
                                "The stored value holds an object of a kind that ocapd cannot "
                                "read yet.");
    turn_.v8->ThrowException(error.toValue(turn_));
    return {};
  }
  v8::MaybeLocal<v8::SharedArrayBuffer> sharedBuffer(uint32_t) override { return {}; }

  js::Turn& turn_;
};

}  // namespace

void serializeForStorage(js::Turn& turn, v8::Local<v8::Value> value,
                         kj::FunctionParam<void(kj::ArrayPtr<const kj::byte>)> use) {
  Writer writer(turn);
  writer.serializer.WriteHeader();
  turn.check(writer.serializer.WriteValue(turn.context, value));
  auto [data, size] = writer.serializer.Release();
  KJ_DEFER(free(data));
  use(kj::arrayPtr(data, size));
}

v8::Local<v8::Value> deserializeFromStorage(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  if (bytes.size() == 0 || bytes[0] != kHeader) {
    kj::Vector<kj::byte> whole(bytes.size() + 2);
    whole.add(kHeader);
    whole.add(kHeaderlessVersion);
    whole.addAll(bytes);
    return deserializeFromStorage(turn, whole);
  }
  Reader reader(turn, bytes);
  turn.check(reader.deserializer.ReadHeader(turn.context));
  return turn.check(reader.deserializer.ReadValue(turn.context));
}

}  // namespace ocapd::api
