// Convert<T>: how a C++ type crosses to and from JavaScript, by Web IDL's rules.
//
// from() may run user code (toString, valueOf, getters) and throws TypeMismatch when the value
// cannot become a T; the trampoline adds which parameter of which function. to() never runs user
// code. A type without a specialization fails to compile in one line at `Convertible`.
//
// See       https://webidl.spec.whatwg.org/#js-type-mapping
#pragma once

#include <kj/array.h>
#include <kj/one-of.h>
#include <kj/string.h>

#include <concepts>
#include <string>
#include <string_view>

#include <v8-typed-array.h>

#include "src/js/turn.h"

namespace ocapd::js {

// Thrown by Convert<T>::from; `expected` is the name of the type in the message.
struct TypeMismatch {
  const char* expected;
};

// Text without lone surrogates (Web IDL USVString), as UTF-8. kj::String converts the same way; the
// two differ in the name that messages give them.
struct UsvString {
  kj::String text;

  operator std::string_view() const { return {text.begin(), text.size()}; }
};

// A promise returned to JavaScript; a function returning it rejects instead of throwing.
using Promise = v8::Local<v8::Promise>;

// Bytes of an ArrayBuffer or a view, where they lie now. Invalid after anything that takes a Turn.
struct BufferSource {
  kj::ArrayPtr<kj::byte> bytes;
};

// The same, of shared memory too (Web IDL [AllowShared] BufferSource). What lies there now is asked
// for when it is needed: converting later parameters may detach the buffer.
class SharedBufferSource {
 public:
  explicit SharedBufferSource(v8::Local<v8::Value> value) : value_(value) {}
  kj::ArrayPtr<kj::byte> bytes() const;

