// ActorStore: what the storage classes need of an actor's database; actor/ implements it.
//
// Every operation happens when it is called. Writes join the implicit transaction that is committed
// after the turn; what the actor tells the world waits for that.
//
// Lives     as long as its actor's instance.
// Threads   its lane.
// Errors    sqlite::Error; a critical one has broken the actor.
// See       src/actor/sqlite_store.h
#pragma once

#include <kj/array.h>
#include <kj/async.h>
#include <kj/time.h>

#include "src/sqlite/database.h"

namespace ocapd::api {

class ActorStore {
 public:
  using Key = kj::ArrayPtr<const char>;
  // Whether what is told to the world is to wait for this write.
  enum class Confirm : uint8_t { Wait, Skip };

  struct Range {
    kj::Maybe<kj::String> start;  // inclusive
    kj::Maybe<kj::String> end;    // exclusive
    bool reverse = false;
    kj::Maybe<uint32_t> limit;
  };
  struct Entry {
    kj::ArrayPtr<const char> key;
    kj::ArrayPtr<const kj::byte> value;
  };
  // A walk over keys. A second one ends the first.
  class Walk {
   public:
    virtual ~Walk() noexcept(false) = default;
    // Valid until the next call.
    virtual kj::Maybe<Entry> next() = 0;
    virtual bool isInvalid() const = 0;
  };

  virtual ~ActorStore() noexcept(false) = default;

  // False: in memory, with the limits and without the interfaces of the older kind of storage.
  virtual bool isSqlite() const = 0;

  // `visit` gets the bytes where they lie; false: no such key.
  virtual bool get(Key key, kj::FunctionParam<void(kj::ArrayPtr<const kj::byte>)> visit) = 0;
  virtual void put(Key key, kj::ArrayPtr<const kj::byte> value, Confirm confirm) = 0;
  virtual bool remove(Key key, Confirm confirm) = 0;
  virtual kj::Own<Walk> list(Range range) = 0;
  virtual void deleteAll(bool alsoAlarm) = 0;

  virtual kj::Maybe<kj::Date> getAlarm() = 0;
  virtual void setAlarm(kj::Maybe<kj::Date> time, Confirm confirm) = 0;

  virtual uint64_t nextBookmark() = 0;

  // The same data for SQL. Statements that write call beforeWrite() first.
  virtual sqlite::Database& database() = 0;
  virtual void beforeWrite(Confirm confirm) = 0;

  // Savepoints within the implicit transaction, innermost first.
  virtual void beginSavepoint() = 0;
  virtual void releaseSavepoint() = 0;
  virtual void rollbackSavepoint() = 0;
  // A transaction that spans turns; writes join it instead of the implicit one.
  virtual void beginTransaction() = 0;
  virtual void commitTransaction() = 0;
  virtual void rollbackTransaction() = 0;
  virtual uint32_t transactionDepth() const = 0;

  // Resolves when every write so far is on disk.
  virtual kj::Promise<void> whenDurable() = 0;
};

}  // namespace ocapd::api
