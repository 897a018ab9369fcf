// DurableObjectNamespace and ColoLocalActorNamespace: a binding to the Durable Objects of a class.
//
// Owns      nothing: the namespace lives as long as the server.
// Spec      https://developers.cloudflare.com/durable-objects/api/namespace/
#pragma once

#include "src/api/actor/durable_object_id.h"
#include "src/api/actor/durable_object_stub.h"
#include "src/api/actor/key_text.h"

namespace ocapd::api {

class DurableObjectNamespace : public js::Object {
 public:
  static constexpr const char* kClassName = "DurableObjectNamespace";
  static const js::Class kClass;

  explicit DurableObjectNamespace(channel::ActorNamespace& target) : target_(target) {}

  v8::Local<v8::Value> newUniqueId(js::Turn& turn, v8::Local<v8::Value> options);
  v8::Local<v8::Value> idFromName(js::Turn& turn, KeyText name);
  v8::Local<v8::Value> idFromString(js::Turn& turn, KeyText text);
  v8::Local<v8::Value> get(js::Turn& turn, DurableObjectId* id, v8::Local<v8::Value> options);
  v8::Local<v8::Value> getByName(js::Turn& turn, KeyText name, v8::Local<v8::Value> options);
  DurableObjectNamespace* jurisdiction(js::Turn& turn, v8::Local<v8::Value> jurisdiction);

  const js::Class& jsClass() const override { return kClass; }

 private:
  v8::Local<v8::Value> stub(js::Turn& turn, v8::Local<v8::Object> id, channel::ActorId which,
                            v8::Local<v8::Value> options);

  channel::ActorNamespace& target_;
};

class ColoLocalActorNamespace : public js::Object {
 public:
  static constexpr const char* kClassName = "ColoLocalActorNamespace";
  static constexpr size_t kNameBytesMax = 2048;
  static const js::Class kClass;

  explicit ColoLocalActorNamespace(channel::ActorNamespace& target) : target_(target) {}

  Fetcher* get(js::Turn& turn, KeyText name);

  const js::Class& jsClass() const override { return kClass; }

 private:
  channel::ActorNamespace& target_;
};

}  // namespace ocapd::api
