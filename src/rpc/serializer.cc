#include "src/rpc/serializer.h"

#include <stdlib.h>

#include "src/api/io/worker_host.h"
#include "src/js/dom_exception.h"
#include "src/js/isolate.h"
#include "src/js/serializer_hooks.h"
#include "src/rpc/error_transfer.h"
#include "src/rpc/hosted_object.h"
#include "src/rpc/reference.h"
#include "src/rpc/rpc_script.h"
#include "src/rpc/visibility.h"

namespace ocapd::rpc {

namespace {

// TODO(#5): tags 9 (AbortSignal), 12 (actor class), 15 (Blob), 16 (socket), 17 (wrapped binding).
constexpr uint32_t kStubTag = 1;

class FreeDisposer final : public kj::ArrayDisposer {
 public:
  void disposeImpl(void* first, size_t, size_t, size_t, void (*)(void*)) const override {
    free(first);
  }
};
constexpr FreeDisposer kFreeDisposer;

kj::ArrayPtr<const HostType> hostTypes(js::Turn& turn) {
  return api::WorkerHost::of(turn).hostTypes();
}

class Writer final : public HostWriter, private js::WriteHooks {
  std::unique_ptr<v8::ValueSerializer::Delegate> delegate_;

 public:
  Writer(js::Turn& turn, api::IoContext& context, const Options& options, Stubs& transferred)
      : delegate_(js::newWriteDelegate(*this)),
        serializer_(turn.v8, delegate_.get()),
        turn_(turn),
        objectPrototype_(objectPrototype(turn)),
        context_(context),
        options_(options),
        transferred_(transferred) {}

  channel::Message write(v8::Local<v8::Value> value) {
    serializer_.WriteHeader();
    turn_.check(serializer_.WriteValue(turn_.context, value));
    auto [data, size] = serializer_.Release();
    kj::Array<const kj::byte> bytes(data, size, kFreeDisposer);
    if (size > kMessageBytesMax) {
      throw js::Error::plain(
          "Serialized RPC arguments or return values are limited to 32MiB, but the size of this "
          "value was: ",
          size, " bytes.");
    }
    return {kj::mv(bytes), externals_.releaseAsArray()};
  }

  js::Turn& turn() override { return turn_; }
  api::IoContext& context() override { return context_; }
  const Options& options() const override { return options_; }
  void writeUint32(uint32_t value) override { serializer_.WriteUint32(value); }
  void writeText(kj::StringPtr utf8) override { writeBytes(utf8.asBytes()); }
  void writeBytes(kj::ArrayPtr<const kj::byte> bytes) override {
    serializer_.WriteUint32(uint32_t(bytes.size()));
    serializer_.WriteRawBytes(bytes.begin(), bytes.size());
  }
  void writeValue(v8::Local<v8::Value> value) override {
    turn_.check(serializer_.WriteValue(turn_.context, value));
  }
  void addExternal(channel::External external) override { externals_.add(kj::mv(external)); }

 private:
  void throwDataCloneError(v8::Local<v8::String> message) override {
    turn_.v8->ThrowException(js::Error::dom("DataCloneError", turn_.utf8(message)).toValue(turn_));
  }

  // No JavaScript may run here.
  v8::Maybe<bool> isHostObject(v8::Local<v8::Object> object) override {
    if (object->IsApiWrapper()) return v8::Just(true);
    if (object->IsNativeError()) {
      return v8::Just(options_.enhancedErrors || js::isDomException(turn_, object));
    }
    // Whatever else is no plain object has to be known, or is refused.
    return v8::Just(!(object->GetPrototypeV2() == objectPrototype_));
  }

  v8::Maybe<bool> writeHostObject(v8::Local<v8::Object> object) override {
    try {
      writeHost(object);
      return v8::Just(true);
    } catch (...) {
      turn_.rethrowToJs();
      return v8::Nothing<bool>();
    }
  }

