#include "src/api/actor/storage_operations.h"

#include <algorithm>

#include <v8-container.h>
#include <v8-date.h>

#include "src/api/actor/storage_value.h"
#include "src/api/io/worker_host.h"
#include "src/js/sequence.h"

namespace ocapd::js {

namespace {

constexpr Field<api::WriteOptions> kWriteFields[] = {
    field<&api::WriteOptions::allowUnconfirmed>("allowUnconfirmed"),
};
constexpr Field<api::ListOptions> kListFields[] = {
    field<&api::ListOptions::start>("start"),
    field<&api::ListOptions::startAfter>("startAfter"),
    field<&api::ListOptions::end>("end"),
    field<&api::ListOptions::prefix>("prefix"),
    field<&api::ListOptions::reverse>("reverse"),
    field<&api::ListOptions::limit>("limit"),
};

}  // namespace

api::KeyOrKeys Convert<api::KeyOrKeys>::from(Turn& turn, v8::Local<v8::Value> value) {
  api::KeyOrKeys result;
  if (!value->IsArray()) {
    result.key = api::keyText(turn, value);
    return result;
  }
  auto array = value.As<v8::Array>();
  kj::Vector<kj::String> keys(array->Length());
  for (uint32_t i = 0; i < array->Length(); ++i) {
    keys.add(api::keyText(turn, turn.check(array->Get(turn.context, i))));
  }
  result.keys = keys.releaseAsArray();
  return result;
}

// The texts are pinned by the reference.
api::AlarmTime Convert<api::AlarmTime>::from(Turn& turn, v8::Local<v8::Value> value) {
  double time = 0;
  if (value->IsDate()) {
    time = value.As<v8::Date>()->ValueOf();
  } else if (value->IsNumber()) {
    time = value.As<v8::Number>()->Value();
  } else {
    throw TypeMismatch{kName};
  }
  if (!(time == time) || time > 9.3e18 || time < -9.3e18) {
    throw Error::type("The value cannot be converted because it is not a valid Date.");
  }
  if (time <= 0) throw Error::type("setAlarm() cannot be called with an alarm time <= 0");
  constexpr double kMillisecondsMax = 9223372036854775807.0 / 1e6;
  if (time >= kMillisecondsMax) {
    throw Error::type("This API doesn't support dates after 2189.");
  }
  return {kj::UNIX_EPOCH + int64_t(time) * kj::MILLISECONDS};
}

api::WriteOptions Convert<api::WriteOptions>::from(Turn& turn, v8::Local<v8::Value> value) {
  return DictionaryConvert<api::WriteOptions, kWriteFields>::from(turn, value);
}

api::ListOptions Convert<api::ListOptions>::from(Turn& turn, v8::Local<v8::Value> value) {
  return DictionaryConvert<api::ListOptions, kListFields>::from(turn, value);
}

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

constexpr kj::StringPtr kPutForms =
    "put() may only be called with a single key-value pair and optional options as put(key, "
    "value, options) or with multiple key-value pairs and optional options as put(entries, "
    "options)"_kj;

ActorStore::Confirm confirmOf(const kj::Maybe<WriteOptions>& options) {
  KJ_IF_MAYBE(given, options) {
    if (given->allowUnconfirmed) return ActorStore::Confirm::Skip;
  }
  return ActorStore::Confirm::Wait;
}

v8::Local<v8::Value> optionalOf(js::Turn& turn, ActorStore& store, kj::StringPtr key) {
  v8::Local<v8::Value> value;
  store.get(key.asArray(), [&](kj::ArrayPtr<const kj::byte> bytes) {
    value = deserializeFromStorage(turn, bytes);
  });
  return value;
}

void checkKey(const ActorStore& store, kj::StringPtr key) {
  if (store.isSqlite() || key.size() <= StorageOperations::kKeyBytesMax) return;
  throw js::Error::range("Keys cannot be larger than ", StorageOperations::kKeyBytesMax,
                         " bytes. A key of size ", key.size(), " was provided.");
}

// The least text that is greater than all that begin with `prefix`.
kj::Maybe<kj::String> endOfPrefix(kj::StringPtr prefix) {
  size_t length = prefix.size();
  while (length > 0 && uint8_t(prefix[length - 1]) == 0xff) --length;
  if (length == 0) return nullptr;
  auto result = kj::heapString(prefix.asArray().slice(0, length));
  result[length - 1] = char(uint8_t(result[length - 1]) + 1);
  return kj::mv(result);
}

// As bytes, beyond NULs.
int compare(kj::ArrayPtr<const char> a, kj::ArrayPtr<const char> b) {
  int order = memcmp(a.begin(), b.begin(), kj::min(a.size(), b.size()));
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

}  // namespace

void throwStoreError(ActorHost& host, const sqlite::Error& error) {
  if (error.isCritical()) host.storeFailed(error);
  throw js::Error::plain(error.text());
}

kj::Maybe<ActorStore::Range> rangeOf(ListOptions options) {
  ActorStore::Range range;
  range.reverse = options.reverse;
  KJ_IF_MAYBE(start, options.start) {
    if (options.startAfter != nullptr) {
      throw js::Error::type("list() cannot be called with both start and startAfter values.");
    }
    range.start = kj::mv(start->bytes);
  }
  KJ_IF_MAYBE(after, options.startAfter) {
    range.start = kj::heapString(kj::str(after->bytes, '\0').asArray());
  }
  KJ_IF_MAYBE(limit, options.limit) {
    if (*limit <= 0) throw js::Error::type("List limit must be positive.");
    range.limit = uint32_t(*limit);
  }
  KJ_IF_MAYBE(end, options.end) {
    range.end = kj::mv(end->bytes);
  }
  KJ_IF_MAYBE(prefix, options.prefix) {
    KJ_IF_MAYBE(start, range.start) {
      if (compare(*start, prefix->bytes) < 0) range.start = kj::heapString(prefix->bytes);
    } else {
      range.start = kj::heapString(prefix->bytes);
    }
    KJ_IF_MAYBE(prefixEnd, endOfPrefix(prefix->bytes)) {
      bool isSooner = true;
      KJ_IF_MAYBE(end, range.end) {
        isSooner = compare(*prefixEnd, *end) < 0;
      }
      if (isSooner) range.end = kj::mv(*prefixEnd);
    }
  }
  KJ_IF_MAYBE(start, range.start) {
    KJ_IF_MAYBE(end, range.end) {
      if (compare(*start, *end) >= 0) return nullptr;
    }
  }
  return kj::mv(range);
}

void putValue(js::Turn& turn, ActorStore& store, kj::StringPtr key, v8::Local<v8::Value> value,
              ActorStore::Confirm confirm) {
  checkKey(store, key);
  serializeForStorage(turn, value, [&](kj::ArrayPtr<const kj::byte> bytes) {
    constexpr size_t kMax = StorageOperations::kValueBytesMax;
    if (!store.isSqlite() && bytes.size() > kMax + StorageOperations::kHeaderBytesMax) {
      throw js::Error::range("Values cannot be larger than ", kMax, " bytes. A value of size ",
                             bytes.size(), " was provided.");
    }
    store.put(key.asArray(), bytes, confirm);
  });
}

js::Promise StorageOperations::get(js::Turn& turn, KeyOrKeys keys, v8::Local<v8::Value>) {
  return with(turn, "get()", [&](ActorStore& store) -> js::Promise {
    KJ_IF_MAYBE(several, keys.keys) {
      if (!store.isSqlite() && several->size() > kKeysMax) {
        throw js::Error::range("Maximum number of key value pairs is ", kKeysMax, ". ",
                               several->size(), " pairs were provided.");
      }
      std::sort(several->begin(), several->end(), [](const kj::String& a, const kj::String& b) {
        return compare(a.asArray(), b.asArray()) < 0;
      });
      auto map = v8::Map::New(turn.v8);
      for (auto& key : *several) {
        auto value = optionalOf(turn, store, key);
        if (!value.IsEmpty()) turn.check(map->Set(turn.context, turn.string(key), value));
      }
      return turn.resolved(map);
    }
    checkKey(store, keys.key);
    auto value = optionalOf(turn, store, keys.key);
    return turn.resolved(value.IsEmpty() ? turn.undefined() : value);
  });
}

js::Promise StorageOperations::list(js::Turn& turn, kj::Maybe<ListOptions> options) {
  return with(turn, "list()", [&](ActorStore& store) -> js::Promise {
    auto map = v8::Map::New(turn.v8);
    KJ_IF_MAYBE(range, rangeOf(kj::mv(options).orDefault(ListOptions()))) {
      auto walk = store.list(kj::mv(*range));
      while (true) {
        v8::HandleScope handles(turn.v8);
        KJ_IF_MAYBE(entry, walk->next()) {
          auto key = turn.string(entry->key);
          turn.check(map->Set(turn.context, key, deserializeFromStorage(turn, entry->value)));
        } else {
          break;
        }
      }
    }
    return turn.resolved(map);
  });
}

void StorageOperations::putEntries(js::Turn& turn, ActorStore& store, v8::Local<v8::Object> entries,
                                   ActorStore::Confirm confirm) {
  store.beforeWrite(confirm);
  store.beginSavepoint();
  bool done = false;
  KJ_DEFER(if (!done) store.rollbackSavepoint());
  js::forEachProperty(turn, entries, [&](v8::Local<v8::Value> key, v8::Local<v8::Value> value) {
    if (value->IsUndefined()) return;
    putValue(turn, store, keyText(turn, key), value, confirm);
  });
  store.releaseSavepoint();
  done = true;
}

js::Promise StorageOperations::put(js::Turn& turn, js::Arguments arguments,
                                   v8::Local<v8::Value> keyOrEntries) {
  auto& info = arguments.info;
  if (keyOrEntries->IsObject()) {
    if (!info[1]->IsUndefined() && !info[1]->IsObject()) throw js::Error::type(kPutForms);
    auto options = js::Convert<kj::Maybe<WriteOptions>>::from(turn, info[1]);
    return with(turn, "put()", [&](ActorStore& store) {
      putEntries(turn, store, keyOrEntries.As<v8::Object>(), confirmOf(options));
      return turn.resolved(turn.undefined());
    });
  }
  auto key = keyText(turn, keyOrEntries);
  if (info[1]->IsUndefined()) throw js::Error::type("put() called with undefined value.");
  auto options = js::Convert<kj::Maybe<WriteOptions>>::from(turn, info[2]);
  return with(turn, "put()", [&](ActorStore& store) {
    putValue(turn, store, key, info[1], confirmOf(options));
    return turn.resolved(turn.undefined());
  });
}

js::Promise StorageOperations::remove(js::Turn& turn, KeyOrKeys keys,
                                      kj::Maybe<WriteOptions> options) {
  return with(turn, "delete()", [&](ActorStore& store) -> js::Promise {
    auto confirm = confirmOf(options);
    KJ_IF_MAYBE(several, keys.keys) {
      uint32_t count = 0;
      for (auto& key : *several) count += store.remove(key.asArray(), confirm) ? 1 : 0;
      return turn.resolved(v8::Integer::NewFromUnsigned(turn.v8, count));
    }
    checkKey(store, keys.key);
    return turn.resolved(v8::Boolean::New(turn.v8, store.remove(keys.key.asArray(), confirm)));
  });
}

js::Promise StorageOperations::deleteAll(js::Turn& turn, v8::Local<v8::Value>) {
  return with(turn, "deleteAll()", [&](ActorStore& store) {
    if (store.transactionDepth() > 0) {
      throw js::Error::plain("Cannot call deleteAll() within a transaction");
    }
    store.deleteAll(WorkerHost::of(turn).has(compat::CompatFlag::DeleteAllDeletesAlarm));
    return turn.resolved(turn.undefined());
  });
}

js::Promise StorageOperations::getAlarm(js::Turn& turn, v8::Local<v8::Value>) {
  return with(turn, "getAlarm()", [&](ActorStore& store) -> js::Promise {
    KJ_IF_MAYBE(time, store.getAlarm()) {
      return turn.resolved(
          v8::Number::New(turn.v8, double((*time - kj::UNIX_EPOCH) / kj::MILLISECONDS)));
    }
    return turn.resolved(v8::Null(turn.v8));
  });
}

js::Promise StorageOperations::setAlarm(js::Turn& turn, AlarmTime time,
                                        kj::Maybe<WriteOptions> options) {
  if (!host(turn, "setAlarm()").canReceiveAlarms()) {
    throw js::Error::type(
        "Your Durable Object class must have an alarm() handler in order to "
        "call setAlarm()");
  }
  return with(turn, "setAlarm()", [&](ActorStore& store) {
    store.setAlarm(time.time, confirmOf(options));
    return turn.resolved(turn.undefined());
  });
}

js::Promise StorageOperations::deleteAlarm(js::Turn& turn, kj::Maybe<WriteOptions> options) {
  return with(turn, "deleteAlarm()", [&](ActorStore& store) {
    store.setAlarm(nullptr, confirmOf(options));
    return turn.resolved(turn.undefined());
  });
}

}  // namespace ocapd::api
