#include "src/js/structured_clone.h"

#include <stdlib.h>

#include <kj/vector.h>
#include <v8-array-buffer.h>
#include <v8-persistent-handle.h>

#include "src/js/class.h"
#include "src/js/dom_exception.h"
#include "src/js/serializer_hooks.h"

namespace ocapd::js {

namespace {

constexpr uint32_t kDomExceptionTag = 1;
constexpr uint32_t kCopyTag = 2;  // followed by its index

v8::Local<v8::Private> builtInMark(v8::Isolate* isolate) {
  return v8::Private::ForApi(
      isolate,
      v8::String::NewFromUtf8Literal(isolate, "ocapd:built-in", v8::NewStringType::kInternalized));
}

// The name of the built-in class an object is made of; empty if there is none. Runs no JavaScript.
v8::Local<v8::String> builtInName(Turn& turn, v8::Local<v8::Object> object) {
  auto mark = builtInMark(turn.v8);
  for (auto each = object->GetPrototypeV2(); each->IsObject() && !each->IsProxy();
       each = each.As<v8::Object>()->GetPrototypeV2()) {
    auto prototype = each.As<v8::Object>();
    if (!prototype->HasPrivate(turn.context, mark).FromMaybe(false)) continue;
    return turn.check(prototype->GetPrivate(turn.context, mark)).As<v8::String>();
  }
  return {};
}

// What V8 cannot write by itself.
class Writer final : private WriteHooks {
  std::unique_ptr<v8::ValueSerializer::Delegate> delegate_;

 public:
  Writer(Turn& turn, std::span<const Cloneable> cloneables)
      : delegate_(newWriteDelegate(*this)),
        serializer(turn.v8, delegate_.get()),
        sharedBuffers(turn.v8),
        turn_(turn),
        cloneables_(cloneables) {}

  v8::ValueSerializer serializer;
  v8::LocalVector<v8::SharedArrayBuffer> sharedBuffers;  // tidy: local: lives in one turn
  kj::Vector<v8::Global<v8::Object>> copies;             // beyond the serializer's own handles

 private:
  void throwDataCloneError(v8::Local<v8::String> message) override {
    turn_.v8->ThrowException(Error::dom("DataCloneError", turn_.utf8(message)).toValue(turn_));
  }

  v8::Maybe<bool> isHostObject(v8::Local<v8::Object> object) override {
    if (object->IsApiWrapper()) return v8::Just(true);
    // No JavaScript may run here.
    return v8::Just(isDomException(turn_, object) || !builtInName(turn_, object).IsEmpty());
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
      kj::String name = kj::str("Object");
      if (object->IsApiWrapper()) {
        if (auto* native = v8::Object::Unwrap<kObjectTag, Object>(turn_.v8, object)) {
          if (writeCopy(*native)) return v8::Just(true);
          name = kj::str(native->jsClass().name);
        }
      } else {
        name = turn_.utf8(builtInName(turn_, object));
      }
      // Pinned by the reference.
      if (name == "ReadableStream" || name == "WritableStream") {
        throw Error::dom("DataCloneError", name, " can only be serialized for RPC.");
      }
      throw Error::dom("DataCloneError", "Could not serialize object of type \"", name,
                       "\". This type does not support serialization.");
    });
  }

  bool writeCopy(Object& native) {
    for (auto& each : cloneables_) {
      if (&native.jsClass() != &each.cls) continue;
      serializer.WriteUint32(kCopyTag);
      serializer.WriteUint32(uint32_t(copies.size()));
      copies.add(turn_.v8, turn_.wrap(*each.copy(turn_, native)));
      return true;
    }
    return false;
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
  std::span<const Cloneable> cloneables_;
};

class Reader final : private ReadHooks {
  std::unique_ptr<v8::ValueDeserializer::Delegate> delegate_;

 public:
  Reader(Turn& turn, kj::ArrayPtr<const uint8_t> data,
         const v8::LocalVector<v8::SharedArrayBuffer>& sharedBuffers,
         kj::ArrayPtr<v8::Global<v8::Object>> copies)
      : delegate_(newReadDelegate(*this)),
        deserializer(turn.v8, data.begin(), data.size(), delegate_.get()),
        turn_(turn),
        sharedBuffers_(sharedBuffers),
        copies_(copies) {}

  v8::ValueDeserializer deserializer;

 private:
  v8::MaybeLocal<v8::Object> readHostObject() override {
    // V8 forbids it while reading; DOMException's constructor is ours and touches nothing else.
    v8::Isolate::AllowJavascriptExecutionScope allowed(turn_.v8);
    try {
      uint32_t tag = 0;
      KJ_ASSERT(deserializer.ReadUint32(&tag));
      if (tag == kCopyTag) {
        uint32_t index = 0;
        KJ_ASSERT(deserializer.ReadUint32(&index) && index < copies_.size());
        return copies_[index].Get(turn_.v8);
      }
      KJ_ASSERT(tag == kDomExceptionTag);
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
  kj::ArrayPtr<v8::Global<v8::Object>> copies_;
};

}  // namespace

void markBuiltIn(Turn& turn, v8::Local<v8::Object> prototype, v8::Local<v8::String> name) {
  turn.check(prototype->SetPrivate(turn.context, builtInMark(turn.v8), name));
}

v8::Local<v8::Value> structuredClone(Turn& turn, v8::Local<v8::Value> value,
                                     const v8::LocalVector<v8::Object>& transfer,
                                     std::span<const Cloneable> cloneables) {
  // What is no object cannot be changed by its copy's holder.
  if (!value->IsObject() && !value->IsSymbol() && transfer.empty()) return value;

  // StructuredSerializeWithTransfer, steps 1 and 2
  v8::LocalVector<v8::ArrayBuffer> buffers(turn.v8);
  Writer writer(turn, cloneables);
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
  Reader reader(turn, kj::arrayPtr(data, size), writer.sharedBuffers, writer.copies);
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
  Writer writer(turn, {});
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
  Reader reader(turn, bytes, none, nullptr);
  turn.check(reader.deserializer.ReadHeader(turn.context));
  return turn.check(reader.deserializer.ReadValue(turn.context));
}

}  // namespace ocapd::js
