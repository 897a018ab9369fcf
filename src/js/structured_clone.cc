#include "src/js/structured_clone.h"

#include <stdlib.h>

#include <v8-array-buffer.h>

#include "src/js/class.h"
#include "src/js/dom_exception.h"
#include "src/js/serializer_hooks.h"

namespace ocapd::js {

namespace {

constexpr uint32_t kDomExceptionTag = 1;

// What V8 cannot write by itself.
class Writer final : private WriteHooks {
  std::unique_ptr<v8::ValueSerializer::Delegate> delegate_;

 public:
  explicit Writer(Turn& turn)
      : delegate_(newWriteDelegate(*this)),
        serializer(turn.v8, delegate_.get()),
        sharedBuffers(turn.v8),
        turn_(turn) {}

  v8::ValueSerializer serializer;
  v8::LocalVector<v8::SharedArrayBuffer> sharedBuffers;  // tidy: local: lives in one turn

 private:
  void throwDataCloneError(v8::Local<v8::String> message) override {
    turn_.v8->ThrowException(Error::dom("DataCloneError", turn_.utf8(message)).toValue(turn_));
  }

  v8::Maybe<bool> isHostObject(v8::Local<v8::Object> object) override {
    if (object->IsApiWrapper()) return v8::Just(true);
    return v8::Just(isDomException(turn_, object));  // no JavaScript may run here
  }

  v8::Maybe<bool> writeHostObject(v8::Local<v8::Object> object) override {
    return guarded([&] {
      KJ_IF_MAYBE(parts, domExceptionParts(turn_, object)) {
        serializer.WriteUint32(kDomExceptionTag);
        for (auto part : {parts->name, parts->message, parts->stack}) {
          turn_.check(serializer.WriteValue(turn_.context, part));
        }
        return v8::Just(true);
      }
      auto* native = v8::Object::Unwrap<kObjectTag, Object>(turn_.v8, object);
      // Pinned by the reference.
      throw Error::dom("DataCloneError", "Could not serialize object of type \"",
                       native == nullptr ? "Object" : native->jsClass().name,
                       "\". This type does not support serialization.");
    });
  }

  v8::Maybe<uint32_t> sharedBufferId(v8::Local<v8::SharedArrayBuffer> buffer) override {
    for (size_t i = 0; i < sharedBuffers.size(); ++i) {
      if (sharedBuffers[i] == buffer) return v8::Just(uint32_t(i));
    }
    sharedBuffers.push_back(buffer);
    return v8::Just(uint32_t(sharedBuffers.size() - 1));
  }

  // V8 is not to see C++ exceptions.
  template <typename Body>
  v8::Maybe<bool> guarded(Body&& body) noexcept {
    try {
      return body();
    } catch (...) {
      turn_.rethrowToJs();
      return v8::Nothing<bool>();
    }
  }

  Turn& turn_;
};

class Reader final : private ReadHooks {
  std::unique_ptr<v8::ValueDeserializer::Delegate> delegate_;

 public:
  Reader(Turn& turn, kj::ArrayPtr<const uint8_t> data,
         const v8::LocalVector<v8::SharedArrayBuffer>& sharedBuffers)
      : delegate_(newReadDelegate(*this)),
        deserializer(turn.v8, data.begin(), data.size(), delegate_.get()),
        turn_(turn),
        sharedBuffers_(sharedBuffers) {}

  v8::ValueDeserializer deserializer;

 private:
  v8::MaybeLocal<v8::Object> readHostObject() override {
    // V8 forbids it while reading; DOMException's constructor is ours and touches nothing else.
    v8::Isolate::AllowJavascriptExecutionScope allowed(turn_.v8);
    try {
      uint32_t tag = 0;
      KJ_ASSERT(deserializer.ReadUint32(&tag) && tag == kDomExceptionTag);
      DomExceptionParts parts;
      for (auto* part : {&parts.name, &parts.message, &parts.stack}) {
        *part = turn_.check(deserializer.ReadValue(turn_.context));
      }
      return newDomException(turn_, parts);
    } catch (...) {
      turn_.rethrowToJs();
      return {};
    }
  }

  v8::MaybeLocal<v8::SharedArrayBuffer> sharedBuffer(uint32_t id) override {
    return v8::SharedArrayBuffer::New(turn_.v8, sharedBuffers_[id]->GetBackingStore());
  }

  Turn& turn_;
  const v8::LocalVector<v8::SharedArrayBuffer>& sharedBuffers_;
};

}  // namespace

v8::Local<v8::Value> structuredClone(Turn& turn, v8::Local<v8::Value> value,
                                     const v8::LocalVector<v8::Object>& transfer) {
  // What is no object cannot be changed by its copy's holder.
  if (!value->IsObject() && !value->IsSymbol() && transfer.empty()) return value;

  // StructuredSerializeWithTransfer, steps 1 and 2
  v8::LocalVector<v8::ArrayBuffer> buffers(turn.v8);
  Writer writer(turn);
  for (auto object : transfer) {
    if (!object->IsArrayBuffer()) throw Error::type("Object is not transferable");
    auto buffer = object.As<v8::ArrayBuffer>();
    for (auto earlier : buffers) {
      if (earlier == buffer)
        throw Error::dom("DataCloneError",
                         "An ArrayBuffer is transferred "
                         "twice.");
    }
    if (buffer->WasDetached() || !buffer->IsDetachable()) {
      throw Error::dom("DataCloneError", "An ArrayBuffer is detached and could not be cloned.");
    }
    writer.serializer.TransferArrayBuffer(uint32_t(buffers.size()), buffer);
    buffers.push_back(buffer);
  }
  writer.serializer.WriteHeader();
  turn.check(writer.serializer.WriteValue(turn.context, value));
  auto [data, size] = writer.serializer.Release();
  KJ_DEFER(free(data));

  // 5: a getter may have detached one meanwhile.
  Reader reader(turn, kj::arrayPtr(data, size), writer.sharedBuffers);
  for (size_t i = 0; i < buffers.size(); ++i) {
    auto store = buffers[i]->GetBackingStore();
    turn.check(buffers[i]->Detach(v8::Local<v8::Value>()));
    reader.deserializer.TransferArrayBuffer(uint32_t(i),
                                            v8::ArrayBuffer::New(turn.v8, kj::mv(store)));
  }
  turn.check(reader.deserializer.ReadHeader(turn.context));
  return turn.check(reader.deserializer.ReadValue(turn.context));
}

kj::Array<kj::byte> serialize(Turn& turn, v8::Local<v8::Value> value) {
  Writer writer(turn);
  writer.serializer.WriteHeader();
  turn.check(writer.serializer.WriteValue(turn.context, value));
  if (!writer.sharedBuffers.empty()) {
    throw Error::dom("DataCloneError", "A SharedArrayBuffer could not be serialized.");
  }
  auto [data, size] = writer.serializer.Release();
  KJ_DEFER(free(data));
  return kj::heapArray<kj::byte>(data, size);
}

v8::Local<v8::Value> deserialize(Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  v8::LocalVector<v8::SharedArrayBuffer> none(turn.v8);
  Reader reader(turn, bytes, none);
  turn.check(reader.deserializer.ReadHeader(turn.context));
  return turn.check(reader.deserializer.ReadValue(turn.context));
}

}  // namespace ocapd::js
