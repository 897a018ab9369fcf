#include "src/actor/sqlite_store.h"

#include <kj/debug.h>
#include <sqlite3.h>

namespace ocapd::actor {

namespace {

constexpr kj::StringPtr kTableNames[] = {"_cf_KV"_kj, "_cf_METADATA"_kj, "_cf_EXTERNALS"_kj};
constexpr kj::StringPtr kTableSchemas[] = {
    "CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"_kj,
    "CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)"_kj,
    ""_kj,
};

int64_t toNanoseconds(kj::Date time) {
  return (time - kj::UNIX_EPOCH) / kj::NANOSECONDS;
}

kj::Date fromNanoseconds(int64_t time) {
  return kj::UNIX_EPOCH + time * kj::NANOSECONDS;
}

// Pinned by the reference.
constexpr kj::StringPtr kConstraintViolated =
    "jsg.Error: Durable Object was reset and rolled back to its last known good state because the "
    "application left the database in a state where constraints were violated: "_kj;

}  // namespace

class SqliteStore::KeyWalk final : public ActorStore::Walk {
 public:
  KeyWalk(SqliteStore& store, kj::String sql, sqlite::Statement statement)
      : store_(store), number_(store.walks_), sql_(kj::mv(sql)), statement_(kj::mv(statement)) {}
  ~KeyWalk() noexcept(false) { store_.lists_.give(sql_.asArray(), kj::mv(statement_)); }

  bool isInvalid() const override { return number_ != store_.walks_; }

  kj::Maybe<Entry> next() override {
    if (statement_.empty() || statement_.step() == sqlite::Statement::Step::Done) return nullptr;
    return Entry{statement_.columnText(0), statement_.columnBlob(1)};
  }

