#include "src/sqlite/authorizer.h"

#include <ctype.h>
#include <sqlite3.h>
#include <strings.h>

#include "src/sqlite/allowed_names.h"

namespace ocapd::sqlite {

namespace {

// Names the runtime keeps for itself.
constexpr kj::StringPtr kReserved = "_cf_"_kj;

bool isReserved(kj::StringPtr name) {
  return strncasecmp(name.cStr(), kReserved.cStr(), kReserved.size()) == 0;
}

bool isOwnName(kj::StringPtr name) {
  return !isReserved(name) && !isHiddenTable(name);
}

bool isMainOrNone(kj::StringPtr database) {
  return database == "" || database == "main";
}

// Whether the text renames something to a reserved name: SQLite does not tell the new name.
bool renamesToReserved(kj::ArrayPtr<const char> sql) {
  for (size_t i = 1; i + kReserved.size() <= sql.size(); ++i) {
    if (strncasecmp(sql.begin() + i, kReserved.cStr(), kReserved.size()) != 0) continue;
    char before = sql[i - 1];
    if (!isalnum(static_cast<unsigned char>(before)) && before != '_' && before != '$') return true;
  }
  return false;
}

}  // namespace

Authorizer::Scope::Scope(Authorizer& authorizer, Author author)
    : authorizer_(authorizer), before_(authorizer.author_) {
  authorizer.author_ = author;
  authorizer.sawTransaction_ = false;
  authorizer.sawAlter_ = false;
}

Authorizer::Scope::~Scope() {
  authorizer_.author_ = before_;
}

void Authorizer::watch(sqlite3* connection) {
  sqlite3_set_authorizer(connection, &Authorizer::ask, this);
}

kj::Maybe<Error> Authorizer::refusal(kj::ArrayPtr<const char> sql) const {
  if (sawTransaction_) {
    // Pinned by the reference.
    return Error(
        kj::str("To execute a transaction, please use the state.storage.transaction() or "
                "state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or "
                "SAVEPOINT statements. The JavaScript API is safer because it will automatically "
                "roll back on exceptions, and because it interacts correctly with Durable "
                "Objects' automatic atomic write coalescing."));
  }
  if (sawAlter_ && renamesToReserved(sql)) return Error(kj::str("not authorized: SQLITE_AUTH"));
  return nullptr;
}

int Authorizer::ask(void* self, int action, const char* first, const char* second,
                    const char* database, const char*) {
  auto& authorizer = *static_cast<Authorizer*>(self);
  if (authorizer.author_ == Author::Runtime) return SQLITE_OK;
  auto text = [](const char* given) { return given == nullptr ? ""_kj : kj::StringPtr(given); };
  return authorizer.allows(action, text(first), text(second), text(database)) ? SQLITE_OK
                                                                              : SQLITE_DENY;
}

bool Authorizer::allows(int action, kj::StringPtr first, kj::StringPtr second,
                        kj::StringPtr database) {
  switch (action) {
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_INSERT:
    case SQLITE_DELETE:
    case SQLITE_ANALYZE:
    case SQLITE_REINDEX: return isMainOrNone(database) && isOwnName(first);
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
      return isMainOrNone(database) && isOwnName(first) && isOwnName(second);
    case SQLITE_READ:
    case SQLITE_UPDATE: return (isMainOrNone(database) || database == "temp") && isOwnName(first);
    case SQLITE_ALTER_TABLE: sawAlter_ = true; return isMainOrNone(first) && isOwnName(second);
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_VTABLE:
      return isMainOrNone(database) && isOwnName(first) && isAllowedModule(second);
    case SQLITE_PRAGMA: return isAllowedPragma(first, second) && !isReserved(second);
    case SQLITE_FUNCTION: return isAllowedFunction(second);
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: sawTransaction_ = true; return false;
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return true;
    default: return false;  // attaching, temporary things, and what comes with newer versions
  }
}

}  // namespace ocapd::sqlite
