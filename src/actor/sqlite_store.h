// SqliteStore: an actor's data in one SQLite database, and the gate that holds its answers back
// until they are true.
//
// The first write of a turn begins a transaction, which is committed right after the turn; whoever
// asks outputHeld() in between waits for that. The alarm's time is a row of the same database; the
// scheduler hears of it before the commit when it moves closer, afterwards otherwise, so that it
// never wakes the actor too late.
//
// Owns      the database.
// Lives     as long as the actor's instance.
// Threads   its lane.
// Errors    what SQLite refuses is thrown; a failed commit breaks the actor.
// See       docs/ARCHITECTURE.md
#pragma once

#include <kj/async.h>

#include "src/api/actor/actor_store.h"
#include "src/sqlite/statement_cache.h"

namespace ocapd::actor {

class SqliteStore final : public api::ActorStore {
 public:
  class Owner {
   public:
    // Nothing more can be written; what was not committed is gone.
    virtual void commitFailed(const kj::Exception& reason) = 0;
    // On disk when it returns.
    virtual void scheduleAlarm(kj::Maybe<kj::Date> time) = 0;
    // All is deleted: what the owner keeps beside the database is to go too.
    virtual void deletedAll() = 0;
  };
  enum class Kind : uint8_t { Sqlite, KeyValueInMemory };

  SqliteStore(sqlite::Database& database, Kind kind, Owner& owner);
  ~SqliteStore() noexcept(false);

  // What waits until the writes so far are on disk, if any of them asked for that.
  kj::Maybe<kj::Promise<void>> outputHeld();
  // Gives up what is not committed.
  void shutDown();
  // Puts on disk what is written, ahead of the turn's end. A transaction under way goes on.
  void commitNow() { commit(); }

  // ---- the alarm's handler ----
  kj::Maybe<kj::Date> storedAlarm() const { return alarm_; }
  void beginAlarm();
  enum class AlarmEnd : uint8_t { Done, ToBeRetried };
  // False: the handler has set or deleted the alarm, so that there is nothing to run again.
  bool endAlarm(AlarmEnd end);

  // ---- ActorStore ----
  bool isSqlite() const override { return kind_ == Kind::Sqlite; }
  bool get(Key key, kj::FunctionParam<void(kj::ArrayPtr<const kj::byte>)> visit) override;
  void put(Key key, kj::ArrayPtr<const kj::byte> value, Confirm confirm) override;
  bool remove(Key key, Confirm confirm) override;
  kj::Own<Walk> list(Range range) override;
  void deleteAll(bool alsoAlarm) override;
  kj::Maybe<kj::Date> getAlarm() override;
  void setAlarm(kj::Maybe<kj::Date> time, Confirm confirm) override;
  uint64_t nextBookmark() override;
  sqlite::Database& database() override { return database_; }
  void beforeWrite(Confirm confirm) override;
  void beginSavepoint() override;
  void releaseSavepoint() override;
  void rollbackSavepoint() override;
  void beginTransaction() override;
  void commitTransaction() override;
  void rollbackTransaction() override;
  uint32_t transactionDepth() const override { return transactionDepth_; }
  kj::Promise<void> whenDurable() override;

 private:
  class KeyWalk;
  enum class Table : uint8_t { KeyValue, Metadata, Externals };
  static constexpr size_t kTables = 3;
  static constexpr int kAlarmKey = 1;
  static constexpr int kBookmarkKey = 2;

  // A statement that is ready to be bound.
  sqlite::Statement& ready(sqlite::Statement& statement, kj::StringPtr sql);
  bool has(Table table);
  void require(Table table);
  kj::Maybe<int64_t> metadata(int key);
  void setMetadata(int key, kj::Maybe<int64_t> value);
  void loadAlarm();
  void dropExternals(Key key);
  void scheduleCommit();
  void commit();
  // Runs `finish`, which makes everything so far durable, with the scheduler before or after it.
  void commitWith(kj::StringPtr finish);
  void rolledBack();
  void failed(const sqlite::Error& error);

  sqlite::Database& database_;
  const Kind kind_;
  Owner& owner_;
  sqlite::Statement begin_, commit_, get_, put_, remove_, setMetadata_, getMetadata_;
  sqlite::StatementCache lists_;
  kj::Maybe<bool> tables_[kTables];  // none: not known
  uint64_t generation_ = 0;          // of the database, when the above was found out
  uint64_t walks_ = 0;

  kj::Maybe<kj::Date> alarm_;
  kj::Maybe<kj::Date> scheduledAlarm_;  // as the scheduler knows it
  bool inAlarm_ = false;
  bool alarmTouched_ = false;

  bool pending_ = false;    // the implicit transaction is open
  bool confirmed_ = false;  // and somebody is to wait for it
  bool down_ = false;
  uint32_t savepoints_ = 0;
  uint32_t transactionDepth_ = 0;
  kj::ForkedPromise<void> committed_ = nullptr;
  kj::Promise<void> committing_ = nullptr;
};

}  // namespace ocapd::actor