  v8::Maybe<uint32_t> sharedBufferId(v8::Local<v8::SharedArrayBuffer>) override {
    turn_.v8->ThrowException(
        js::Error::dom("DataCloneError", "#<SharedArrayBuffer> could not be cloned.")
            .toValue(turn_));
    return v8::Nothing<uint32_t>();
  }

  void writeHost(v8::Local<v8::Object> object) {
    if (auto* native = turn_.unwrapAny(object)) {
      if (auto* reference = dynamic_cast<Reference*>(native)) {
        return writeReference(reference->target(turn_));
      }
      bool isStub = dynamic_cast<RpcStub*>(native) != nullptr;
      bool isTarget = dynamic_cast<RpcTarget*>(native) != nullptr;
      if (options_.purpose == Options::Purpose::Props) refuseReferences(isStub, isTarget);
      if (isStub) return writeStub(*static_cast<RpcStub*>(native));
      if (isTarget) return writeTarget(object);
    }
    if (writeError(*this, object)) return;
    for (auto& type : hostTypes(turn_)) {
      if (!type.matches(turn_, object)) continue;
      serializer_.WriteUint32(type.tag);
      return type.write(*this, object);
    }
    throw js::Error::dom("DataCloneError", "Could not serialize object of type \"",
                         turn_.utf8(object->GetConstructorName()),
                         "\". This type does not support serialization.");
  }

  // Texts pinned by the reference.
  static void refuseReferences(bool isStub, bool isTarget) {
    if (isTarget) {
      throw js::Error::dom("DataCloneError",
                           "Remote RPC references can only be serialized for RPC.");
    }
    if (isStub) {
      throw js::Error::dom("DataCloneError",
                           "RpcStub cannot be serialized in this context because it is not a "
                           "persistent stub.");
    }
  }

  void writeCapability(kj::Own<channel::Capability> capability) {
    serializer_.WriteUint32(kStubTag);
    externals_.add(kj::mv(capability));
  }

  void writeStub(RpcStub& stub) {
    writeCapability(shareInSession(context_, stub.share(turn_)));
    bool moves = options_.purpose == Options::Purpose::Result ||
                 (options_.purpose == Options::Purpose::Arguments && !options_.duplicateStubs);
    if (moves) transferred_.emplace_back(&stub);
  }

  // What a function, a Proxy, or a stub that is called like one stands for.
  void writeReference(v8::Local<v8::Object> target) {
    if (auto* native = turn_.unwrapAny(target)) {
      if (auto* stub = dynamic_cast<RpcStub*>(native)) return writeStub(*stub);
      for (auto& type : hostTypes(turn_)) {
        if (!type.matches(turn_, target)) continue;
        serializer_.WriteUint32(type.tag);
        return type.write(*this, target);
      }
      throw js::Error::dom("DataCloneError", "Could not serialize object of type \"",
                           turn_.utf8(target->GetConstructorName()),
                           "\". This type does not support serialization.");
    }
    if (target->IsProxy() && modeOf(turn_, target) == Mode::None) {
      throw js::Error::dom("DataCloneError",
                           "Proxy could not be serialized because it is not a valid RPC receiver "
                           "type. The Proxy must emulate either a plain object or an RpcTarget, as "
                           "indicated by the Proxy's prototype chain.");
    }
    writeTarget(target);
  }

  void writeTarget(v8::Local<v8::Object> target) {
    if (options_.purpose == Options::Purpose::Arguments && options_.duplicateStubs) {
      target = duplicateForSending(turn_, target);
    }
    writeCapability(host(turn_, context_, target));
  }

  v8::ValueSerializer serializer_;
  js::Turn& turn_;
  v8::Local<v8::Value> objectPrototype_;  // tidy: local: lives in one turn
  api::IoContext& context_;
  const Options& options_;
  Stubs& transferred_;
  kj::Vector<channel::External> externals_;
};

class Reader final : public HostReader, private js::ReadHooks {
  std::unique_ptr<v8::ValueDeserializer::Delegate> delegate_;

