#include "src/actor/live_actor.h"

#include <kj/debug.h>

#include "src/actor/actor.h"
#include "src/actor/actor_namespace.h"
#include "src/api/actor/durable_object_state.h"

namespace ocapd::actor {

namespace {

// The texts here are pinned by the reference.
constexpr kj::StringPtr kTooDeep = "blockConcurrencyWhile() calls are nested too deeply."_kj;
constexpr kj::StringPtr kSectionTooLong =
    "broken.inputGateBroken; jsg.Error: A call to blockConcurrencyWhile() in a Durable Object "
    "waited for too long. The call was canceled and the Durable Object was reset."_kj;

kj::Exception withReason(kj::StringPtr reason, kj::Exception exception) {
  if (exception.getDescription().startsWith("broken.")) return exception;
  exception.setDescription(kj::str("broken.", reason, "; ", exception.getDescription()));
  return exception;
}

}  // namespace

LiveActor::LiveActor(Actor& actor, worker::Worker& worker, worker::Entrypoint& entrypoint,
                     kj::Maybe<kj::Own<channel::Props>> props)
    : actor_(actor), worker_(worker), entrypoint_(entrypoint) {
  openStore();
  SqliteStore* store = nullptr;
  KJ_IF_MAYBE(opened, store_) {
    store = opened;
  }
  context_ = kj::heap<ActorContext>(actor_, worker_, gate_, store);
  construct(kj::mv(props));
}

LiveActor::~LiveActor() noexcept(false) = default;

api::HibernatableSockets& LiveActor::webSockets() {
  return actor_.webSockets();
}

void LiveActor::openStore() {
  auto& options = actor_.space().options();
  SqliteStore::Owner& owner = *this;
  switch (options.storage) {
    case StorageKind::None: return;
    case StorageKind::InMemory:
      store_.emplace(actor_.memory(), SqliteStore::Kind::KeyValueInMemory, owner);
      return;
    case StorageKind::LocalDisk:
      ownDatabase_ = sqlite::Database::open(actor_.databasePath());
      store_.emplace(*ownDatabase_, SqliteStore::Kind::Sqlite, owner);
      return;
  }
}

void LiveActor::construct(kj::Maybe<kj::Own<channel::Props>> props) {
  kj::Maybe<kj::Exception> failure;
  context_->runTurn([&](js::Turn& turn) {
    auto thrown = turn.catching([&] {
      v8::Local<v8::Value> arguments[] = {api::DurableObjectState::make(turn, *this, kj::mv(props)),
                                          worker_.env(turn)};
      auto cls = entrypoint_.value.Get(turn.v8).As<v8::Function>();
      object_.Reset(turn.v8, turn.check(cls->NewInstance(turn.context, 2, arguments)));
      hasAlarmHandler_ = entrypoint_.hasHandler(turn, "alarm");
    });
    KJ_IF_MAYBE(reason, thrown) {
      failure = js::toKj(turn, *reason);
    }
  });
  constructed_ = true;
  KJ_IF_MAYBE(exception, failure) {
    breakWith(withReason("constructorFailed", kj::mv(*exception)));
  } else if (object_.IsEmpty() && gate_.broken() == nullptr) {
    breakWith(KJ_EXCEPTION(OVERLOADED, "broken.constructorFailed; the constructor was stopped"));
  }
}

kj::Promise<void> LiveActor::whenQuiet() {
  auto waited =
      context_->isWaitingUntil() ? context_->waitUntilDone() : kj::Promise<void>(kj::READY_NOW);
  return waited.then([this]() { return context_->idle(); });
}

void LiveActor::breakWith(kj::Exception reason) {
  if (gate_.broken() != nullptr) return;
  KJ_IF_MAYBE(store, store_) {
    store->shutDown();
  }
  gate_.breakWith(kj::cp(reason));
  context_->abort(kj::cp(reason));
  actor_.instanceBroke(kj::mv(reason));
}

kj::Maybe<api::ActorStore&> LiveActor::store() {
  KJ_IF_MAYBE(opened, store_) {
    return *opened;
  }
  return nullptr;
}

bool LiveActor::isSqlEnabled() const {
  return actor_.space().options().enableSql ||
         worker_.flags().has(compat::CompatFlag::Experimental);
}

kj::OneOf<kj::String, channel::ActorId> LiveActor::id() const {
  auto result = actor_.ownId();
  KJ_IF_MAYBE(durable, result.tryGet<channel::ActorId>()) {
    constexpr size_t kNameBytesMax = 1024;
    KJ_IF_MAYBE(name, durable->name) {
      if (name->size() > kNameBytesMax) durable->name = nullptr;
    }
  }
  return result;
}

void LiveActor::abort(js::Turn& turn, kj::String reason, AlarmRetry retry) {
  mayRetryAlarm_ = retry == AlarmRetry::Yes;
  breakWith(kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                          kj::str("broken.dropped; jsg.Error: ", reason)));
  turn.isolate().stopTurn();
}

