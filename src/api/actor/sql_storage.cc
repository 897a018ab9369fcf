#include "src/api/actor/sql_storage.h"

#include "src/api/io/worker_host.h"

#include <v8-array-buffer.h>

namespace ocapd::api {

namespace {

// The texts here are pinned by the reference.

constexpr kj::StringPtr kHowToEnable =
    " To enable it, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in "
    "your wrangler.jsonc or wrangler.toml file. If using workerd directly,set `enableSql = true` "
    "in your workerd config for the class. Note that this change cannot be made after the class "
    "is already deployed to production."_kj;

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

kj::ArrayPtr<const char> withoutTrailingSpace(kj::ArrayPtr<const char> sql) {
  while (sql.size() > 0 && isSpace(sql[sql.size() - 1])) sql = sql.slice(0, sql.size() - 1);
  return sql;
}

using Binding = kj::OneOf<decltype(nullptr), double, kj::String, kj::Array<kj::byte>>;

Binding toBinding(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value->IsNullOrUndefined()) return nullptr;
  if (value->IsNumber()) return value.As<v8::Number>()->Value();
  if (value->IsArrayBuffer() || value->IsArrayBufferView()) {
    return kj::heapArray<kj::byte>(js::Convert<js::BufferSource>::from(turn, value).bytes);
  }
  if (value->IsBigInt()) throw js::Error::type("Cannot convert a BigInt value to a number");
  return keyText(turn, value);
}

void bind(sqlite::Statement& statement, int index, Binding& binding) {
  KJ_SWITCH_ONEOF(binding) {
    KJ_CASE_ONEOF(null, decltype(nullptr)) {
      statement.bindNull(index);
    }
    KJ_CASE_ONEOF(number, double) {
      statement.bindReal(index, number);
    }
    KJ_CASE_ONEOF(text, kj::String) {
      statement.bindText(index, text.asArray());
    }
    KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) {
      statement.bindBlob(index, bytes);
    }
  }
}

void beforeStep(ActorStore& store, sqlite::Statement& statement) {
  if (!statement.isReadOnly()) store.beforeWrite(ActorStore::Confirm::Wait);
}

int64_t pragma(sqlite::Database& database, kj::StringPtr sql) {
  auto statement = database.prepare(sql);
  KJ_ASSERT(statement.step() == sqlite::Statement::Step::Row);
  return statement.columnInteger(0);
}

}  // namespace

template <typename Use>
auto SqlStorage::with(js::Turn& turn, Use&& use) {
  return storage_->withStore(turn, [&](ActorStore& store) {
    if (!store.isSqlite()) {
      throw js::Error::plain(
          "This Durable Object is not backed by SQLite storage, so the SQL API "
          "is not available.",
          kHowToEnable);
    }
    if (!storage_->actor(turn).isSqlEnabled()) {
      throw js::Error::plain("SQL is not enabled for this Durable Object class.", kHowToEnable);
    }
    return use(store);
  });
}

sqlite::Statement SqlStorage::compile(ActorStore& store, kj::ArrayPtr<const char> sql,
                                      kj::String& cacheKey) {
  KJ_IF_MAYBE(cached, cache_.take(sql)) {
    cacheKey = kj::heapString(sql);
    return kj::mv(*cached);
  }
  auto rest = sql;
  while (true) {
    auto prepared = store.database().prepare(rest, sqlite::Author::Worker);
    if (prepared.statement.empty()) {
      throw js::Error::plain("SQL code did not contain a statement.");
    }
    if (prepared.rest.size() == 0) {
      if (rest.begin() == sql.begin()) cacheKey = kj::heapString(sql);
      return kj::mv(prepared.statement);
    }
    if (prepared.statement.parameterCount() > 0) {
      throw js::Error::plain(
          "When executing multiple SQL statements in a single call, only the "
          "last statement can have parameters.");
    }
    beforeStep(store, prepared.statement);
    while (prepared.statement.step() == sqlite::Statement::Step::Row) {
    }
    rest = prepared.rest;
  }
}

SqlCursor* SqlStorage::exec(js::Turn& turn, KeyText sql, js::Arguments arguments) {
  return run(turn, sql.bytes.asArray(), arguments, 1);
}

SqlCursor* SqlStorage::run(js::Turn& turn, kj::ArrayPtr<const char> sql, js::Arguments arguments,
                           int first) {
  return with(turn, [&](ActorStore& store) {
    kj::Vector<Binding> bindings;
    for (int i = first; i < arguments.info.Length(); ++i) {
      bindings.add(toBinding(turn, arguments.info[i]));
    }
    kj::String cacheKey;
    auto statement = compile(store, withoutTrailingSpace(sql), cacheKey);
    if (size_t(statement.parameterCount()) != bindings.size()) {
      throw js::Error::plain("Wrong number of parameter bindings for SQL query.");
    }
    for (size_t i : kj::indices(bindings)) bind(statement, int(i), bindings[i]);
    beforeStep(store, statement);
    auto* cursor = turn.make<SqlCursor>(*this, kj::mv(cacheKey), kj::mv(statement));
    cursor->start(turn);
    return cursor;
  });
}

SqlStatement* SqlStorage::prepare(js::Turn& turn, kj::String sql) {
  if (!WorkerHost::of(turn).has(compat::CompatFlag::Experimental)) {
    throw js::Error::type(
        "sql.prepare() is experimental: it needs the compatibility flag "
        "\"experimental\".");
  }
  return turn.make<SqlStatement>(*this, kj::mv(sql));
}

double SqlStorage::databaseSize(js::Turn& turn) {
  return with(turn, [&](ActorStore& store) {
    auto& database = store.database();
    return double(
        (pragma(database, "PRAGMA page_count") - pragma(database, "PRAGMA freelist_count")) *
        pragma(database, "PRAGMA page_size"));
  });
}

namespace {

void callStatement(const v8::FunctionCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  try {
    auto* statement = turn.unwrap<SqlStatement>(info.This());
    if (statement == nullptr) throw js::Error::type("Illegal invocation");
    auto* cursor = statement->storage().run(turn, statement->sql(), js::Arguments{info}, 0);
    info.GetReturnValue().Set(turn.wrap(*cursor));
  } catch (...) {
    turn.rethrowToJs();
  }
}

constexpr js::Member kMembers[] = {
    js::method<&SqlStorage::exec>("exec"),
    js::method<&SqlStorage::prepare>("prepare"),
    js::getter<&SqlStorage::databaseSize>("databaseSize"),
};

}  // namespace

constinit const js::Class SqlStorage::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#sql-api",
    .members = kMembers,
    .exposed = false,
};

constinit const js::Class SqlStatement::kClass{
    .name = kClassName, .exposed = false, .call = &callStatement};

}  // namespace ocapd::api