 private:
  SqliteStore& store_;
  uint64_t number_;
  kj::String sql_;
  sqlite::Statement statement_;
};

SqliteStore::SqliteStore(sqlite::Database& database, Kind kind, Owner& owner)
    : database_(database), kind_(kind), owner_(owner) {
  loadAlarm();
  scheduledAlarm_ = alarm_;
}

SqliteStore::~SqliteStore() noexcept(false) {
  shutDown();
}

void SqliteStore::shutDown() {
  if (down_) return;
  down_ = true;
  committing_ = nullptr;
  if (database_.inTransaction()) database_.run("ROLLBACK");
  pending_ = false;
  rolledBack();
}

// ---- tables ----

sqlite::Statement& SqliteStore::ready(sqlite::Statement& statement, kj::StringPtr sql) {
  if (statement.empty() || statement.isStale()) {
    statement = database_.prepare(sql);
  } else {
    statement.reset();
  }
  return statement;
}

bool SqliteStore::has(Table table) {
  if (generation_ != database_.generation()) {
    generation_ = database_.generation();
    for (auto& each : tables_) each = nullptr;
  }
  auto& known = tables_[size_t(table)];
  KJ_IF_MAYBE(answer, known) {
    return *answer;
  }
  auto statement =
      database_.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"_kj);
  statement.bindText(0, kTableNames[size_t(table)]);
  bool found = statement.step() == sqlite::Statement::Step::Row;
  known = found;
  return found;
}

void SqliteStore::require(Table table) {
  if (has(table)) return;
  database_.run(kTableSchemas[size_t(table)]);
  tables_[size_t(table)] = true;
}

void SqliteStore::rolledBack() {
  for (auto& each : tables_) each = nullptr;
  if (!down_) loadAlarm();
}

// ---- keys and values ----

bool SqliteStore::get(Key key, kj::FunctionParam<void(kj::ArrayPtr<const kj::byte>)> visit) {
  if (!has(Table::KeyValue)) return false;
  auto& statement = ready(get_, "SELECT value FROM _cf_KV WHERE key = ?");
  KJ_DEFER(statement.reset());
  statement.bindText(0, key);
  if (statement.step() == sqlite::Statement::Step::Done) return false;
  visit(statement.columnBlob(0));
  return true;
}

void SqliteStore::dropExternals(Key key) {
  if (!has(Table::Externals)) return;
  auto statement = database_.prepare("DELETE FROM _cf_EXTERNALS WHERE key = ?");
  statement.bindText(0, key);
  statement.step();
}

void SqliteStore::put(Key key, kj::ArrayPtr<const kj::byte> value, Confirm confirm) {
  beforeWrite(confirm);
  require(Table::KeyValue);
  dropExternals(key);
  auto& statement = ready(put_,
                          "INSERT INTO _cf_KV VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value "
                          "= excluded.value");
  KJ_DEFER(statement.reset());
  statement.bindText(0, key);
  statement.bindBlob(1, value);
  statement.step();
}

bool SqliteStore::remove(Key key, Confirm confirm) {
  beforeWrite(confirm);
  require(Table::KeyValue);
  dropExternals(key);
  auto& statement = ready(remove_, "DELETE FROM _cf_KV WHERE key = ?");
  KJ_DEFER(statement.reset());
  statement.bindText(0, key);
  statement.step();
  return statement.rowsWritten() > 0;
}

kj::Own<api::ActorStore::Walk> SqliteStore::list(Range range) {
  ++walks_;
  if (!has(Table::KeyValue)) return kj::heap<KeyWalk>(*this, kj::str(), sqlite::Statement());
  bool hasStart = range.start != nullptr;
  bool hasEnd = range.end != nullptr;
  auto sql = kj::str("SELECT key, value FROM _cf_KV", hasStart ? " WHERE key >= ?" : "",
                     hasEnd ? (hasStart ? " AND key < ?" : " WHERE key < ?") : "", " ORDER BY key",
                     range.reverse ? " DESC" : "", range.limit == nullptr ? "" : " LIMIT ?");
  sqlite::Statement statement;
  KJ_IF_MAYBE(kept, lists_.take(sql.asArray())) {
    statement = kj::mv(*kept);
  } else {
    statement = database_.prepare(sql);
  }
  int index = 0;
  KJ_IF_MAYBE(start, range.start) {
    statement.bindText(index++, start->asArray());
  }
  KJ_IF_MAYBE(end, range.end) {
    statement.bindText(index++, end->asArray());
  }
  KJ_IF_MAYBE(limit, range.limit) {
    statement.bindInteger(index++, *limit);
  }
  return kj::heap<KeyWalk>(*this, kj::mv(sql), kj::mv(statement));
}

void SqliteStore::deleteAll(bool alsoAlarm) {
  auto alarm = alarm_;
  if (database_.inTransaction()) database_.run("ROLLBACK");
  pending_ = false;
  savepoints_ = 0;
  lists_.clear();
  database_.empty();
  beforeWrite(Confirm::Wait);
  alarm_ = nullptr;
  if (alsoAlarm) alarmTouched_ = true;
  if (!alsoAlarm && alarm != nullptr) setAlarm(alarm, Confirm::Wait);
  owner_.deletedAll();
}

// ---- the alarm and other metadata ----

kj::Maybe<int64_t> SqliteStore::metadata(int key) {
  if (!has(Table::Metadata)) return nullptr;
  auto& statement = ready(getMetadata_, "SELECT value FROM _cf_METADATA WHERE key = ?");
  KJ_DEFER(statement.reset());
  statement.bindInteger(0, key);
  if (statement.step() == sqlite::Statement::Step::Done) return nullptr;
  if (statement.columnType(0) == sqlite::Statement::Type::Null) return nullptr;
  return statement.columnInteger(0);
}

void SqliteStore::setMetadata(int key, kj::Maybe<int64_t> value) {
  require(Table::Metadata);
  auto& statement = ready(setMetadata_,
                          "INSERT INTO _cf_METADATA VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET "
                          "value = excluded.value");
  KJ_DEFER(statement.reset());
  statement.bindInteger(0, key);
  KJ_IF_MAYBE(number, value) {
    statement.bindInteger(1, *number);
  } else {
    statement.bindNull(1);
  }
  statement.step();
}

void SqliteStore::loadAlarm() {
  alarm_ = metadata(kAlarmKey).map([](int64_t time) { return fromNanoseconds(time); });
}

kj::Maybe<kj::Date> SqliteStore::getAlarm() {
  if (inAlarm_ && !alarmTouched_) return nullptr;
  return alarm_;
}

void SqliteStore::setAlarm(kj::Maybe<kj::Date> time, Confirm confirm) {
  alarmTouched_ = true;
  KJ_IF_MAYBE(wanted, time) {
    time = kj::max(*wanted, kj::systemPreciseCalendarClock().now());
  } else if (alarm_ == nullptr) {
    return;
  }
  // The present is known by the millisecond here.
  auto rounded = time.map([](kj::Date exact) {
    return kj::UNIX_EPOCH + (exact - kj::UNIX_EPOCH) / kj::MILLISECONDS * kj::MILLISECONDS;
  });
  beforeWrite(confirm);
  setMetadata(kAlarmKey, rounded.map([](kj::Date date) { return toNanoseconds(date); }));
  alarm_ = rounded;
}

void SqliteStore::beginAlarm() {
  inAlarm_ = true;
  alarmTouched_ = false;
}

bool SqliteStore::endAlarm(AlarmEnd end) {
  bool touched = alarmTouched_;
  inAlarm_ = false;
  alarmTouched_ = false;
  if (!touched && end == AlarmEnd::Done && !down_) setAlarm(nullptr, Confirm::Wait);
  return !touched;
}

uint64_t SqliteStore::nextBookmark() {
  uint64_t count = uint64_t(metadata(kBookmarkKey).orDefault(0));
  beforeWrite(Confirm::Wait);
  setMetadata(kBookmarkKey, int64_t(count + 1));
  return count;
}

// ---- transactions ----

void SqliteStore::beforeWrite(Confirm confirm) {
  if (down_) throw sqlite::Error(kj::str("The Durable Object's storage has been shut down."));
  if (transactionDepth_ > 0) return;
  if (!pending_) {
    auto& statement = ready(begin_, "BEGIN");
    statement.step();
    statement.reset();
    pending_ = true;
    confirmed_ = false;
    scheduleCommit();
  }
  if (confirm == Confirm::Wait) confirmed_ = true;
}

void SqliteStore::scheduleCommit() {
  // After the turn, as no turn outlasts one round of the event loop.
  committed_ = kj::evalLater([this]() { commit(); }).fork();
  committing_ = committed_.addBranch().eagerlyEvaluate([](kj::Exception&&) {
    // The owner has been told.
  });
}

void SqliteStore::commit() {
  if (!pending_) return;
  pending_ = false;
  savepoints_ = 0;
  commitWith("COMMIT");
}

void SqliteStore::commitWith(kj::StringPtr finish) {
  bool changed = alarm_ != scheduledAlarm_;
  bool sooner = false;
  KJ_IF_MAYBE(time, alarm_) {
    sooner = true;
    KJ_IF_MAYBE(known, scheduledAlarm_) {
      sooner = *time < *known;
    }
  }
  try {
    if (changed && sooner) owner_.scheduleAlarm(alarm_);
    if (finish == "COMMIT") {
      auto& statement = ready(commit_, finish);
      statement.step();
      statement.reset();
    } else {
      database_.run(finish);
    }
    if (changed && !sooner) owner_.scheduleAlarm(alarm_);
    scheduledAlarm_ = alarm_;
  } catch (sqlite::Error& error) {
    failed(error);
  }
}

void SqliteStore::failed(const sqlite::Error& error) {
  auto reason = KJ_EXCEPTION(FAILED, "");
  if (error.code() == SQLITE_CONSTRAINT) {
    reason.setDescription(kj::str(kConstraintViolated, error.text()));
  } else {
    reason.setDescription(kj::str("broken.outputGateBroken; jsg.Error: ", error.text()));
  }
  if (database_.inTransaction()) database_.run("ROLLBACK");
  rolledBack();
  owner_.commitFailed(reason);
  kj::throwFatalException(kj::mv(reason));
}

kj::Maybe<kj::Promise<void>> SqliteStore::outputHeld() {
  if (!pending_ || !confirmed_) return nullptr;
  return committed_.addBranch();
}

kj::Promise<void> SqliteStore::whenDurable() {
  if (!pending_) return kj::READY_NOW;
  return committed_.addBranch();
}

void SqliteStore::beginSavepoint() {
  database_.run(kj::str("SAVEPOINT _cf_inner_", savepoints_));
  ++savepoints_;
}

void SqliteStore::releaseSavepoint() {
  --savepoints_;
  database_.run(kj::str("RELEASE _cf_inner_", savepoints_));
}

void SqliteStore::rollbackSavepoint() {
  --savepoints_;
  database_.run(kj::str("ROLLBACK TO _cf_inner_", savepoints_));
  database_.run(kj::str("RELEASE _cf_inner_", savepoints_));
  rolledBack();
}

void SqliteStore::beginTransaction() {
  if (down_) throw sqlite::Error(kj::str("The Durable Object's storage has been shut down."));
  if (transactionDepth_ == 0) commit();
  database_.run(kj::str("SAVEPOINT _cf_outer_", transactionDepth_));
  ++transactionDepth_;
}

void SqliteStore::commitTransaction() {
  --transactionDepth_;
  auto release = kj::str("RELEASE _cf_outer_", transactionDepth_);
  if (transactionDepth_ == 0) {
    commitWith(release);
  } else {
    database_.run(release);
  }
}

void SqliteStore::rollbackTransaction() {
  --transactionDepth_;
  database_.run(kj::str("ROLLBACK TO _cf_outer_", transactionDepth_));
  database_.run(kj::str("RELEASE _cf_outer_", transactionDepth_));
  rolledBack();
}

}  // namespace ocapd::actor
