// LiveActor: a Durable Object that is awake: its JavaScript object, its gates, its storage.
//
// Owns      the object, the context of its events, the connection to its database.
// Lives     from the first event until it has been idle for a while, or breaks.
// Threads   its lane.
// Errors    once broken, every event fails with the reason; the actor makes a new one of these for
//           whoever asks anew.
#pragma once

#include "src/actor/actor_context.h"
#include "src/api/actor/actor_host.h"
#include "src/worker/actor_instance.h"
#include "src/worker/worker.h"

namespace ocapd::actor {

class Actor;

class LiveActor final : public api::ActorHost,
                        public worker::ActorInstance,
                        private SqliteStore::Owner {
 public:
  static constexpr kj::Duration kSectionTimeMax = 30 * kj::SECONDS;

  // Opens the storage and runs the constructor; what that throws breaks it.
  LiveActor(Actor& actor, worker::Worker& worker, worker::Entrypoint& entrypoint,
            kj::Maybe<kj::Own<channel::Props>> props);
  ~LiveActor() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(LiveActor);

  InputGate& gate() { return gate_; }
  SqliteStore& alarmStore() { return KJ_REQUIRE_NONNULL(store_); }
  worker::Entrypoint& entrypoint() { return entrypoint_; }
  worker::Worker& worker() { return worker_; }
  // Resolves when nothing is left that could run its JavaScript without a further event.
  kj::Promise<void> whenQuiet();
  bool mayRetryAlarm() const { return mayRetryAlarm_; }
  // Something has arrived on one of its WebSockets. Resolves when the handler has returned; `busy`
  // is kept until what it returned has settled.
  kj::Promise<void> receive(api::HibernatableSocket& socket, api::SocketEvent event,
                            kj::Own<void> busy);
  void commitNow();
  // Of one that is broken: its files are free.
  void closeStore();
  // Of one that is broken: nothing is stored any more.
  void wipeStore();
  // Nothing goes on; may be called in one of its turns.
  void breakWith(kj::Exception reason);

  // ---- worker::ActorInstance ----
  worker::RequestContext& context() override { return *context_; }
  v8::Local<v8::Object> object(js::Turn& turn) override { return object_.Get(turn.v8); }

  // ---- api::ActorHost ----
  kj::Maybe<api::ActorStore&> store() override;
  bool isSqlEnabled() const override;
  kj::OneOf<kj::String, channel::ActorId> id() const override;
  js::Promise criticalSection(js::Turn& turn, js::Turn::Native body, OnFailure onFailure) override;
  void abort(js::Turn& turn, kj::String reason, AlarmRetry retry) override;
  void storeFailed(const sqlite::Error& error) override;
  api::HibernatableSockets& webSockets() override;
  kj::Own<channel::ActorChannel> getFacet(kj::String name,
                                          kj::Own<api::FacetStarter> starter) override;
  void abortFacet(kj::StringPtr name, kj::Exception reason) override;
  void deleteFacet(kj::StringPtr name) override;
  void cloneFacet(kj::StringPtr source, kj::StringPtr destination) override;
  bool canReceiveAlarms() const override { return !constructed_ || hasAlarmHandler_; }

 private:
  struct SectionRun;

  void openStore();
  void construct(kj::Maybe<kj::Own<channel::Props>> props);
  kj::Promise<void> runSection(kj::Own<SectionRun> run);
  void callBody(js::Turn& turn, SectionRun& run);
  // None: there is no such handler, or it returned no promise.
  kj::Maybe<v8::Local<v8::Value>> callSocketHandler(js::Turn& turn, api::HibernatableSocket& socket,
                                                    api::SocketEvent event);
  void keepUntilSettled(js::Turn& turn, v8::Local<v8::Value> returned, kj::Own<void> busy);

  // ---- SqliteStore::Owner ----
  void commitFailed(const kj::Exception& reason) override { breakWith(kj::cp(reason)); }
  void scheduleAlarm(kj::Maybe<kj::Date> time) override;
  void deletedAll() override;

  Actor& actor_;
  worker::Worker& worker_;
  worker::Entrypoint& entrypoint_;
  InputGate gate_;
  kj::Own<sqlite::Database> ownDatabase_;  // null: it belongs to the actor, in memory
  kj::Maybe<SqliteStore> store_;           // none: ephemeral
  v8::Global<v8::Object> object_;
  bool constructed_ = false;
  bool hasAlarmHandler_ = false;
  bool mayRetryAlarm_ = true;
  kj::Own<ActorContext> context_;  // first to go: it uses all of the above
};

}  // namespace ocapd::actor
