#include "src/api/actor/durable_object_storage.h"

#include "src/api/actor/sql_storage.h"
#include "src/api/actor/sync_kv_storage.h"

namespace ocapd::api {

namespace {

// Pinned by the reference.
constexpr kj::StringPtr kNoRecovery =
    "This Durable Object's storage back-end does not implement point-in-time recovery."_kj;
constexpr uint64_t kBookmarkDigitMax = 0xffffffff;

kj::String hexDigits(uint64_t value, size_t digits) {
  auto text = kj::str(kj::hex(value));
  return kj::str(kj::repeat('0', digits - kj::min(digits, text.size())), text);
}

v8::Local<v8::Value> callFunction(js::Turn& turn, v8::Local<v8::Value> function,
                                  v8::Local<v8::Value> argument) {
  v8::Local<v8::Value> arguments[] = {argument};
  return turn.check(
      function.As<v8::Function>()->Call(turn.context, turn.undefined(), 1, arguments));
}

// One transaction() between its beginning and its end.
struct Running : public kj::Refcounted {
  Running(js::Turn& turn, DurableObjectTransaction& transaction, v8::Local<v8::Function> callback)
      : wrapper(turn.v8, turn.wrap(transaction)), callback(turn.v8, callback) {}

  DurableObjectTransaction& transaction(js::Turn& turn) {
    return *turn.unwrap<DurableObjectTransaction>(wrapper.Get(turn.v8));
  }

