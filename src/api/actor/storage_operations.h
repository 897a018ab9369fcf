// StorageOperations: keys, values and the alarm: what a storage and a transaction have in common.
//
// Each operation happens at once; its promise is settled already.
//
// Limits    in memory only: kKeyBytesMax, kValueBytesMax, kKeysMax. On disk SQLite's.
// Errors    rejections: TypeError and RangeError for parameters, Error for what SQLite refuses.
// Spec      https://developers.cloudflare.com/durable-objects/api/legacy-kv-storage-api/
#pragma once

#include "src/api/actor/actor_host.h"
#include "src/api/actor/key_text.h"
#include "src/js/class.h"
#include "src/js/dictionary.h"

namespace ocapd::api {

// One key or several.
struct KeyOrKeys {
  kj::String key;
  kj::Maybe<kj::Array<kj::String>> keys;
};

struct AlarmTime {
  kj::Date time;
};

// What writes take; reads take the same names, which say nothing here.
struct WriteOptions {
  static constexpr const char* kDictionaryName = "PutOptions";
  bool allowUnconfirmed = false;
};

struct ListOptions {
  static constexpr const char* kDictionaryName = "ListOptions";
  kj::Maybe<KeyText> start;
  kj::Maybe<KeyText> startAfter;
  kj::Maybe<KeyText> end;
  kj::Maybe<KeyText> prefix;
  bool reverse = false;
  kj::Maybe<int32_t> limit;
};

// The keys that the options choose; none when there can be no such key.
kj::Maybe<ActorStore::Range> rangeOf(ListOptions options);

class StorageOperations : public js::Object {
 public:
  static constexpr size_t kKeyBytesMax = 2048;
  static constexpr size_t kValueBytesMax = 128 * 1024;
  static constexpr size_t kHeaderBytesMax = 34;  // on top of a value
  static constexpr size_t kKeysMax = 128;

  js::Promise get(js::Turn& turn, KeyOrKeys keys, v8::Local<v8::Value> options);
  js::Promise list(js::Turn& turn, kj::Maybe<ListOptions> options);
  js::Promise put(js::Turn& turn, js::Arguments arguments, v8::Local<v8::Value> keyOrEntries);
  js::Promise remove(js::Turn& turn, KeyOrKeys keys, kj::Maybe<WriteOptions> options);
  js::Promise deleteAll(js::Turn& turn, v8::Local<v8::Value> options);
  js::Promise getAlarm(js::Turn& turn, v8::Local<v8::Value> options);
  js::Promise setAlarm(js::Turn& turn, AlarmTime time, kj::Maybe<WriteOptions> options);
  js::Promise deleteAlarm(js::Turn& turn, kj::Maybe<WriteOptions> options);

 protected:
  // The actor, when the operation is allowed now.
  virtual ActorHost& host(js::Turn& turn, kj::StringPtr operation) = 0;
  // Runs `use(store)`; what SQLite refuses becomes a JavaScript error.
  template <typename Use>
  auto with(js::Turn& turn, kj::StringPtr operation, Use&& use);

 private:
  void putEntries(js::Turn& turn, ActorStore& store, v8::Local<v8::Object> entries,
                  ActorStore::Confirm confirm);
};

// One value, by the limits of the kind of storage.
void putValue(js::Turn& turn, ActorStore& store, kj::StringPtr key, v8::Local<v8::Value> value,
              ActorStore::Confirm confirm);
// Throws what `error` says, and breaks the actor when nothing more can be written.
[[noreturn]] void throwStoreError(ActorHost& host, const sqlite::Error& error);

template <typename Use>
auto StorageOperations::with(js::Turn& turn, kj::StringPtr operation, Use&& use) {
  auto& actor = host(turn, operation);
  try {
    return use(KJ_ASSERT_NONNULL(actor.store()));
  } catch (sqlite::Error& error) {
    throwStoreError(actor, error);
  }
}

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::KeyOrKeys> {
  static constexpr const char* kName = "string or Array<string>";
  static api::KeyOrKeys from(Turn& turn, v8::Local<v8::Value> value);
};
template <>
struct Convert<api::AlarmTime> {
  static constexpr const char* kName = "date";
  static api::AlarmTime from(Turn& turn, v8::Local<v8::Value> value);
};
template <>
struct Convert<api::WriteOptions> {
  static constexpr const char* kName = "PutOptions";
  static api::WriteOptions from(Turn& turn, v8::Local<v8::Value> value);
};
template <>
struct Convert<api::ListOptions> {
  static constexpr const char* kName = "ListOptions";
  static api::ListOptions from(Turn& turn, v8::Local<v8::Value> value);
};

}  // namespace ocapd::js
