#include "src/js/class.h"

#include "src/js/dom_exception.h"
#include "src/js/global_builder.h"
#include "src/js/native_function.h"

namespace ocapd::js {

namespace detail {

namespace {

void throwType(const Info& info, kj::StringPtr rest) noexcept {
  Turn turn(info.GetIsolate());
  kj::String prefix;
  if (info.Data()->IsString()) prefix = turn.utf8(info.Data().As<v8::String>());
  turn.v8->ThrowException(v8::Exception::TypeError(turn.string(kj::str(prefix, rest))));
}

}  // namespace

void throwMismatch(const Info& info, int parameter, const char* expected) noexcept {
  throwType(info, kj::str(info.IsConstructCall() ? "constructor " : "", "parameter ", parameter + 1,
                          " is not of type '", expected, "'."));
}

void throwNotNew(const Info& info) noexcept {
  throwType(info,
            "Please use the 'new' operator, this object constructor cannot be called as a "
            "function.");
}

void rejectInstead(const Info& info, v8::TryCatch& tryCatch) noexcept {
  if (tryCatch.HasTerminated()) {
    tryCatch.ReThrow();
    return;
  }
  Turn turn(info.GetIsolate());
  auto reason = tryCatch.Exception();
  tryCatch.Reset();
  info.GetReturnValue().Set(turn.rejected(reason));
}

v8::Intercepted everyNameIsThere(v8::Local<v8::Name>,
                                 const v8::PropertyCallbackInfo<v8::Integer>& info) {
  info.GetReturnValue().Set(v8::DontEnum);
  return v8::Intercepted::kYes;
}

void illegalConstructor(const Info& info) {
  info.GetIsolate()->ThrowException(v8::Exception::TypeError(
      v8::String::NewFromUtf8Literal(info.GetIsolate(), "Illegal constructor")));
}

}  // namespace detail

GlobalBuilder::GlobalBuilder() {
  add(NativeFunction::kClass);
  add(kDomException);
}

kj::Array<intptr_t> GlobalBuilder::externalReferences() const {
  kj::Vector<intptr_t> result;
  auto add = [&](v8::FunctionCallback callback) {
    if (callback != nullptr) result.add(reinterpret_cast<intptr_t>(callback));
  };
  add(&detail::illegalConstructor);
  result.add(reinterpret_cast<intptr_t>(&detail::everyNameIsThere));
  for (auto* cls : classes_) {
    add(cls->call);
    if (cls->wildcard != nullptr) result.add(reinterpret_cast<intptr_t>(cls->wildcard));
    for (const Member& member : cls->members) {
      add(member.call);
      add(member.set);
    }
  }
  for (auto* function : functions_) add(function->call);
  for (auto* builtin : builtins_) {
    for (const Member& native : builtin->natives) add(native.call);
  }
  result.add(0);
  return result.releaseAsArray();
}

}  // namespace ocapd::js