  v8::Global<v8::Object> wrapper;
  v8::Global<v8::Function> callback;
};

v8::Local<v8::Value> runTransaction(js::Turn& turn, Running& running) {
  running.transaction(turn).begin(turn);
  v8::Local<v8::Promise> settled;
  auto failure = turn.catching([&] {
    settled = turn.resolved(
        callFunction(turn, running.callback.Get(turn.v8), running.wrapper.Get(turn.v8)));
  });
  KJ_IF_MAYBE(reason, failure) {
    running.transaction(turn).rollbackUnlessDone(turn);
    turn.throwValue(*reason);
  }
  auto fulfilled = turn.function(
      [running = kj::addRef(running)](js::Turn& inner, v8::Local<v8::Value> value) mutable {
        running->transaction(inner).commit(inner);
        return value;
      });
  auto rejected = turn.function(
      [running = kj::addRef(running)](js::Turn& inner,
                                      v8::Local<v8::Value> reason) mutable -> v8::Local<v8::Value> {
        running->transaction(inner).rollbackUnlessDone(inner);
        inner.throwValue(reason);
      });
  return turn.check(settled->Then(turn.context, fulfilled, rejected));
}

}  // namespace

v8::Local<v8::Object> DurableObjectStorage::make(js::Turn& turn, IoOwn<ActorHost> host) {
  auto* storage = turn.make<DurableObjectStorage>(kj::mv(host));
  auto object = turn.wrap(*storage);
  turn.set(object, "kv", turn.wrap(*turn.make<SyncKvStorage>(*storage)));
  turn.set(object, "sql", turn.wrap(*turn.make<SqlStorage>(*storage)));
  return object;
}

js::Promise DurableObjectStorage::transaction(js::Turn& turn, v8::Local<v8::Function> callback) {
  auto& actor = this->actor(turn);
  auto running =
      kj::refcounted<Running>(turn, *turn.make<DurableObjectTransaction>(*this), callback);
  return actor.criticalSection(
      turn,
      [running = kj::mv(running)](js::Turn& inner, v8::Local<v8::Value>) mutable {
        return runTransaction(inner, *running);
      },
      ActorHost::OnFailure::Reject);
}

js::Promise DurableObjectStorage::sync(js::Turn& turn) {
  auto& context = IoContext::current(turn);
  return context.awaitIo(turn, KJ_ASSERT_NONNULL(actor(turn).store()).whenDurable(),
                         [](js::Turn& inner) -> v8::Local<v8::Value> { return inner.undefined(); });
}

v8::Local<v8::Value> DurableObjectStorage::transactionSync(js::Turn& turn,
                                                           v8::Local<v8::Function> callback) {
  return withStore(turn, [&](ActorStore& store) -> v8::Local<v8::Value> {
    if (!store.isSqlite()) throw js::Error::plain("Durable Object is not backed by SQL.");
    store.beforeWrite(ActorStore::Confirm::Wait);
    store.beginSavepoint();
    v8::Local<v8::Value> value;
    auto failure = turn.catching(
        [&] { value = turn.check(callback->Call(turn.context, turn.undefined(), 0, nullptr)); });
    bool isRolledBack = !store.database().inTransaction();
    KJ_IF_MAYBE(reason, failure) {
      if (!isRolledBack) store.rollbackSavepoint();
      turn.throwValue(*reason);
    }
    if (isRolledBack) {
      throw js::Error::plain("Cannot commit transaction due to an earlier SQL critical error");
    }
    store.releaseSavepoint();
    return value;
  });
}

js::Promise DurableObjectStorage::getCurrentBookmark(js::Turn& turn) {
  return withStore(turn, [&](ActorStore& store) {
    if (!store.isSqlite()) throw js::Error::plain(kNoRecovery);
    uint64_t count = store.nextBookmark();
    return turn.resolved(turn.string(kj::str(hexDigits(count / kBookmarkDigitMax, 8), '-',
                                             hexDigits(count % kBookmarkDigitMax, 8), "-00000000-",
                                             kj::repeat('0', 32))));
  });
}

js::Promise DurableObjectStorage::getBookmarkForTime(js::Turn&, v8::Local<v8::Value>) {
  throw js::Error::plain(kNoRecovery);
}

js::Promise DurableObjectStorage::onNextSessionRestoreBookmark(js::Turn&, v8::Local<v8::Value>) {
  throw js::Error::plain(kNoRecovery);
}

// ---- DurableObjectTransaction ----

ActorHost& DurableObjectTransaction::host(js::Turn& turn, kj::StringPtr operation) {
  switch (state_) {
    case State::Open: return storage_->actor(turn);
    case State::RolledBack:
      throw js::Error::plain("Cannot ", operation, " on rolled back transaction");
    case State::Committed:
      throw js::Error::plain("Cannot call ", operation,
                             " on transaction that has already committed: did you move `txn` "
                             "outside of the closure?");
  }
  KJ_UNREACHABLE;
}

void DurableObjectTransaction::begin(js::Turn& turn) {
  with(turn, "begin", [&](ActorStore& store) {
    store.beginTransaction();
    depth_ = store.transactionDepth();
  });
}

void DurableObjectTransaction::commit(js::Turn& turn) {
  if (state_ == State::RolledBack) return;
  with(turn, "commit", [&](ActorStore& store) { store.commitTransaction(); });
  state_ = State::Committed;
}

void DurableObjectTransaction::rollbackUnlessDone(js::Turn& turn) {
  if (state_ != State::Open) return;
  with(turn, "rollback", [&](ActorStore& store) { store.rollbackTransaction(); });
  state_ = State::RolledBack;
}

void DurableObjectTransaction::rollback(js::Turn& turn) {
  if (state_ == State::RolledBack) return;
  with(turn, "rollback()", [&](ActorStore& store) {
    if (store.transactionDepth() > depth_) {
      throw js::Error::plain(
          "Cannot roll back an outer transaction while a nested transaction "
          "is still running.");
    }
    store.rollbackTransaction();
  });
  state_ = State::RolledBack;
}

namespace {

constexpr js::Member kStorageMembers[] = {
    js::method<&DurableObjectStorage::get>("get"),
    js::method<&DurableObjectStorage::list>("list"),
    js::method<&DurableObjectStorage::put>("put"),
    js::method<&DurableObjectStorage::remove>("delete"),
    js::method<&DurableObjectStorage::deleteAll>("deleteAll"),
    js::method<&DurableObjectStorage::transaction>("transaction"),
    js::method<&DurableObjectStorage::getAlarm>("getAlarm"),
    js::method<&DurableObjectStorage::setAlarm>("setAlarm"),
    js::method<&DurableObjectStorage::deleteAlarm>("deleteAlarm"),
    js::method<&DurableObjectStorage::sync>("sync"),
    js::method<&DurableObjectStorage::transactionSync>("transactionSync"),
    js::method<&DurableObjectStorage::getCurrentBookmark>("getCurrentBookmark"),
    js::method<&DurableObjectStorage::getBookmarkForTime>("getBookmarkForTime"),
    js::method<&DurableObjectStorage::onNextSessionRestoreBookmark>("onNextSessionRestoreBookmark"),
};
constexpr js::Member kTransactionMembers[] = {
    js::method<&DurableObjectTransaction::get>("get"),
    js::method<&DurableObjectTransaction::list>("list"),
    js::method<&DurableObjectTransaction::put>("put"),
    js::method<&DurableObjectTransaction::remove>("delete"),
    js::method<&DurableObjectTransaction::deleteAll>("deleteAll"),
    js::method<&DurableObjectTransaction::rollback>("rollback"),
    js::method<&DurableObjectTransaction::getAlarm>("getAlarm"),
    js::method<&DurableObjectTransaction::setAlarm>("setAlarm"),
    js::method<&DurableObjectTransaction::deleteAlarm>("deleteAlarm"),
};
constexpr const char* kSpec =
    "https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/";

}  // namespace

constinit const js::Class DurableObjectStorage::kClass{
    .name = kClassName, .spec = kSpec, .members = kStorageMembers, .exposed = false};
constinit const js::Class DurableObjectTransaction::kClass{
    .name = kClassName, .spec = kSpec, .members = kTransactionMembers, .exposed = false};

}  // namespace ocapd::api