void LiveActor::storeFailed(const sqlite::Error& error) {
  breakWith(kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                          kj::str("broken.outputGateBroken; jsg.Error: ", error.text())));
}

kj::Own<channel::ActorChannel> LiveActor::getFacet(kj::String name,
                                                   kj::Own<api::FacetStarter> starter) {
  return actor_.facets().get(kj::mv(name), kj::mv(starter));
}

void LiveActor::abortFacet(kj::StringPtr name, kj::Exception reason) {
  actor_.facets().abort(name, kj::mv(reason));
}

void LiveActor::deleteFacet(kj::StringPtr name) {
  actor_.facets().remove(name);
}

void LiveActor::cloneFacet(kj::StringPtr source, kj::StringPtr destination) {
  actor_.facets().clone(source, destination);
}

void LiveActor::deletedAll() {
  actor_.facets().removeAll();
}

void LiveActor::commitNow() {
  KJ_IF_MAYBE(store, store_) {
    store->commitNow();
  }
}

void LiveActor::wipeStore() {
  KJ_IF_MAYBE(store, store_) {
    store->database().empty();
  }
}

void LiveActor::closeStore() {
  if (ownDatabase_.get() != nullptr) ownDatabase_->close();
}

void LiveActor::scheduleAlarm(kj::Maybe<kj::Date> time) {
  // Pinned by the reference.
  if (actor_.isFacet()) throw sqlite::Error(kj::str("Facets currently cannot set alarms."));
  actor_.space().scheduleAlarm(actor_, time);
}

kj::Own<void> ActorContext::holdSession() {
  return kj::heap<Actor::Busy>(kj::addRef(actor_), Actor::Busy::Why::Held);
}

// ---- critical sections ----

struct LiveActor::SectionRun : public kj::Refcounted {
  kj::Own<InputGate::Section> section;
  js::Turn::Native body;
  OnFailure onFailure;
  v8::Global<v8::Promise::Resolver> resolver;
  kj::Own<kj::PromiseFulfiller<void>> over;

  void end() {
    section->end();
    over->fulfill();
  }
};

js::Promise LiveActor::criticalSection(js::Turn& turn, js::Turn::Native body, OnFailure onFailure) {
  auto section = gate_.newSection();
  if (section->depth() > InputGate::kDepthMax) throw js::Error::plain(kTooDeep);
  auto resolver = turn.check(v8::Promise::Resolver::New(turn.context));
  auto run = kj::refcounted<SectionRun>();
  run->section = kj::mv(section);
  run->body = kj::mv(body);
  run->onFailure = onFailure;
  run->resolver.Reset(turn.v8, resolver);
  context_->addTask(runSection(kj::mv(run)));
  return resolver->GetPromise();
}

kj::Promise<void> LiveActor::runSection(kj::Own<SectionRun> run) {
  co_await run->section->begin();
  auto pass = co_await run->section->enter();
  auto over = kj::newPromiseAndFulfiller<void>();
  run->over = kj::mv(over.fulfiller);
  pass->use();
  context_->runTurn([&](js::Turn& turn) { callBody(turn, *run); });
  pass = nullptr;
  auto late = worker_.timer().afterDelay(kSectionTimeMax).then([]() -> kj::Promise<void> {
    return kj::Exception(kj::Exception::Type::OVERLOADED, __FILE__, __LINE__,
                         kj::str(kSectionTooLong));
  });
  try {
    co_await over.promise.exclusiveJoin(kj::mv(late));
  } catch (kj::Exception& exception) {
    breakWith(kj::mv(exception));
  }
}

void LiveActor::callBody(js::Turn& turn, SectionRun& run) {
  auto rejected = [this](js::Turn& inner, SectionRun& ended, v8::Local<v8::Value> reason) {
    if (ended.onFailure == OnFailure::Reset) {
      return breakWith(withReason("inputGateBroken", js::toKj(inner, reason)));
    }
    ended.end();
    inner.check(ended.resolver.Get(inner.v8)->Reject(inner.context, reason));
  };
  v8::Local<v8::Promise> promise;
  auto failure = turn.catching([&] { promise = turn.resolved(run.body(turn, turn.undefined())); });
  KJ_IF_MAYBE(reason, failure) {
    return rejected(turn, run, *reason);
  }
  turn.whenSettled(
      promise,
      [run = kj::addRef(run)](js::Turn& inner, v8::Local<v8::Value> value) mutable {
        // The caller goes on before any event that waits.
        run->end();
        inner.check(run->resolver.Get(inner.v8)->Resolve(inner.context, value));
        return inner.undefined();
      },
      [run = kj::addRef(run), rejected](js::Turn& inner, v8::Local<v8::Value> reason) mutable {
        rejected(inner, *run, reason);
        return inner.undefined();
      });
}

}  // namespace ocapd::actor