 public:
  Reader(js::Turn& turn, api::IoContext& context, channel::Message& message, Stubs& received)
      : delegate_(js::newReadDelegate(*this)),
        deserializer_(turn.v8, message.data.begin(), message.data.size(), delegate_.get()),
        turn_(turn),
        context_(context),
        externals_(message.externals),
        received_(received) {}

  v8::Local<v8::Value> read() {
    turn_.check(deserializer_.ReadHeader(turn_.context));
    auto value = turn_.check(deserializer_.ReadValue(turn_.context));
    KJ_REQUIRE(next_ == externals_.size(), "deserialization did not consume all of the externals");
    return value;
  }

  js::Turn& turn() override { return turn_; }
  api::IoContext& context() override { return context_; }
  uint32_t readUint32() override {
    uint32_t value = 0;
    KJ_REQUIRE(deserializer_.ReadUint32(&value), "a serialized value ends too early");
    return value;
  }
  kj::String readText() override {
    auto bytes = readRaw();
    return kj::heapString(bytes.asChars());
  }
  kj::Array<kj::byte> readBytes() override { return kj::heapArray<kj::byte>(readRaw()); }
  v8::Local<v8::Value> readValue() override {
    return turn_.check(deserializer_.ReadValue(turn_.context));
  }
  channel::External takeExternal() override {
    KJ_REQUIRE(next_ < externals_.size(), "a serialized value has fewer externals than it names");
    return kj::mv(externals_[next_++]);
  }

 private:
  kj::ArrayPtr<const kj::byte> readRaw() {
    uint32_t size = readUint32();
    const void* data = nullptr;
    KJ_REQUIRE(deserializer_.ReadRawBytes(size, &data), "a serialized value ends too early");
    return kj::arrayPtr(static_cast<const kj::byte*>(data), size);
  }

  v8::MaybeLocal<v8::Object> readHostObject() override {
    // V8 forbids it while reading; what runs here is ours.
    v8::Isolate::AllowJavascriptExecutionScope allowed(turn_.v8);
    try {
      return readHost();
    } catch (...) {
      turn_.rethrowToJs();
      return {};
    }
  }

  v8::MaybeLocal<v8::SharedArrayBuffer> sharedBuffer(uint32_t) override { return {}; }

  v8::Local<v8::Object> readHost() {
    auto tag = readUint32();
    if (tag == kStubTag) {
      auto external = takeExternal();
      KJ_REQUIRE(external.is<kj::Own<channel::Capability>>(),
                 "external table slot type doesn't match serialization tag");
      auto* stub = turn_.make<RpcStub>(
          turn_, shareInSession(context_, kj::mv(external.get<kj::Own<channel::Capability>>())));
      received_.emplace_back(stub);
      return turn_.wrap(*stub);
    }
    KJ_IF_MAYBE(error, readError(*this, tag)) {
      return *error;
    }
    for (auto& type : hostTypes(turn_)) {
      if (type.tag == tag) return type.read(*this);
    }
    KJ_FAIL_REQUIRE("a serialized value has a host object of an unknown kind", tag);
  }

  v8::ValueDeserializer deserializer_;
  js::Turn& turn_;
  api::IoContext& context_;
  kj::ArrayPtr<channel::External> externals_;
  size_t next_ = 0;
  Stubs& received_;
};

}  // namespace

Options optionsFor(js::Turn& turn, Options::Purpose purpose) {
  using Flag = compat::CompatFlag;
  auto& host = api::WorkerHost::of(turn);
  return {purpose, host.has(Flag::RpcParamsDupStubs), host.has(Flag::EnhancedErrorSerialization)};
}

channel::Message serialize(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> value,
                           const Options& options, Stubs& transferred) {
  // Props hold no references: what V8 refuses is to be refused.
  bool refers = options.purpose != Options::Purpose::Props;
  if (refers && value->IsObject()) value = callScript(turn, "prepare", {value});
  return Writer(turn, context, options, transferred).write(value);
}

v8::Local<v8::Value> deserialize(js::Turn& turn, api::IoContext& context, channel::Message message,
                                 Stubs& received) {
  return Reader(turn, context, message, received).read();
}

}  // namespace ocapd::rpc
