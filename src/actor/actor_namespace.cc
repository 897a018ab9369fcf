#include "src/actor/actor_namespace.h"

#include <kj/debug.h>
#include <kj/encoding.h>

#include "src/actor/actor_control.h"
#include "src/actor/actor_target.h"
#include "src/js/tunnel.h"

namespace ocapd::actor {

class ActorNamespace::Channel final : public channel::ActorChannel, public ActorReference {
 public:
  Channel(ActorNamespace& space, kj::String name, kj::Maybe<channel::ActorId> id)
      : space_(space), name_(kj::mv(name)), id_(kj::mv(id)) {}
  ~Channel() noexcept(false) {
    // This may be a collector's sweep, where no actor can end.
    if (actor_.get() != nullptr) Actor::release(kj::mv(actor_));
  }

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    if (actor_.get() == nullptr) actor_ = space_.find(name_, kj::mv(id_));
    return kj::heap<ActorTarget>(kj::addRef(*actor_), kj::mv(metadata));
  }

  kj::Own<Actor> findActor() override {
    if (actor_.get() != nullptr) return kj::addRef(*actor_);
    KJ_IF_MAYBE(known, space_.actors_.find(name_)) {
      return kj::addRef(**known);
    }
    return {};
  }
  ActorNamespace& space() override { return space_; }

  void requireTransferable() override {
    if (!space_.isEphemeral()) return;
    // Pinned by the reference.
    kj::throwFatalException(KJ_EXCEPTION(
        FAILED,
        "jsg.DOMException(DataCloneError): Stubs pointing to ephemeral objects are not "
        "serializable."));
  }

 private:
  ActorNamespace& space_;
  kj::String name_;
  kj::Maybe<channel::ActorId> id_;
  kj::Own<Actor> actor_;  // once it has been used
};

ActorNamespace::ActorNamespace(NamespaceOptions options, kj::Timer& timer)
    : options_(kj::mv(options)), timer_(timer) {
  KJ_IF_MAYBE(key, options_.uniqueKey) {
    ids_.emplace(*key);
  }
}

ActorNamespace::~ActorNamespace() noexcept(false) {
  stop();
}

void ActorNamespace::start(worker::Worker& worker, kj::String directory) {
  directory_ = kj::mv(directory);
  worker_ = &worker;
  AlarmScheduler::Handler& handler = *this;
  switch (options_.storage) {
    case StorageKind::None: return;
    case StorageKind::InMemory:
      alarms_.emplace(sqlite::Database::inMemory(), timer_, handler);
      return;
    case StorageKind::LocalDisk:
      alarms_.emplace(sqlite::Database::open(kj::str(directory_, "/metadata.sqlite")), timer_,
                      handler);
      return;
  }
}

void ActorNamespace::replaceWorker(worker::Worker& worker) {
  breakAll(KJ_EXCEPTION(OVERLOADED,
                        "broken.exceededMemory; jsg.Error: The worker of this Durable Object "
                        "reached a limit and was started again."));
  worker_ = &worker;
}

void ActorNamespace::stop() {
  forgetting_ = nullptr;
  dropping_ = nullptr;
  alarms_ = nullptr;
  for (auto* each : all_) each->end();
  all_.clear();
  actors_.clear();
  dropped_.clear();
  worker_ = nullptr;
}

kj::Own<channel::ActorChannel> ActorNamespace::getActor(channel::ActorId id) {
  auto name = id.toHex();
  return kj::refcounted<Channel>(*this, kj::mv(name), kj::mv(id));
}

kj::Own<channel::ActorChannel> ActorNamespace::getEphemeralActor(kj::String name) {
  return kj::refcounted<Channel>(*this, kj::mv(name), nullptr);
}

kj::Own<Actor> ActorNamespace::find(kj::StringPtr name, kj::Maybe<channel::ActorId> id) {
  KJ_IF_MAYBE(known, actors_.find(name)) {
    return kj::addRef(**known);
  }
  auto actor = kj::refcounted<Actor>(*this, kj::str(name), kj::mv(id));
  auto key = actor->name();
  auto result = kj::addRef(*actor);
  actors_.insert(key, kj::mv(actor));
  return result;
}

worker::Entrypoint& ActorNamespace::actorClass() {
  return KJ_REQUIRE_NONNULL(worker().findActorClass(options_.className),
                            "broken.ignored; no such actor class", options_.className);
}

kj::String ActorNamespace::pathOf(kj::StringPtr name, kj::StringPtr ending) const {
  return kj::str(directory_, '/', name, ending);
}

void ActorNamespace::scheduleAlarm(Actor& actor, kj::Maybe<kj::Date> time) {
  kj::Maybe<kj::StringPtr> name;
  KJ_IF_MAYBE(id, actor.id()) {
    name = id->name.map([](const kj::String& text) { return kj::StringPtr(text); });
  }
  KJ_REQUIRE_NONNULL(alarms_).set(actor.name(), name, time);
}

