// Reference: stands for a function or Proxy in a value that is being serialized, as V8's serializer
// refuses those before it asks anybody.
#pragma once

#include "src/js/class.h"

namespace ocapd::rpc {

class Reference final : public js::Object {
 public:
  static constexpr const char* kClassName = "RpcReference";
  static const js::Class kClass;

  Reference(js::Turn& turn, v8::Local<v8::Object> target) : target_(turn.v8, target) {}
  v8::Local<v8::Object> target(js::Turn& turn) const { return target_.Get(turn.v8); }

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override {
    js::Object::Trace(visitor);
    visitor->Trace(target_);
  }

 private:
  v8::TracedReference<v8::Object> target_;
};

}  // namespace ocapd::rpc
