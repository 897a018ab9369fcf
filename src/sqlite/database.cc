#include "src/sqlite/database.h"

#include <kj/debug.h>
#include <sqlite3.h>
#include <unistd.h>

#include "src/sqlite/limits.h"

namespace ocapd::sqlite {

namespace {

// Pinned by the reference.
constexpr kj::StringPtr kEnded = "SQLite query was canceled because the database was deleted."_kj;

}  // namespace

// ---- Statement ----

Statement& Statement::operator=(Statement&& other) {
  release();
  core_ = kj::mv(other.core_);
  return *this;
}

void Statement::release() {
  if (core_.get() == nullptr) return;
  core_->abandoned = true;
  core_ = nullptr;
}

bool Statement::isStale() const {
  return core_->database == nullptr;
}

sqlite3_stmt* Statement::handle() const {
  if (isStale()) throw Error(kj::str(kEnded));
  return core_->handle;
}

void Statement::check(int code) {
  if (code != SQLITE_OK) throw Error::last(core_->database->connection_);
}

bool Statement::isReadOnly() const {
  return sqlite3_stmt_readonly(handle()) != 0;
}

int Statement::parameterCount() const {
  return sqlite3_bind_parameter_count(handle());
}

void Statement::bindNull(int index) {
  check(sqlite3_bind_null(handle(), index + 1));
}

void Statement::bindInteger(int index, int64_t value) {
  check(sqlite3_bind_int64(handle(), index + 1, value));
}

void Statement::bindReal(int index, double value) {
  check(sqlite3_bind_double(handle(), index + 1, value));
}

void Statement::bindText(int index, kj::ArrayPtr<const char> value) {
  // A null pointer would be NULL.
  const char* start = value.size() == 0 ? "" : value.begin();
  check(
      sqlite3_bind_text64(handle(), index + 1, start, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bindBlob(int index, kj::ArrayPtr<const kj::byte> value) {
  const void* start = value.size() == 0 ? static_cast<const void*>("") : value.begin();
  check(sqlite3_bind_blob64(handle(), index + 1, start, value.size(), SQLITE_TRANSIENT));
}

Statement::Step Statement::step() {
  auto* statement = handle();
  auto& database = *core_->database;
  bool wasInTransaction = database.inTransaction();
  auto* outer = database.running_;
  database.running_ = core_.get();
  int code = SQLITE_OK;
  {
    // SQLite compiles anew when the schema has changed, and pragmas that are tables at any time.
    Authorizer::Scope scope(database.authorizer_, core_->author);
    code = sqlite3_step(statement);
  }
  database.running_ = outer;
  if (code == SQLITE_ROW) {
    ++core_->rowsStepped;
    return Step::Row;
  }
  if (code == SQLITE_DONE) return Step::Done;
  auto error = Error::last(database.connection_);
  if (wasInTransaction && !database.inTransaction()) error.setCritical();
  sqlite3_reset(statement);
  throw error;
}

void Statement::reset() {
  if (isStale()) return;
  sqlite3_reset(core_->handle);  // repeats the error of the last step, which was told
  sqlite3_clear_bindings(core_->handle);
  sqlite3_stmt_status(core_->handle, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
  core_->rowsStepped = 0;
  core_->rowsWritten = 0;
}

int Statement::columnCount() const {
  return sqlite3_column_count(handle());
}

kj::StringPtr Statement::columnName(int index) const {
  const char* name = sqlite3_column_name(handle(), index);
  return name == nullptr ? ""_kj : kj::StringPtr(name);
}

Statement::Type Statement::columnType(int index) const {
  switch (sqlite3_column_type(handle(), index)) {
    case SQLITE_INTEGER: return Type::Integer;
    case SQLITE_FLOAT: return Type::Real;
    case SQLITE_TEXT: return Type::Text;
    case SQLITE_BLOB: return Type::Blob;
    default: return Type::Null;
  }
}

int64_t Statement::columnInteger(int index) const {
  return sqlite3_column_int64(handle(), index);
}

double Statement::columnReal(int index) const {
  return sqlite3_column_double(handle(), index);
}

kj::ArrayPtr<const char> Statement::columnText(int index) const {
  auto* start = sqlite3_column_text(handle(), index);
  return kj::arrayPtr(reinterpret_cast<const char*>(start),
                      size_t(sqlite3_column_bytes(handle(), index)));
}

kj::ArrayPtr<const kj::byte> Statement::columnBlob(int index) const {
  auto* start = sqlite3_column_blob(handle(), index);
  return kj::arrayPtr(static_cast<const kj::byte*>(start),
                      size_t(sqlite3_column_bytes(handle(), index)));
}

// Differs: the reference counts operations of SQLite's virtual machine, which the packaged library
// does not tell. A full scan counts its rows, anything else the rows it gave or changed.
uint64_t Statement::rowsRead() const {
  if (isStale()) return core_->rowsStepped;
  auto scanned = uint64_t(sqlite3_stmt_status(core_->handle, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0));
  if (scanned > 0) ++scanned;
  return kj::max(scanned, core_->rowsStepped);
}

uint64_t Statement::rowsWritten() const {
  return core_->rowsWritten;
}

// ---- Database ----

kj::Own<Database> Database::open(kj::StringPtr path) {
  return kj::heap<Database>(kj::str(path));
}

kj::Own<Database> Database::inMemory() {
  return kj::heap<Database>(nullptr);
}

Database::Database(kj::Maybe<kj::String> path) : path_(kj::mv(path)) {
  connect();
}

Database::~Database() noexcept(false) {
  close();
}

void Database::connect() {
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
              SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
  const char* name = ":memory:";
  KJ_IF_MAYBE(path, path_) {
    name = path->cStr();
  }
  int code = sqlite3_open_v2(name, &connection_, flags, nullptr);
  if (code != SQLITE_OK) {
    auto error = Error::last(connection_);
    sqlite3_close(connection_);
    connection_ = nullptr;
    throw error;
  }
  KJ_ON_SCOPE_FAILURE(close());
  applyLimits(connection_);
  authorizer_.watch(connection_);
  sqlite3_preupdate_hook(connection_, &Database::countWrite, this);
  if (path_ != nullptr) run("PRAGMA journal_mode=WAL");
}

void Database::countWrite(void* self, sqlite3* connection, int operation, const char* schema,
                          const char* table, long long oldRow, long long newRow) {
  auto* running = static_cast<Database*>(self)->running_;
  if (running != nullptr) ++running->rowsWritten;
}

void Database::adopt(Statement::Core& core) {
  core.database = this;
  core.self = kj::addRef(core);
  statements_.add(core);
}

void Database::end(Statement::Core& core) {
  statements_.remove(core);
  sqlite3_finalize(core.handle);
  core.handle = nullptr;
  core.database = nullptr;
  auto share = kj::mv(core.self);
}

void Database::freeAbandoned() {
  for (auto& core : statements_) {
    if (core.abandoned) end(core);
  }
}

void Database::endStatements() {
  while (!statements_.empty()) end(statements_.front());
}

Database::Prepared Database::prepare(kj::ArrayPtr<const char> sql, Author author) {
  if (connection_ == nullptr) throw Error(kj::str(kEnded));
  freeAbandoned();
  Authorizer::Scope scope(authorizer_, author);
  sqlite3_stmt* handle = nullptr;
  const char* tail = nullptr;
  int code = sqlite3_prepare_v3(connection_, sql.begin(), int(sql.size()),
                                SQLITE_PREPARE_PERSISTENT, &handle, &tail);
  KJ_IF_MAYBE(refusal, authorizer_.refusal(
                           kj::arrayPtr(sql.begin(), code == SQLITE_OK ? tail : sql.end()))) {
    sqlite3_finalize(handle);
    throw kj::mv(*refusal);
  }
  if (code != SQLITE_OK) throw Error::last(connection_);
  Prepared result;
  result.rest = kj::arrayPtr(tail, sql.end());
  if (handle == nullptr) return result;
  auto core = kj::refcounted<Statement::Core>();
  core->handle = handle;
  core->author = author;
  adopt(*core);
  result.statement = Statement(kj::mv(core));
  return result;
}

Statement Database::prepare(kj::StringPtr sql) {
  return prepare(sql.asArray(), Author::Runtime).statement;
}

void Database::run(kj::StringPtr sql) {
  auto statement = prepare(sql);
  while (statement.step() == Statement::Step::Row) {
  }
}

bool Database::inTransaction() const {
  return connection_ != nullptr && sqlite3_get_autocommit(connection_) == 0;
}

void Database::empty() {
  close();
  ++generation_;
  KJ_IF_MAYBE(path, path_) {
    for (auto suffix : {"", "-wal", "-shm", "-journal"}) {
      unlink(kj::str(*path, suffix).cStr());
    }
  }
  connect();
}

void Database::close() {
  if (connection_ == nullptr) return;
  endStatements();
  int code = sqlite3_close(connection_);
  KJ_ASSERT(code == SQLITE_OK, "a statement outlived its list", code);
  connection_ = nullptr;
}

void Database::copyTo(Database& other) {
  constexpr int kAllPages = -1;
  auto* backup = sqlite3_backup_init(other.connection_, "main", connection_, "main");
  if (backup == nullptr) throw Error::last(other.connection_);
  sqlite3_backup_step(backup, kAllPages);
  if (sqlite3_backup_finish(backup) != SQLITE_OK) throw Error::last(other.connection_);
}

}  // namespace ocapd::sqlite
