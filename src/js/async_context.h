// AsyncContextFrame: the values of AsyncLocalStorage that hold where a callback was handed over.
//
// V8 keeps the current frame and carries it through promises, await and microtasks; what calls a
// function later by itself, such as a timer, captures it and enters it for the call.
//
// Owns      a reference to the frame, an opaque value that nobody changes.
// Threads   the isolate's lane.
#pragma once

#include <v8-isolate.h>
#include <v8-persistent-handle.h>

namespace ocapd::js {

class AsyncContextFrame {
 public:
  // The frame of now.
  static AsyncContextFrame capture(v8::Isolate* isolate);

  // Makes a frame the current one for as long as it lives.
  class Scope {
   public:
    Scope(v8::Isolate* isolate, const AsyncContextFrame& frame);
    ~Scope() noexcept;
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    v8::Isolate* isolate_;
    v8::Local<v8::Value> before_;  // tidy: local: lives on the stack
  };

 private:
  v8::Global<v8::Value> frame_;  // empty: no frame
};

}  // namespace ocapd::js
