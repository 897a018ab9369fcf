#include "src/sqlite/error.h"

#include <sqlite3.h>

namespace ocapd::sqlite {

namespace {

struct Name {
  int code;
  kj::StringPtr name;
};

constexpr Name kNames[] = {
    {SQLITE_ERROR, "SQLITE_ERROR"_kj},
    {SQLITE_INTERNAL, "SQLITE_INTERNAL"_kj},
    {SQLITE_PERM, "SQLITE_PERM"_kj},
    {SQLITE_ABORT, "SQLITE_ABORT"_kj},
    {SQLITE_BUSY, "SQLITE_BUSY"_kj},
    {SQLITE_LOCKED, "SQLITE_LOCKED"_kj},
    {SQLITE_NOMEM, "SQLITE_NOMEM"_kj},
    {SQLITE_READONLY, "SQLITE_READONLY"_kj},
    {SQLITE_INTERRUPT, "SQLITE_INTERRUPT"_kj},
    {SQLITE_IOERR, "SQLITE_IOERR"_kj},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT"_kj},
    {SQLITE_NOTFOUND, "SQLITE_NOTFOUND"_kj},
    {SQLITE_FULL, "SQLITE_FULL"_kj},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN"_kj},
    {SQLITE_PROTOCOL, "SQLITE_PROTOCOL"_kj},
    {SQLITE_SCHEMA, "SQLITE_SCHEMA"_kj},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG"_kj},
    {SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT"_kj},
    {SQLITE_MISMATCH, "SQLITE_MISMATCH"_kj},
    {SQLITE_MISUSE, "SQLITE_MISUSE"_kj},
    {SQLITE_NOLFS, "SQLITE_NOLFS"_kj},
    {SQLITE_AUTH, "SQLITE_AUTH"_kj},
    {SQLITE_RANGE, "SQLITE_RANGE"_kj},
    {SQLITE_NOTADB, "SQLITE_NOTADB"_kj},
    {SQLITE_ERROR_MISSING_COLLSEQ, "SQLITE_ERROR_MISSING_COLLSEQ"_kj},
    {SQLITE_ERROR_RETRY, "SQLITE_ERROR_RETRY"_kj},
    {SQLITE_IOERR_READ, "SQLITE_IOERR_READ"_kj},
    {SQLITE_IOERR_SHORT_READ, "SQLITE_IOERR_SHORT_READ"_kj},
    {SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"_kj},
    {SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"_kj},
    {SQLITE_IOERR_TRUNCATE, "SQLITE_IOERR_TRUNCATE"_kj},
    {SQLITE_IOERR_SHMOPEN, "SQLITE_IOERR_SHMOPEN"_kj},
    {SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE"_kj},
    {SQLITE_BUSY_SNAPSHOT, "SQLITE_BUSY_SNAPSHOT"_kj},
    {SQLITE_CORRUPT_VTAB, "SQLITE_CORRUPT_VTAB"_kj},
    {SQLITE_READONLY_DBMOVED, "SQLITE_READONLY_DBMOVED"_kj},
    {SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY"_kj},
    {SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK"_kj},
    {SQLITE_CONSTRAINT_COMMITHOOK, "SQLITE_CONSTRAINT_COMMITHOOK"_kj},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY"_kj},
    {SQLITE_CONSTRAINT_FUNCTION, "SQLITE_CONSTRAINT_FUNCTION"_kj},
    {SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL"_kj},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY"_kj},
    {SQLITE_CONSTRAINT_TRIGGER, "SQLITE_CONSTRAINT_TRIGGER"_kj},
    {SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE"_kj},
    {SQLITE_CONSTRAINT_VTAB, "SQLITE_CONSTRAINT_VTAB"_kj},
    {SQLITE_CONSTRAINT_ROWID, "SQLITE_CONSTRAINT_ROWID"_kj},
    {SQLITE_CONSTRAINT_PINNED, "SQLITE_CONSTRAINT_PINNED"_kj},
    {SQLITE_CONSTRAINT_DATATYPE, "SQLITE_CONSTRAINT_DATATYPE"_kj},
};

}  // namespace

kj::Maybe<kj::StringPtr> codeName(int code) {
  for (const Name& each : kNames) {
    if (each.code == code) return each.name;
  }
  return nullptr;
}

Error Error::last(sqlite3* connection) {
  int extended = sqlite3_extended_errcode(connection);
  int code = extended & 0xff;
  int offset = sqlite3_error_offset(connection);
  auto where = offset < 0 ? kj::str() : kj::str(" at offset ", offset);
  auto name = KJ_UNWRAP_OR(codeName(code), { return Error(kj::str("SQLite error ", code)); });
  auto more = kj::str();
  if (extended != code) {
    KJ_IF_MAYBE(known, codeName(extended)) {
      more = kj::str(" (extended: ", *known, ')');
    }
  }
  Error result(kj::str(sqlite3_errmsg(connection), where, ": ", name, more));
  result.code_ = code;
  return result;
}

}  // namespace ocapd::sqlite
