#include "src/api/actor/sync_kv_storage.h"

#include <v8-container.h>

#include "src/api/actor/storage_value.h"
#include "src/js/iterator.h"

namespace ocapd::api {

namespace {

// Pinned by the reference.
constexpr kj::StringPtr kDisabled =
    "The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, but "
    "this object's namespace is not declared to use SQLite. You can use the older, asyncronous "
    "interface via methods of `storage` itself (e.g. `storage.get()`). Alternatively, to enable "
    "SQLite, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your "
    "wrangler.jsonc or wrangler.toml file. If using workerd directly,set `enableSql = true` in "
    "your workerd config for the class. Note that this change cannot be made after the class is "
    "already deployed to production."_kj;
constexpr kj::StringPtr kInvalidated =
    "kv.list() iterator was invalidated because a new call to kv.list() was started. Only one "
    "kv.list() iterator can exist at a time."_kj;

}  // namespace

template <typename Use>
auto SyncKvStorage::with(js::Turn& turn, Use&& use) {
  return storage_->withStore(turn, [&](ActorStore& store) {
    if (!store.isSqlite() || !storage_->actor(turn).isSqlEnabled()) {
      throw js::Error::plain(kDisabled);
    }
    return use(store);
  });
}

v8::Local<v8::Value> SyncKvStorage::get(js::Turn& turn, KeyText key) {
  return with(turn, [&](ActorStore& store) {
    auto value = turn.undefined();
    store.get(key.bytes.asArray(), [&](kj::ArrayPtr<const kj::byte> bytes) {
      value = deserializeFromStorage(turn, bytes);
    });
    return value;
  });
}

SyncKvStorage::ListIterator* SyncKvStorage::list(js::Turn& turn, kj::Maybe<ListOptions> options) {
  return with(turn, [&](ActorStore& store) {
    IoOwn<ActorStore::Walk> walk;
    KJ_IF_MAYBE(range, rangeOf(kj::mv(options).orDefault(ListOptions()))) {
      walk = IoContext::current(turn).own(store.list(kj::mv(*range)));
    }
    return turn.make<ListIterator>(*this, kj::mv(walk));
  });
}

void SyncKvStorage::put(js::Turn& turn, KeyText key, AnyValue value) {
  with(turn, [&](ActorStore& store) {
    putValue(turn, store, key.bytes, value.value, ActorStore::Confirm::Wait);
  });
}

bool SyncKvStorage::remove(js::Turn& turn, KeyText key) {
  return with(turn, [&](ActorStore& store) {
    return store.remove(key.bytes.asArray(), ActorStore::Confirm::Wait);
  });
}

v8::Local<v8::Value> SyncKvStorage::ListIterator::next(js::Turn& turn) {
  auto end = [&] { return js::iterationResult(turn, turn.undefined(), true); };
  if (walk_.empty()) return end();
  return storage_->with(turn, [&](ActorStore&) -> v8::Local<v8::Value> {
    auto& walk = walk_.get(IoContext::current(turn));
    if (walk.isInvalid()) throw js::Error::plain(kInvalidated);
    KJ_IF_MAYBE(entry, walk.next()) {
      auto key = turn.string(entry->key);
      js::Pair pair{key, deserializeFromStorage(turn, entry->value)};
      return js::iterationResult(turn, js::toArray(turn, pair), false);
    }
    walk_ = IoOwn<ActorStore::Walk>();
    return end();
  });
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&SyncKvStorage::get>("get"),
    js::method<&SyncKvStorage::list>("list"),
    js::method<&SyncKvStorage::put>("put"),
    js::method<&SyncKvStorage::remove>("delete"),
};
constexpr js::Member kIteratorMembers[] = {
    js::method<&SyncKvStorage::ListIterator::next>("next"),
};

}  // namespace

constinit const js::Class SyncKvStorage::kClass{
    .name = kClassName,
    .spec =
        "https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/"
        "#synchronous-kv-api",
    .members = kMembers,
    .exposed = false,
};
constinit const js::Class SyncKvStorage::ListIterator::kClass{
    .name = kClassName,
    .members = kIteratorMembers,
    .exposed = false,
    .inherits = js::Intrinsic::IteratorPrototype,
};

}  // namespace ocapd::api
