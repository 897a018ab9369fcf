#include "src/js/templates.h"

#include <kj/string.h>

namespace ocapd::js {

namespace {

v8::Local<v8::String> internalized(v8::Isolate* isolate, kj::StringPtr text) {
  return v8::String::NewFromUtf8(isolate, text.begin(), v8::NewStringType::kInternalized,
                                 int(text.size()))
      .ToLocalChecked();
}

v8::Local<v8::Symbol> symbol(v8::Isolate* isolate, Symbol which) {
  switch (which) {
    case Symbol::Iterator: return v8::Symbol::GetIterator(isolate);
    case Symbol::AsyncIterator: return v8::Symbol::GetAsyncIterator(isolate);
    case Symbol::Dispose: return v8::Symbol::GetDispose(isolate);
    case Symbol::None: break;
  }
  KJ_UNREACHABLE;
}

const char* symbolName(Symbol which) {
  switch (which) {
    case Symbol::Iterator: return "[Symbol.iterator]";
    case Symbol::AsyncIterator: return "[Symbol.asyncIterator]";
    case Symbol::Dispose: return "[Symbol.dispose]";
    case Symbol::None: break;
  }
  KJ_UNREACHABLE;
}

// Where members that no table lists come from.
void addHandlers(v8::Isolate* isolate, const Class& cls, v8::Local<v8::FunctionTemplate> made) {
  auto instance = made->InstanceTemplate();
  if (cls.wildcard != nullptr) {
    using Flags = v8::PropertyHandlerFlags;
    instance->SetHandler(v8::NamedPropertyHandlerConfiguration(
        cls.wildcard, nullptr, &detail::everyNameIsThere, nullptr, nullptr, {},
        Flags(int(Flags::kNonMasking) | int(Flags::kOnlyInterceptStrings))));
  }
  if (cls.call != nullptr) instance->SetCallAsFunctionHandler(cls.call);
}

// The function's data: how an error of it begins.
v8::Local<v8::String> errorPrefix(v8::Isolate* isolate, const char* action, const char* member,
                                  const char* cls) {
  return internalized(isolate, kj::str("Failed to ", action, " '", member, "' on '", cls, "': "));
}

v8::PropertyAttribute attributesOf(const Member& member) {
  return member.enumerable ? v8::None : v8::DontEnum;
}

void addMember(v8::Isolate* isolate, const Class& cls, const Member& member,
               v8::Local<v8::FunctionTemplate> classTemplate) {
  auto prototype = classTemplate->PrototypeTemplate();
  auto signature = v8::Signature::New(isolate, classTemplate);
  const char* spelled = member.name != nullptr ? member.name : symbolName(member.symbol);
  auto name = internalized(isolate, spelled);
  auto make = [&](v8::FunctionCallback call, const char* action, int length,
                  v8::Local<v8::Signature> receiver) {
    auto made =
        v8::FunctionTemplate::New(isolate, call, errorPrefix(isolate, action, spelled, cls.name),
                                  receiver, length, v8::ConstructorBehavior::kThrow);
    made->SetClassName(name);
    return made;
  };

  switch (member.kind) {
    case Member::Kind::Constructor: break;  // part of the class template itself
    case Member::Kind::Method: {
      auto function = make(member.call, "execute", member.length, signature);
      if (member.name != nullptr) prototype->Set(name, function, attributesOf(member));
      if (member.symbol != Symbol::None) {
        prototype->Set(symbol(isolate, member.symbol), function, v8::DontEnum);
      }
      break;
    }
    case Member::Kind::StaticMethod:
      classTemplate->Set(name, make(member.call, "execute", member.length, {}),
                         attributesOf(member));
      break;
    case Member::Kind::Accessor: {
      v8::Local<v8::FunctionTemplate> setter;
      if (member.set != nullptr) setter = make(member.set, "set", 1, signature);
      prototype->SetAccessorProperty(name, make(member.call, "get", 0, signature), setter,
                                     attributesOf(member));
      break;
    }
  }
}

}  // namespace

v8::Local<v8::FunctionTemplate> makeTemplate(v8::Isolate* isolate, const Class& cls,
                                             v8::Local<v8::FunctionTemplate> parent) {
  v8::FunctionCallback construct = &detail::illegalConstructor;
  int length = 0;
  for (const Member& member : cls.members) {
    if (member.kind != Member::Kind::Constructor) continue;
    construct = member.call;
    length = member.length;
  }
  auto result = v8::FunctionTemplate::New(
      isolate, construct, internalized(isolate, kj::str("Failed to construct '", cls.name, "': ")),
      {}, length);
  result->SetClassName(
      internalized(isolate, cls.constructorName != nullptr ? cls.constructorName : cls.name));
  addHandlers(isolate, cls, result);
  if (!parent.IsEmpty()) result->Inherit(parent);
  result->PrototypeTemplate()->Set(v8::Symbol::GetToStringTag(isolate),
                                   internalized(isolate, cls.name),
                                   v8::PropertyAttribute(v8::ReadOnly | v8::DontEnum));
  // How tools tell native objects from a worker's own.
  auto internalClass = v8::Symbol::For(isolate, internalized(isolate, "cloudflare:internal-class"));
  result->PrototypeTemplate()->Set(internalClass, internalClass,
                                   v8::PropertyAttribute(v8::ReadOnly | v8::DontEnum));
  for (const Member& member : cls.members) addMember(isolate, cls, member, result);
  return result;
}

v8::Local<v8::FunctionTemplate> makeFunction(v8::Isolate* isolate, const Member& function,
                                             const char* owner) {
  auto made = v8::FunctionTemplate::New(isolate, function.call,
                                        errorPrefix(isolate, "execute", function.name, owner), {},
                                        function.length, v8::ConstructorBehavior::kThrow);
  made->SetClassName(internalized(isolate, function.name));
  return made;
}

}  // namespace ocapd::js
