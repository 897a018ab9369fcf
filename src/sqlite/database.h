// Database: one SQLite file, or memory, and the statements compiled for it.
//
// Owns      the connection. Statements are handles into it: when the database is closed or emptied
//           they end, and say so when used.
// Lives     on its lane; statements may outlive it.
// Threads   its lane only.
// Limits    kLengthMax for text, blobs and rows; for worker code those of limits.cc as well.
// Errors    sqlite::Error.
// See       https://www.sqlite.org/security.html
#pragma once

#include <cstdint>

#include <kj/list.h>
#include <kj/refcount.h>

#include "src/sqlite/authorizer.h"
#include "src/sqlite/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ocapd::sqlite {

class Database;

// One compiled statement. Let go of, it is freed by its database at the next opportunity: letting
// go touches nothing, so that it may happen in a garbage collector's sweep.
class Statement {
 public:
  enum class Step : uint8_t { Row, Done };
  enum class Type : uint8_t { Null, Integer, Real, Text, Blob };

  Statement() = default;
  Statement(Statement&&) = default;
  Statement& operator=(Statement&& other);
  ~Statement() noexcept(false) { release(); }

  bool empty() const { return core_.get() == nullptr; }
  // The database was emptied or closed under it.
  bool isStale() const;
  bool isReadOnly() const;
  int parameterCount() const;

  // Parameters count from 0. Bytes are copied.
  void bindNull(int index);
  void bindInteger(int index, int64_t value);
  void bindReal(int index, double value);
  void bindText(int index, kj::ArrayPtr<const char> value);
  void bindBlob(int index, kj::ArrayPtr<const kj::byte> value);

  Step step();
  // Ready to be bound and run anew.
  void reset();

  int columnCount() const;
  kj::StringPtr columnName(int index) const;
  Type columnType(int index) const;
  int64_t columnInteger(int index) const;
  double columnReal(int index) const;
  // Until the next step.
  kj::ArrayPtr<const char> columnText(int index) const;
  kj::ArrayPtr<const kj::byte> columnBlob(int index) const;

  // Rows visited and changed since it was reset: what the SQL API reports.
  uint64_t rowsRead() const;
  uint64_t rowsWritten() const;

 private:
  friend class Database;
  friend class StatementCache;

  struct Core : public kj::Refcounted {
    Database* database = nullptr;  // null once it has ended
    sqlite3_stmt* handle = nullptr;
    Author author = Author::Runtime;
    bool abandoned = false;
    uint64_t rowsStepped = 0;
    uint64_t rowsWritten = 0;
    kj::Own<Core> self;
    kj::ListLink<Core> link;
  };

  explicit Statement(kj::Own<Core> core) : core_(kj::mv(core)) {}
  void release();
  sqlite3_stmt* handle() const;
  void check(int code);

  kj::Own<Core> core_;
};

class Database {
 public:
  static constexpr int kLengthMax = 8 * 1024 * 1024 + 34;

  // Opens or makes the file, in WAL mode. Its folder exists.
  static kj::Own<Database> open(kj::StringPtr path);
  static kj::Own<Database> inMemory();
  explicit Database(kj::Maybe<kj::String> path);
  ~Database() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(Database);

  // Compiles the first statement of `sql`; `rest` is what follows it.
  struct Prepared {
    Statement statement;  // empty: there was none
    kj::ArrayPtr<const char> rest;
  };
  Prepared prepare(kj::ArrayPtr<const char> sql, Author author);
  // Of the runtime's own: one statement, kept.
  Statement prepare(kj::StringPtr sql);
  // The same, run once without results.
  void run(kj::StringPtr sql);

  bool inTransaction() const;
  // Deletes everything by deleting the file: all statements end.
  void empty();
  // Ends all statements and the connection: nothing works afterwards. Uncommitted changes are lost.
  void close();
  // Makes the other one, which is empty, like this one.
  void copyTo(Database& other);
  bool isOpen() const { return connection_ != nullptr; }

  // Goes up whenever it is emptied, as what was compiled before is of no use.
  uint64_t generation() const { return generation_; }

 private:
  friend class Statement;

  void connect();
  void adopt(Statement::Core& core);
  void end(Statement::Core& core);
  void freeAbandoned();
  void endStatements();
  static void countWrite(void* self, sqlite3* connection, int operation, const char* schema,
                         const char* table, long long oldRow, long long newRow);

  kj::Maybe<kj::String> path_;  // none: in memory
  sqlite3* connection_ = nullptr;
  kj::List<Statement::Core, &Statement::Core::link> statements_;
  Statement::Core* running_ = nullptr;
  Authorizer authorizer_;
  uint64_t generation_ = 0;
};

}  // namespace ocapd::sqlite
