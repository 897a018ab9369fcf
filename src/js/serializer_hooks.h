// V8's serializer delegates as interfaces of ours.
//
// libnode has no type information for V8's classes, so whatever derives from one with functions of
// its own is compiled without it: serializer_hooks.cc, and nothing else.
//
// Owns      a delegate owns nothing; hooks and delegate live as long as the serializer.
// Errors    a hook that gives Nothing or nothing has left an exception pending; none throws.
#pragma once

#include <memory>

#include <v8-value-serializer.h>

namespace ocapd::js {

class WriteHooks {
 public:
  virtual void throwDataCloneError(v8::Local<v8::String> message) = 0;
  // Asked for each object that is none of the language's own kinds.
  virtual v8::Maybe<bool> isHostObject(v8::Local<v8::Object> object) = 0;
  virtual v8::Maybe<bool> writeHostObject(v8::Local<v8::Object> object) = 0;
  virtual v8::Maybe<uint32_t> sharedBufferId(v8::Local<v8::SharedArrayBuffer> buffer) = 0;
};

class ReadHooks {
 public:
  virtual v8::MaybeLocal<v8::Object> readHostObject() = 0;
  virtual v8::MaybeLocal<v8::SharedArrayBuffer> sharedBuffer(uint32_t id) = 0;
};

std::unique_ptr<v8::ValueSerializer::Delegate> newWriteDelegate(WriteHooks& hooks);
std::unique_ptr<v8::ValueDeserializer::Delegate> newReadDelegate(ReadHooks& hooks);

}  // namespace ocapd::js
