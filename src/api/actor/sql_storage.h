// SqlStorage: `ctx.storage.sql`.
//
// Owns      the cache of compiled statements.
// Errors    SQLite's texts as Error; the confinement of worker code is src/sqlite/authorizer.h.
// Spec      https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#sql-api
#pragma once

#include "src/api/actor/durable_object_storage.h"
#include "src/api/actor/sql_cursor.h"
#include "src/sqlite/statement_cache.h"

namespace ocapd::api {

class SqlStatement;

class SqlStorage final : public js::Object {
 public:
  static constexpr const char* kClassName = "SqlStorage";
  static const js::Class kClass;

  explicit SqlStorage(DurableObjectStorage& storage) : storage_(&storage) {}

  SqlCursor* exec(js::Turn& turn, KeyText sql, js::Arguments arguments);
  // Bindings are the arguments from `first` on.
  SqlCursor* run(js::Turn& turn, kj::ArrayPtr<const char> sql, js::Arguments arguments, int first);
  // With the flag `experimental`.
  SqlStatement* prepare(js::Turn& turn, kj::String sql);
  double databaseSize(js::Turn& turn);

  // ---- for cursors ----
  DurableObjectStorage& storage() { return *storage_; }
  void giveBack(kj::StringPtr sql, sqlite::Statement statement) {
    cache_.give(sql.asArray(), kj::mv(statement));
  }

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override {
    js::Object::Trace(visitor);
    visitor->Trace(storage_);
  }

 private:
  template <typename Use>
  auto with(js::Turn& turn, Use&& use);
  // The last statement of the text; those before it have run.
  sqlite::Statement compile(ActorStore& store, kj::ArrayPtr<const char> sql, kj::String& cacheKey);

  cppgc::Member<DurableObjectStorage> storage_;
  sqlite::StatementCache cache_;
};

// What prepare() gives: called with its bindings it is run, as by exec().
class SqlStatement final : public js::Object {
 public:
  static constexpr const char* kClassName = "Statement";
  static const js::Class kClass;

  SqlStatement(SqlStorage& storage, kj::String sql) : storage_(&storage), sql_(kj::mv(sql)) {}

  SqlStorage& storage() { return *storage_; }
  kj::StringPtr sql() const { return sql_; }

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override {
    js::Object::Trace(visitor);
    visitor->Trace(storage_);
  }

 private:
  cppgc::Member<SqlStorage> storage_;
  kj::String sql_;
};

}  // namespace ocapd::api
