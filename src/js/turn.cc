#include "src/js/turn.h"

#include <kj/map.h>
#include <simdutf.h>

#include "src/js/class.h"
#include "src/js/dom_exception.h"
#include "src/js/isolate.h"
#include "src/js/native_function.h"
#include "src/js/tunnel.h"

namespace ocapd::js {

// ---- exceptions ----

v8::Local<v8::Value> Error::toValue(Turn& turn) const {
  auto text = turn.string(message_);
  switch (type_) {
    case Type::Error: return v8::Exception::Error(text);
    case Type::TypeError: return v8::Exception::TypeError(text);
    case Type::RangeError: return v8::Exception::RangeError(text);
    case Type::SyntaxError: return v8::Exception::SyntaxError(text);
    case Type::ReferenceError: return v8::Exception::ReferenceError(text);
    case Type::DomException: {
      v8::TryCatch ignored(turn.v8);  // out of stack or terminated: a plain error will do
      try {
        return newDomException(turn, name_, message_);
      } catch (Thrown&) {
        return v8::Exception::Error(text);
      }
    }
  }
  KJ_UNREACHABLE;
}

namespace {

// Called in a catch block: what the exception in flight is to JavaScript, or empty for Thrown.
v8::Local<v8::Value> inFlightToValue(Turn& turn) {
  try {
    throw;
  } catch (Thrown&) {
    return {};
  } catch (Error& error) {
    return error.toValue(turn);
  } catch (TypeMismatch& mismatch) {
    return Error::type("The value is not of type '", mismatch.expected, "'.").toValue(turn);
  } catch (kj::Exception& exception) {
    return toJs(turn, kj::mv(exception));
  } catch (std::exception& exception) {
    return toJs(turn, KJ_EXCEPTION(FAILED, exception.what()));
  } catch (...) {
    return toJs(turn, KJ_EXCEPTION(FAILED, "unknown exception"));
  }
}

}  // namespace

void Turn::rethrowToJs() noexcept {
  auto value = inFlightToValue(*this);
  if (!value.IsEmpty()) v8->ThrowException(value);
}

v8::Local<v8::Value> Turn::caught(v8::TryCatch& tryCatch) {
  auto value = inFlightToValue(*this);
  if (!value.IsEmpty()) return value;
  if (tryCatch.HasTerminated()) {
    tryCatch.ReThrow();
    throw Thrown();
  }
  return tryCatch.HasCaught() ? tryCatch.Exception() : undefined();
}

// ---- values ----

namespace {

// Well-formed UTF-8 that is not ASCII, several times as fast as V8 does it. Empty when it is not
// well-formed. One byte a character where that is enough, as V8 would have it.
v8::MaybeLocal<v8::String> decodeUtf8(v8::Isolate* v8, kj::ArrayPtr<const char> utf8) {
  constexpr size_t kStackUnits = 1024;
  char16_t onStack[kStackUnits];
  kj::Array<char16_t> onHeap;
  char16_t* units = onStack;
  // No more units than bytes.
  if (utf8.size() > kStackUnits) {
    onHeap = kj::heapArray<char16_t>(utf8.size());
    units = onHeap.begin();
  }
  auto* narrow = reinterpret_cast<char*>(units);
  auto made = simdutf::convert_utf8_to_latin1_with_errors(utf8.begin(), utf8.size(), narrow);
  if (made.error == simdutf::SUCCESS) {
    return v8::String::NewFromOneByte(v8, reinterpret_cast<uint8_t*>(narrow),
                                      v8::NewStringType::kNormal, int(made.count));
  }
  size_t count = simdutf::convert_utf8_to_utf16le(utf8.begin(), utf8.size(), units);
  if (count == 0) return {};
  return v8::String::NewFromTwoByte(v8, reinterpret_cast<uint16_t*>(units),
                                    v8::NewStringType::kNormal, int(count));
}

}  // namespace

v8::Local<v8::String> Turn::string(kj::ArrayPtr<const char> utf8) {
  v8::MaybeLocal<v8::String> made;
  if (utf8.size() <= size_t(v8::String::kMaxLength)) {
    if (simdutf::validate_ascii(utf8.begin(), utf8.size())) {
      made = v8::String::NewFromOneByte(v8, reinterpret_cast<const uint8_t*>(utf8.begin()),
                                        v8::NewStringType::kNormal, int(utf8.size()));
    } else if (auto decoded = decodeUtf8(v8, utf8); !decoded.IsEmpty()) {
      made = decoded;
    } else {
      made =
          v8::String::NewFromUtf8(v8, utf8.begin(), v8::NewStringType::kNormal, int(utf8.size()));
    }
  }
  v8::Local<v8::String> result;
  if (!made.ToLocal(&result)) {
    throw Error::range("Cannot create a string of ", utf8.size(), " bytes; the longest has ",
                       v8::String::kMaxLength, " characters.");
  }
  return result;
}

v8::Local<v8::String> Turn::string(kj::ArrayPtr<const char16_t> utf16) {
  v8::Local<v8::String> result;
  if (utf16.size() > size_t(v8::String::kMaxLength) ||
      !v8::String::NewFromTwoByte(v8, reinterpret_cast<const uint16_t*>(utf16.begin()),
                                  v8::NewStringType::kNormal, int(utf16.size()))
           .ToLocal(&result)) {
    throw Error::range("Cannot create a string of ", utf16.size(), " characters; the longest has ",
                       v8::String::kMaxLength, ".");
  }
  return result;
}

kj::String Turn::utf8(v8::Local<v8::String> text) {
  if (text->IsOneByte() && text->Length() <= 256) {
    // Short strings are nearly always ASCII: one copy, and no second walk to measure.
    uint8_t buffer[256];
    uint32_t length = uint32_t(text->Length());
    text->WriteOneByteV2(v8, 0, length, buffer);
    auto* chars = reinterpret_cast<const char*>(buffer);
    if (simdutf::validate_ascii(chars, length)) return kj::heapString(chars, length);
  }
  size_t length = text->Utf8LengthV2(v8);
  auto result = kj::heapString(length);
  text->WriteUtf8V2(v8, result.begin(), length, v8::String::WriteFlags::kReplaceInvalidUtf8);
  return result;
}

v8::Local<v8::Function> Turn::function(Native body) {
  auto* native = make<NativeFunction>(kj::mv(body));
  return check(v8::Function::New(context, &NativeFunction::call, wrap(*native), 1,
                                 v8::ConstructorBehavior::kThrow));
}

void Turn::whenSettled(v8::Local<v8::Promise> promise, Native onFulfilled, Native onRejected) {
  check(promise->Then(context, function(kj::mv(onFulfilled)), function(kj::mv(onRejected))));
}

v8::Local<v8::Promise> Turn::rejected(v8::Local<v8::Value> reason) {
  auto resolver = check(v8::Promise::Resolver::New(context));
  check(resolver->Reject(context, reason));
  return resolver->GetPromise();
}

v8::Local<v8::Promise> Turn::resolved(v8::Local<v8::Value> value) {
  auto resolver = check(v8::Promise::Resolver::New(context));
  check(resolver->Resolve(context, value));
  return resolver->GetPromise();
}

// ---- native objects ----

v8::Local<v8::Object> Turn::wrap(Object& object) {
  if (!object.wrapper_.IsEmpty()) return object.wrapper_.Get(v8);
  auto cls = isolate().classTemplate(object.jsClass());
  auto wrapper = check(cls->InstanceTemplate()->NewInstance(context));
  adopt(wrapper, object);
  return wrapper;
}

void Turn::adopt(v8::Local<v8::Object> wrapper, Object& object) {
  v8::Object::Wrap<kObjectTag>(v8, wrapper, &object);
  object.wrapper_.Reset(v8, wrapper);
}

Object* Turn::unwrapAny(v8::Local<v8::Value> value) {
  if (!value->IsObject()) return nullptr;
  auto object = value.As<v8::Object>();
  if (!object->IsApiWrapper()) return nullptr;
  return v8::Object::Unwrap<kObjectTag, Object>(v8, object);
}

Object* Turn::unwrapAs(v8::Local<v8::Value> value, const Class& cls) {
  auto* native = unwrapAny(value);
  return native != nullptr && native->jsClass().isA(cls) ? native : nullptr;
}

cppgc::AllocationHandle& Turn::allocation() {
  return isolate().allocation();
}

}  // namespace ocapd::js
