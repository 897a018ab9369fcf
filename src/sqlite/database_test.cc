#include "src/sqlite/database.h"

#include <gtest/gtest.h>

#include "src/sqlite/statement_cache.h"

namespace ocapd::sqlite {
namespace {

kj::String failureOf(Database& database, kj::StringPtr sql) {
  try {
    auto prepared = database.prepare(sql.asArray(), Author::Worker);
    while (prepared.statement.step() == Statement::Step::Row) {
    }
    return kj::str();
  } catch (Error& error) {
    return kj::str(error.text());
  }
}

TEST(Database, GivesBackWhatWasBound) {
  auto database = Database::inMemory();
  database->run("CREATE TABLE t(a, b, c, d)");
  auto insert = database->prepare("INSERT INTO t VALUES (?, ?, ?, ?)");
  insert.bindInteger(0, 5);
  insert.bindText(1, "te\0xt"_kj.asArray());
  insert.bindBlob(2, kj::ArrayPtr<const kj::byte>());
  insert.bindReal(3, 1.5);
  EXPECT_EQ(insert.step(), Statement::Step::Done);
  EXPECT_EQ(insert.rowsWritten(), 1u);
  auto select = database->prepare("SELECT * FROM t");
  ASSERT_EQ(select.step(), Statement::Step::Row);
  EXPECT_EQ(select.columnInteger(0), 5);
  EXPECT_EQ(select.columnText(1).size(), 5u);
  EXPECT_EQ(select.columnType(2), Statement::Type::Blob);
  EXPECT_EQ(select.columnReal(3), 1.5);
  EXPECT_EQ(select.step(), Statement::Step::Done);
}

TEST(Database, EndsItsStatementsWhenEmptied) {
  auto database = Database::inMemory();
  database->run("CREATE TABLE t(a)");
  auto select = database->prepare("SELECT * FROM t");
  database->empty();
  EXPECT_TRUE(select.isStale());
  EXPECT_THROW(select.step(), Error);
  EXPECT_EQ(failureOf(*database, "SELECT * FROM t"), "no such table: t: SQLITE_ERROR");
}

TEST(Database, MayGoBeforeItsStatements) {
  Statement statement;
  {
    auto database = Database::inMemory();
    statement = database->prepare("SELECT 1");
  }
  EXPECT_TRUE(statement.isStale());
}

TEST(Authorizer, ConfinesWorkers) {
  auto database = Database::inMemory();
  database->run("CREATE TABLE _cf_KV(key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID");
  database->run("CREATE TABLE t(a)");
  struct Row {
    kj::StringPtr sql;
    kj::StringPtr expected;
  };
  constexpr kj::StringPtr kDenied = "not authorized: SQLITE_AUTH"_kj;
  for (const Row& row : {
           Row{"SELECT key FROM _cf_KV", "access to _cf_KV.key is prohibited: SQLITE_AUTH"},
           Row{"SELECT key FROM _CF_kv", "access to _cf_KV.key is prohibited: SQLITE_AUTH"},
           Row{"DROP TABLE _cf_KV", kDenied},
           Row{"CREATE TABLE _cf_x(a)", kDenied},
           Row{"CREATE INDEX i ON _cf_KV(value)", kDenied},
           Row{"ALTER TABLE t RENAME TO \"_cf_t\"", kDenied},
           Row{"ALTER TABLE t RENAME TO\n_Cf_t", kDenied},
           Row{"ATTACH ':memory:' AS other", kDenied},
           Row{"CREATE TEMP TABLE x(a)", kDenied},
           Row{"PRAGMA journal_mode=DELETE", kDenied},
           Row{"PRAGMA table_info(_cf_KV)", kDenied},
           Row{"SELECT * FROM pragma_table_info('_cf_KV')", kDenied},
           Row{"SELECT data FROM sqlite_dbpage",
               "access to sqlite_dbpage.data is prohibited: SQLITE_AUTH"},
           Row{"SELECT sqlite_version()",
               "not authorized to use function: sqlite_version at offset 7: SQLITE_ERROR"},
           Row{"CREATE VIEW v AS SELECT key FROM _cf_KV", ""},
           Row{"SELECT * FROM v", "access to _cf_KV.key is prohibited: SQLITE_AUTH"},
           Row{"ALTER TABLE t RENAME TO u", ""},
           Row{"PRAGMA table_info(u)", ""},
           Row{"PRAGMA foreign_keys=on", ""},
           Row{"SELECT abs(-1), json_object('a', 1), count(*) FROM u", ""},
           Row{"CREATE VIRTUAL TABLE f USING fts5(x)", ""},
           Row{"INSERT INTO f VALUES ('a b')", ""},
           Row{"SELECT highlight(f, 0, '<', '>') FROM f WHERE f MATCH 'a'", ""},
           Row{"DROP TABLE f", ""},
       }) {
    EXPECT_EQ(failureOf(*database, row.sql), row.expected) << row.sql.cStr();
  }
  EXPECT_TRUE(failureOf(*database, "SAVEPOINT x").startsWith("To execute a transaction"));
}

TEST(Authorizer, WatchesStatementsThatAreCompiledAnew) {
  auto database = Database::inMemory();
  database->run("CREATE TABLE _cf_KV(key TEXT, value BLOB)");
  database->run("CREATE VIEW v AS SELECT 1 AS key");
  auto prepared = database->prepare("SELECT key FROM v"_kj.asArray(), Author::Worker);
  EXPECT_EQ(prepared.statement.step(), Statement::Step::Row);
  prepared.statement.reset();
  database->run("DROP VIEW v");
  database->run("CREATE VIEW v AS SELECT key FROM _cf_KV");
  EXPECT_THROW(prepared.statement.step(), Error);
}

TEST(StatementCache, KeepsNoMoreTextThanItsLimit) {
  auto database = Database::inMemory();
  StatementCache cache;
  auto text = [](int i) { return kj::str("SELECT ", i, " /*", kj::repeat('x', 90'000), "*/"); };
  for (int i = 0; i < 20; ++i) {
    auto sql = text(i);
    cache.give(sql.asArray(), database->prepare(sql.asArray(), Author::Worker).statement);
  }
  EXPECT_TRUE(cache.take(text(0).asArray()) == nullptr);
  EXPECT_TRUE(cache.take(text(19).asArray()) != nullptr);
  EXPECT_TRUE(cache.take(text(19).asArray()) == nullptr);
}

}  // namespace
}  // namespace ocapd::sqlite
