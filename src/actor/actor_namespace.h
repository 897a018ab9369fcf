// ActorNamespace: all Durable Objects of one class of a worker.
//
// Owns      the actors that are known, the alarm table.
// Lives     made before the worker, which start() names; ends before it.
// Threads   its lane.
// Limits    kForgetTime after which an actor that sleeps and that nobody refers to is forgotten.
// See       src/channel/actor_channel.h
#pragma once

#include <kj/map.h>

#include "src/actor/actor.h"
#include "src/actor/actor_ids.h"
#include "src/actor/alarm_scheduler.h"

namespace ocapd::actor {

enum class StorageKind : uint8_t { None, InMemory, LocalDisk };

struct NamespaceOptions {
  kj::String className;
  kj::Maybe<kj::String> uniqueKey;  // none: ephemeral
  bool preventEviction = false;
  bool enableSql = false;
  StorageKind storage = StorageKind::None;  // none for ephemeral ones
};

class ActorNamespace final : public channel::ActorNamespace, private AlarmScheduler::Handler {
 public:
  static constexpr kj::Duration kForgetTime = 70 * kj::SECONDS;

  ActorNamespace(NamespaceOptions options, kj::Timer& timer);
  ~ActorNamespace() noexcept(false);

  // The worker has started: alarms are followed from here on. `directory` is this namespace's own,
  // on disk. Throws sqlite::Error.
  void start(worker::Worker& worker, kj::String directory);
  // Another one takes its place: what the old one has awake ends with it.
  void replaceWorker(worker::Worker& worker);
  // Before the worker ends.
  void stop();

  // ---- channel::ActorNamespace ----
  bool isEphemeral() const override { return ids_ == nullptr; }
  channel::ActorId newUniqueId() override { return ids().newUnique(); }
  channel::ActorId idFromName(kj::ArrayPtr<const char> name) override {
    return ids().fromName(name);
  }
  kj::Maybe<channel::ActorId> idFromBytes(kj::ArrayPtr<const kj::byte> bytes) override {
    return ids().fromBytes(bytes);
  }
  kj::Own<channel::ActorChannel> getActor(channel::ActorId id) override;
  kj::Own<channel::ActorChannel> getEphemeralActor(kj::String name) override;

  // ---- for ActorControl ----
  void breakAll(const kj::Exception& reason);
  void deleteAll(const kj::Exception& reason);
  kj::Vector<kj::Own<Actor>> awake();

  // ---- for its actors ----
  const NamespaceOptions& options() const { return options_; }
  kj::Timer& timer() { return timer_; }
  worker::Worker& worker() { return *KJ_REQUIRE_NONNULL(worker_, "the worker has not started"); }
  worker::Entrypoint& actorClass();
  // Of a file of an actor's.
  kj::String pathOf(kj::StringPtr name, kj::StringPtr ending) const;
  void scheduleAlarm(Actor& actor, kj::Maybe<kj::Date> time);
  void made(Actor& actor) { all_.insert(&actor); }
  void ended(Actor& actor) { all_.eraseMatch(&actor); }
  // It broke, or may go to sleep: that happens outside of its own promises and turns.
  void forget(Actor& actor);
  void fellAsleep(Actor& actor);
  void later(kj::Own<Actor> dropped);

 private:
  class Channel;

  const ActorIds& ids() const {
    return KJ_REQUIRE_NONNULL(ids_, "an ephemeral namespace has no ids");
  }
  kj::Own<Actor> find(kj::StringPtr name, kj::Maybe<channel::ActorId> id);
  kj::Promise<void> forgetUnused();
  kj::Maybe<channel::ActorId> idFromHex(kj::StringPtr hex, kj::Maybe<kj::StringPtr> name) const;

  // ---- AlarmScheduler::Handler ----
  kj::Promise<channel::AlarmResult> runAlarm(kj::StringPtr id, kj::Maybe<kj::StringPtr> name,
                                             channel::AlarmEvent event) override;
  void abandonAlarm(kj::StringPtr id, kj::Maybe<kj::StringPtr> name, kj::Date scheduled) override;

  const NamespaceOptions options_;
  kj::Timer& timer_;
  kj::Maybe<ActorIds> ids_;
  kj::Maybe<worker::Worker*> worker_;
  kj::String directory_;
  kj::HashMap<kj::StringPtr, kj::Own<Actor>> actors_;
  kj::HashSet<Actor*> all_;  // those as well that only channels and events still hold
  kj::Vector<kj::Own<Actor>> dropped_;
  bool isDropping_ = false;
  kj::Promise<void> dropping_ = nullptr;
  kj::Promise<void> forgetting_ = nullptr;
  bool isForgetting_ = false;
  kj::Maybe<AlarmScheduler> alarms_;  // first to go: it uses all of the above
};

}  // namespace ocapd::actor
