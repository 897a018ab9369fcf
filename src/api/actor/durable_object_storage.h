// DurableObjectStorage: `ctx.storage`. DurableObjectTransaction: what transaction() hands out.
//
// Owns      a handle to the actor; the data belongs to the actor.
// Errors    used outside of its actor, the cross-request error.
// Spec      https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/
#pragma once

#include "src/api/actor/storage_operations.h"

namespace ocapd::api {

class SqlStorage;
class SyncKvStorage;
class DurableObjectTransaction;

class DurableObjectStorage final : public StorageOperations {
 public:
  static constexpr const char* kClassName = "DurableObjectStorage";
  static const js::Class kClass;

  explicit DurableObjectStorage(IoOwn<ActorHost> host) : host_(kj::mv(host)) {}
  // With its own properties kv and sql.
  static v8::Local<v8::Object> make(js::Turn& turn, IoOwn<ActorHost> host);

  js::Promise transaction(js::Turn& turn, v8::Local<v8::Function> callback);
  js::Promise sync(js::Turn& turn);
  v8::Local<v8::Value> transactionSync(js::Turn& turn, v8::Local<v8::Function> callback);
  js::Promise getCurrentBookmark(js::Turn& turn);
  js::Promise getBookmarkForTime(js::Turn& turn, v8::Local<v8::Value> time);
  js::Promise onNextSessionRestoreBookmark(js::Turn& turn, v8::Local<v8::Value> bookmark);

  ActorHost& actor(js::Turn& turn) { return host_.get(IoContext::current(turn)); }
  // For SQL and synchronous keys; SQLite's errors become JavaScript's.
  template <typename Use>
  auto withStore(js::Turn& turn, Use&& use) {
    return with(turn, ""_kj, kj::fwd<Use>(use));
  }

  const js::Class& jsClass() const override { return kClass; }

 private:
  ActorHost& host(js::Turn& turn, kj::StringPtr) override { return actor(turn); }

  IoOwn<ActorHost> host_;
};

class DurableObjectTransaction final : public StorageOperations {
 public:
  static constexpr const char* kClassName = "DurableObjectTransaction";
  static const js::Class kClass;

  explicit DurableObjectTransaction(DurableObjectStorage& storage) : storage_(&storage) {}

  void rollback(js::Turn& turn);

  // ---- called by transaction() ----
  void begin(js::Turn& turn);
  void commit(js::Turn& turn);
  void rollbackUnlessDone(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override {
    js::Object::Trace(visitor);
    visitor->Trace(storage_);
  }

 private:
  enum class State : uint8_t { Open, RolledBack, Committed };

  ActorHost& host(js::Turn& turn, kj::StringPtr operation) override;

  cppgc::Member<DurableObjectStorage> storage_;
  State state_ = State::Open;
  uint32_t depth_ = 0;
};

}  // namespace ocapd::api