 private:
  v8::Local<v8::Value> value_;  // tidy: local: a parameter, never kept beyond the call
};

template <typename T>
struct Convert;

template <typename T>
concept Convertible = requires(Turn& turn, v8::Local<v8::Value> value) {
  { Convert<T>::from(turn, value) };
};

template <>
struct Convert<bool> {
  static constexpr const char* kName = "boolean";
  static bool from(Turn& turn, v8::Local<v8::Value> value) { return value->BooleanValue(turn.v8); }
  static v8::Local<v8::Value> to(Turn& turn, bool value) {
    return v8::Boolean::New(turn.v8, value);
  }
};

template <>
struct Convert<double> {
  static constexpr const char* kName = "number";
  static double from(Turn& turn, v8::Local<v8::Value> value) {
    return turn.check(value->NumberValue(turn.context));
  }
  static v8::Local<v8::Value> to(Turn& turn, double value) {
    return v8::Number::New(turn.v8, value);
  }
};

template <>
struct Convert<int32_t> {
  static constexpr const char* kName = "number";
  static int32_t from(Turn& turn, v8::Local<v8::Value> value) {
    return turn.check(value->Int32Value(turn.context));
  }
  static v8::Local<v8::Value> to(Turn& turn, int32_t value) {
    return v8::Integer::New(turn.v8, value);
  }
};

template <>
struct Convert<uint32_t> {
  static constexpr const char* kName = "number";
  static uint32_t from(Turn& turn, v8::Local<v8::Value> value) {
    return turn.check(value->Uint32Value(turn.context));
  }
  static v8::Local<v8::Value> to(Turn& turn, uint32_t value) {
    return v8::Integer::NewFromUnsigned(turn.v8, value);
  }
};

// USVString: lone surrogates become U+FFFD.
template <>
struct Convert<kj::String> {
  static constexpr const char* kName = "string";
  static kj::String from(Turn& turn, v8::Local<v8::Value> value) {
    if (value->IsString()) return turn.utf8(value.As<v8::String>());
    return turn.utf8(turn.check(value->ToString(turn.context)));
  }
  static v8::Local<v8::Value> to(Turn& turn, const kj::String& value) { return turn.string(value); }
};

template <>
struct Convert<kj::StringPtr> {
  static v8::Local<v8::Value> to(Turn& turn, kj::StringPtr value) { return turn.string(value); }
};

template <>
struct Convert<std::string_view> {
  static v8::Local<v8::Value> to(Turn& turn, std::string_view value) {
    return turn.string(kj::arrayPtr(value.data(), value.size()));
  }
};

template <>
struct Convert<std::string> {
  static v8::Local<v8::Value> to(Turn& turn, const std::string& value) {
    return Convert<std::string_view>::to(turn, value);
  }
};

template <>
struct Convert<UsvString> {
  static constexpr const char* kName = "USVString";
  static UsvString from(Turn& turn, v8::Local<v8::Value> value) {
    return {Convert<kj::String>::from(turn, value)};
  }
};

template <>
struct Convert<BufferSource> {
  static constexpr const char* kName = "ArrayBuffer or ArrayBufferView";
  static BufferSource from(Turn& turn, v8::Local<v8::Value> value);
};

template <>
struct Convert<SharedBufferSource> {
  static constexpr const char* kName = "ArrayBuffer or ArrayBufferView";
  static SharedBufferSource from(Turn&, v8::Local<v8::Value> value) {
    if (!value->IsArrayBufferView() && !value->IsArrayBuffer() && !value->IsSharedArrayBuffer()) {
      throw TypeMismatch{kName};
    }
    return SharedBufferSource(value);
  }
};

// `any`, and V8's own types for what has no C++ counterpart.
template <>
struct Convert<v8::Local<v8::Value>> {
  static constexpr const char* kName = "any";
  static v8::Local<v8::Value> from(Turn&, v8::Local<v8::Value> value) { return value; }
  static v8::Local<v8::Value> to(Turn&, v8::Local<v8::Value> value) { return value; }
};
// Web IDL DOMString.
template <>
struct Convert<v8::Local<v8::String>> {
  static constexpr const char* kName = "string";
  static v8::Local<v8::String> from(Turn& turn, v8::Local<v8::Value> value) {
    if (value->IsString()) return value.As<v8::String>();
    return turn.check(value->ToString(turn.context));
  }
  static v8::Local<v8::Value> to(Turn&, v8::Local<v8::String> value) { return value; }
};
template <>
struct Convert<v8::Local<v8::Uint8Array>> {
  static constexpr const char* kName = "Uint8Array";
  static v8::Local<v8::Uint8Array> from(Turn&, v8::Local<v8::Value> value) {
    if (!value->IsUint8Array()) throw TypeMismatch{kName};
    return value.As<v8::Uint8Array>();
  }
  static v8::Local<v8::Value> to(Turn&, v8::Local<v8::Uint8Array> value) { return value; }
};
template <>
struct Convert<v8::Local<v8::Function>> {
  static constexpr const char* kName = "function";
  static v8::Local<v8::Function> from(Turn&, v8::Local<v8::Value> value) {
    if (!value->IsFunction()) throw TypeMismatch{kName};
    return value.As<v8::Function>();
  }
  static v8::Local<v8::Value> to(Turn&, v8::Local<v8::Function> value) { return value; }
};
template <>
struct Convert<v8::Local<v8::Object>> {
  static constexpr const char* kName = "object";
  static v8::Local<v8::Object> from(Turn&, v8::Local<v8::Value> value) {
    if (!value->IsObject()) throw TypeMismatch{kName};
    return value.As<v8::Object>();
  }
  static v8::Local<v8::Value> to(Turn&, v8::Local<v8::Object> value) { return value; }
};
template <>
struct Convert<Promise> {
  static v8::Local<v8::Value> to(Turn&, Promise value) { return value; }
};

// Optional: undefined is none. As a result, none is null unless Undefinable says otherwise.
template <typename T>
struct Convert<kj::Maybe<T>> {
  static constexpr const char* kName = Convert<T>::kName;
  static kj::Maybe<T> from(Turn& turn, v8::Local<v8::Value> value) {
    if (value->IsUndefined()) return nullptr;
    return Convert<T>::from(turn, value);
  }
  static v8::Local<v8::Value> to(Turn& turn, kj::Maybe<T> value) {
    KJ_IF_MAYBE(present, value) {
      return Convert<T>::to(turn, kj::mv(*present));
    }
    return v8::Null(turn.v8);
  }
};

// Native objects: T* is never null as a parameter; as a result null is null.
template <typename T>
  requires std::derived_from<T, Object>
struct Convert<T*> {
  static constexpr const char* kName = T::kClassName;
  static T* from(Turn& turn, v8::Local<v8::Value> value) {
    if (T* found = turn.unwrap<T>(value)) return found;
    throw TypeMismatch{kName};
  }
  static v8::Local<v8::Value> to(Turn& turn, T* value) {
    if (value == nullptr) return v8::Null(turn.v8);
    return turn.wrap(*value);
  }
};

}  // namespace ocapd::js
