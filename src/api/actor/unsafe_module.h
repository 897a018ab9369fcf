// The module "workerd:unsafe": for test runners that put Durable Objects back to their beginning.
//
// ActorControl: what it needs of the process; the server implements it, and the worker's host leads
// to it.
//
// Limits    kEvictTimeMax until an object that is in use is given up.
#pragma once

#include "src/channel/service_channel.h"
#include "src/js/class.h"
#include "src/js/dictionary.h"

namespace ocapd::api {

class ActorControl {
 public:
  // What becomes of hibernatable WebSockets.
  enum class Sockets : uint8_t { Hibernate, Close };

  // None of them touches a namespace whose objects are never evicted.
  virtual void abortAll() = 0;
  // The data of those that run, and all alarms, are gone.
  virtual void deleteAll() = 0;
  // Once nothing uses it. Fails with what a worker may see.
  virtual kj::Promise<void> evict(kj::Own<channel::ServiceChannel> stub, Sockets sockets) = 0;
  virtual kj::Promise<void> evictAll(Sockets sockets) = 0;
};

// A worker's host that leads to an ActorControl.
class ActorControlHost {
 public:
  virtual kj::Maybe<ActorControl&> actorControl() = 0;

 protected:
  ~ActorControlHost() = default;
};

struct EvictOptions {
  static constexpr const char* kDictionaryName = "EvictOptions";
  kj::Maybe<kj::String> webSockets;
};

class Fetcher;

class UnsafeModule final : public js::Object {
 public:
  static constexpr const char* kClassName = "UnsafeModule";
  static const js::Class kClass;

  js::Promise abortAllDurableObjects(js::Turn& turn);
  js::Promise deleteAllDurableObjects(js::Turn& turn);
  js::Promise evict(js::Turn& turn, Fetcher* stub, kj::Maybe<EvictOptions> options);
  js::Promise evictAllDurableObjects(js::Turn& turn, kj::Maybe<EvictOptions> options);
  // There are no gates here: nothing is tested behind one.
  bool isTestAutogateEnabled() { return false; }

  const js::Class& jsClass() const override { return kClass; }
};

v8::Local<v8::Object> unsafeModule(js::Turn& turn);

}  // namespace ocapd::api