void ActorNamespace::later(kj::Own<Actor> dropped) {
  dropped_.add(kj::mv(dropped));
  if (isDropping_) return;
  isDropping_ = true;
  dropping_ = kj::evalLater([this]() {
                isDropping_ = false;
                auto dropped = kj::mv(dropped_);
                for (auto& each : dropped) each->sleepIfUnused();
              }).eagerlyEvaluate(nullptr);
}

void ActorNamespace::forget(Actor& actor) {
  KJ_IF_MAYBE(known, actors_.find(actor.name())) {
    if (known->get() != &actor) return;
    auto kept = kj::mv(*known);
    actors_.erase(actor.name());
    later(kj::mv(kept));
  }
}

void ActorNamespace::fellAsleep(Actor& actor) {
  later(kj::addRef(actor));
  if (isForgetting_) return;
  isForgetting_ = true;
  forgetting_ = forgetUnused().eagerlyEvaluate([](kj::Exception&& exception) {
    KJ_LOG(ERROR, "sleeping Durable Objects are kept", exception);
  });
}

kj::Vector<kj::Own<Actor>> ActorNamespace::awake() {
  kj::Vector<kj::Own<Actor>> found;
  for (auto& each : actors_) {
    if (each.value->isAwake()) found.add(kj::addRef(*each.value));
  }
  return found;
}

void ActorNamespace::breakAll(const kj::Exception& reason) {
  for (auto& each : awake()) each->breakWith(kj::cp(reason));
}

void ActorNamespace::deleteAll(const kj::Exception& reason) {
  for (auto& each : awake()) {
    each->facets().removeAll();
    each->breakWith(kj::cp(reason));
    each->wipe();
  }
  KJ_IF_MAYBE(alarms, alarms_) {
    alarms->clear();
  }
}

kj::Promise<void> ActorNamespace::forgetUnused() {
  while (actors_.size() > 0) {
    co_await timer_.afterDelay(kForgetTime);
    // What is in memory only has to stay.
    if (options_.storage == StorageKind::InMemory) break;
    actors_.eraseAll([](kj::StringPtr, kj::Own<Actor>& actor) {
      return !actor->isInUse() && !actor->isShared() && actor->webSockets().empty();
    });
  }
  isForgetting_ = false;
}

// ---- alarms ----

kj::Maybe<channel::ActorId> ActorNamespace::idFromHex(kj::StringPtr hex,
                                                      kj::Maybe<kj::StringPtr> name) const {
  auto decoded = kj::decodeHex(hex.asArray());
  auto id = KJ_UNWRAP_OR(ids().fromBytes(decoded), { return nullptr; });
  id.name = name.map([](kj::StringPtr text) { return kj::str(text); });
  return kj::mv(id);
}

kj::Promise<channel::AlarmResult> ActorNamespace::runAlarm(kj::StringPtr hex,
                                                           kj::Maybe<kj::StringPtr> name,
                                                           channel::AlarmEvent event) {
  // A row that somebody else wrote.
  auto id = KJ_UNWRAP_OR(idFromHex(hex, name), {
    KJ_LOG(WARNING, "the alarm of an id that is not of this namespace was dropped", hex);
    return channel::AlarmResult();
  });
  auto target = getActor(kj::mv(id))->startRequest(channel::RequestMetadata());
  auto& reference = *target;
  return reference.alarm(kj::mv(event))
      .catch_([](kj::Exception&& exception) {
        // It could not even be woken: its constructor threw, as a rule.
        channel::AlarmResult result;
        result.outcome = channel::Outcome::Exception;
        result.retry = true;
        result.retryCountsAgainstLimit = js::tunnelled(exception.getDescription()) != nullptr;
        result.errorDescription = kj::str(exception.getDescription());
        return result;
      })
      .attach(kj::mv(target));
}

void ActorNamespace::abandonAlarm(kj::StringPtr hex, kj::Maybe<kj::StringPtr> name,
                                  kj::Date scheduled) {
  auto id = KJ_UNWRAP_OR(idFromHex(hex, name), { return; });
  auto actor = find(hex, kj::mv(id));
  Actor::Busy busy(kj::addRef(*actor));
  auto forget = [&]() {
    auto& store = actor->live().alarmStore();
    KJ_IF_MAYBE(stored, store.storedAlarm()) {
      if (*stored == scheduled) store.setAlarm(nullptr, api::ActorStore::Confirm::Wait);
    }
  };
  // What cannot be woken finds no alarm in the table when it can be again, and sets that right.
  KJ_IF_MAYBE(exception, kj::runCatchingExceptions(forget)) {
    KJ_LOG(INFO, "an abandoned alarm is still in its actor's data", *exception);
  }
}

}  // namespace ocapd::actor
