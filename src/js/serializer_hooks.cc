#include "src/js/serializer_hooks.h"

namespace ocapd::js {

namespace {

class WriteDelegate final : public v8::ValueSerializer::Delegate {
 public:
  explicit WriteDelegate(WriteHooks& hooks) : hooks_(hooks) {}

  void ThrowDataCloneError(v8::Local<v8::String> message) override {
    hooks_.throwDataCloneError(message);
  }
  bool HasCustomHostObject(v8::Isolate*) override { return true; }
  v8::Maybe<bool> IsHostObject(v8::Isolate*, v8::Local<v8::Object> object) override {
    return hooks_.isHostObject(object);
  }
  v8::Maybe<bool> WriteHostObject(v8::Isolate*, v8::Local<v8::Object> object) override {
    return hooks_.writeHostObject(object);
  }
  v8::Maybe<uint32_t> GetSharedArrayBufferId(v8::Isolate*,
                                             v8::Local<v8::SharedArrayBuffer> buffer) override {
    return hooks_.sharedBufferId(buffer);
  }

 private:
  WriteHooks& hooks_;
};

class ReadDelegate final : public v8::ValueDeserializer::Delegate {
 public:
  explicit ReadDelegate(ReadHooks& hooks) : hooks_(hooks) {}

  v8::MaybeLocal<v8::Object> ReadHostObject(v8::Isolate*) override {
    return hooks_.readHostObject();
  }
  v8::MaybeLocal<v8::SharedArrayBuffer> GetSharedArrayBufferFromId(v8::Isolate*,
                                                                   uint32_t id) override {
    return hooks_.sharedBuffer(id);
  }

 private:
  ReadHooks& hooks_;
};

}  // namespace

std::unique_ptr<v8::ValueSerializer::Delegate> newWriteDelegate(WriteHooks& hooks) {
  return std::make_unique<WriteDelegate>(hooks);
}

std::unique_ptr<v8::ValueDeserializer::Delegate> newReadDelegate(ReadHooks& hooks) {
  return std::make_unique<ReadDelegate>(hooks);
}

}  // namespace ocapd::js
