// Turn: the right to run JavaScript, for as long as this stack frame lives.
//
// A function that takes `Turn&` may run user code and collect garbage; one that does not, cannot.
// Turns are made by Isolate::run() and by the trampolines of class tables, nowhere else.
//
// Lives     on the stack; never across co_await.
// Threads   the isolate's lane.
// Errors    check() throws Thrown when V8 holds an exception.
#pragma once

#include <cppgc/allocation.h>
#include <kj/debug.h>
#include <kj/function.h>
#include <kj/string.h>
#include <v8-context.h>
#include <v8-exception.h>
#include <v8-function.h>
#include <v8-isolate.h>
#include <v8-local-handle.h>
#include <v8-primitive.h>
#include <v8-promise.h>

#include "src/js/error.h"
#include "src/js/object.h"

namespace ocapd::js {

class Isolate;

class Turn {
 public:
  explicit Turn(v8::Isolate* v8Isolate) : v8(v8Isolate), context(v8Isolate->GetCurrentContext()) {}
  KJ_DISALLOW_COPY_AND_MOVE(Turn);

  v8::Isolate* const v8;
  const v8::Local<v8::Context> context;

  // V8 data slot 0 holds the Isolate; it is set before any turn.
  Isolate& isolate() const { return *static_cast<Isolate*>(v8->GetData(0)); }

  // ---- exceptions ----

  template <typename T>
  v8::Local<T> check(v8::MaybeLocal<T> value) {
    v8::Local<T> result;
    if (!value.ToLocal(&result)) throw Thrown();
    return result;
  }
  template <typename T>
  T check(v8::Maybe<T> value) {
    if (value.IsNothing()) throw Thrown();
    return value.FromJust();
  }

  [[noreturn]] void throwValue(v8::Local<v8::Value> value) {
    v8->ThrowException(value);
    throw Thrown();
  }

  // Runs `body`; returns what it threw, if it threw. A termination passes through as Thrown.
  template <typename Body>
  kj::Maybe<v8::Local<v8::Value>> catching(Body&& body) {
    v8::TryCatch tryCatch(v8);
    try {
      body();
      return nullptr;
    } catch (...) {
      return caught(tryCatch);
    }
  }

  // For a catch (...) block at the border to V8: leaves a JavaScript exception pending.
  void rethrowToJs() noexcept;
  // The same as a value. `tryCatch` is the innermost one.
  v8::Local<v8::Value> caught(v8::TryCatch& tryCatch);

  // ---- values ----

  // A string from UTF-8; invalid sequences become U+FFFD. Throws RangeError beyond V8's limit.
  v8::Local<v8::String> string(kj::ArrayPtr<const char> utf8);
  // A string from UTF-16, as it is. Throws RangeError beyond V8's limit.
  v8::Local<v8::String> string(kj::ArrayPtr<const char16_t> utf16);
  // A property name: one shared string for each text.
  v8::Local<v8::String> name(kj::StringPtr ascii) {
    return v8::String::NewFromOneByte(v8, reinterpret_cast<const uint8_t*>(ascii.begin()),
                                      v8::NewStringType::kInternalized, int(ascii.size()))
        .ToLocalChecked();
  }
  kj::String utf8(v8::Local<v8::String> text);

  v8::Local<v8::Value> get(v8::Local<v8::Object> object, kj::StringPtr property) {
    return check(object->Get(context, name(property)));
  }
  void set(v8::Local<v8::Object> object, kj::StringPtr property, v8::Local<v8::Value> value) {
    check(object->Set(context, name(property), value));
  }
  v8::Local<v8::Value> undefined() { return v8::Undefined(v8); }

  // A function that runs `body`; the function owns it. The name is for stacks only.
  using Native = kj::Function<v8::Local<v8::Value>(Turn&, v8::Local<v8::Value> argument)>;
  v8::Local<v8::Function> function(Native body);

  // Runs one of the two once `promise` settles.
  void whenSettled(v8::Local<v8::Promise> promise, Native fulfilled, Native rejected);
  v8::Local<v8::Promise> rejected(v8::Local<v8::Value> reason);
  v8::Local<v8::Promise> resolved(v8::Local<v8::Value> value);

  // ---- native objects ----

  // Allocates a native object on the isolate's heap; JavaScript sees it once it is wrapped.
  template <typename T, typename... Parameters>
  T* make(Parameters&&... parameters) {
    return cppgc::MakeGarbageCollected<T>(allocation(), kj::fwd<Parameters>(parameters)...);
  }
  // The JavaScript face of a native object: always the same one for the same object.
  v8::Local<v8::Object> wrap(Object& object);
  // Ties a native object to the object V8 made for its constructor call.
  void adopt(v8::Local<v8::Object> wrapper, Object& object);

  // The native object behind a value, if there is one and it is of that class or a subclass.
  template <typename T>
  T* unwrap(v8::Local<v8::Value> value) {
    return static_cast<T*>(unwrapAs(value, T::kClass));
  }
  // Of whatever class.
  Object* unwrapAny(v8::Local<v8::Value> value);
  // Behind a receiver that V8 has checked against the class's signature.
  template <typename T>
  static T& receiver(v8::Isolate* isolate, v8::Local<v8::Object> holder) {
    return *static_cast<T*>(v8::Object::Unwrap<kObjectTag, Object>(isolate, holder));
  }

 private:
  cppgc::AllocationHandle& allocation();
  Object* unwrapAs(v8::Local<v8::Value> value, const Class& cls);
};

}  // namespace ocapd::js
