#include "src/api/actor/sql_cursor.h"

#include <v8-array-buffer.h>
#include <v8-container.h>

#include "src/api/actor/sql_storage.h"

namespace ocapd::api {

namespace {

v8::Local<v8::Value> result(js::Turn& turn, v8::Local<v8::Value> value, bool done) {
  auto object = v8::Object::New(turn.v8);
  turn.set(object, "done", v8::Boolean::New(turn.v8, done));
  turn.set(object, "value", value);
  return object;
}

}  // namespace

SqlCursor::SqlCursor(SqlStorage& storage, kj::String sql, sqlite::Statement statement)
    : storage_(&storage), sql_(kj::mv(sql)), statement_(kj::mv(statement)) {}

void SqlCursor::start(js::Turn& turn) {
  int count = statement_.columnCount();
  v8::LocalVector<v8::Value> names(turn.v8);
  for (int i = 0; i < count; ++i) {
    auto name = statement_.columnName(i);
    names.push_back(turn.check(v8::String::NewFromUtf8(
        turn.v8, name.begin(), v8::NewStringType::kInternalized, int(name.size()))));
  }
  names_.Reset(turn.v8, v8::Array::New(turn.v8, names.data(), names.size()));
  advance();
}

void SqlCursor::advance() {
  if (statement_.step() == sqlite::Statement::Step::Row) return;
  rowsRead_ = statement_.rowsRead();
  rowsWritten_ = statement_.rowsWritten();
  auto statement = kj::mv(statement_);
  if (sql_.size() > 0) storage_->giveBack(sql_, kj::mv(statement));
}

double SqlCursor::rowsRead() const {
  return double(statement_.empty() ? rowsRead_ : statement_.rowsRead());
}

double SqlCursor::rowsWritten() const {
  return double(statement_.empty() ? rowsWritten_ : statement_.rowsWritten());
}

v8::Local<v8::Value> SqlCursor::column(js::Turn& turn, int index) {
  switch (statement_.columnType(index)) {
    case sqlite::Statement::Type::Null: return v8::Null(turn.v8);
    case sqlite::Statement::Type::Integer: {
      int64_t value = statement_.columnInteger(index);
      if (value >= INT32_MIN && value <= INT32_MAX) return v8::Integer::New(turn.v8, int(value));
      return v8::Number::New(turn.v8, double(value));
    }
    case sqlite::Statement::Type::Real:
      return v8::Number::New(turn.v8, statement_.columnReal(index));
    case sqlite::Statement::Type::Text: return turn.string(statement_.columnText(index));
    case sqlite::Statement::Type::Blob: {
      auto bytes = statement_.columnBlob(index);
      auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
      if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
      return buffer;
    }
  }
  KJ_UNREACHABLE;
}

v8::Local<v8::Value> SqlCursor::row(js::Turn& turn, RowForm form) {
  auto names = names_.Get(turn.v8);
  int count = int(names->Length());
  if (form == RowForm::Array) {
    v8::LocalVector<v8::Value> values(turn.v8);
    values.reserve(size_t(count));
    for (int i = 0; i < count; ++i) values.push_back(column(turn, i));
    return v8::Array::New(turn.v8, values.data(), values.size());
  }
  auto object = v8::Object::New(turn.v8);
  for (int i = 0; i < count; ++i) {
    auto name = turn.check(names->Get(turn.context, uint32_t(i))).As<v8::String>();
    turn.check(object->CreateDataProperty(turn.context, name, column(turn, i)));
  }
  return object;
}

v8::Local<v8::Value> SqlCursor::step(js::Turn& turn, RowForm form) {
  if (statement_.empty()) return result(turn, turn.undefined(), true);
  return storage_->storage().withStore(turn, [&](ActorStore&) {
    auto value = row(turn, form);
    advance();
    return result(turn, value, false);
  });
}

v8::Local<v8::Value> SqlCursor::toArray(js::Turn& turn) {
  return storage_->storage().withStore(turn, [&](ActorStore&) -> v8::Local<v8::Value> {
    auto rows = v8::Array::New(turn.v8);
    for (uint32_t i = 0; !statement_.empty(); ++i) {
      v8::HandleScope handles(turn.v8);
      turn.check(rows->CreateDataProperty(turn.context, i, row(turn, RowForm::Object)));
      advance();
    }
    return rows;
  });
}

// The texts are pinned by the reference.
v8::Local<v8::Value> SqlCursor::one(js::Turn& turn) {
  if (statement_.empty()) {
    throw js::Error::plain("Expected exactly one result from SQL query, but got no results.");
  }
  return storage_->storage().withStore(turn, [&](ActorStore&) {
    auto value = row(turn, RowForm::Object);
    advance();
    if (!statement_.empty()) {
      throw js::Error::plain(
          "Expected exactly one result from SQL query, but got multiple results.");
    }
    return value;
  });
}

void SqlCursor::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(storage_);
  visitor->Trace(names_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&SqlCursor::next>("next"),
    js::method<&SqlCursor::toArray>("toArray"),
    js::method<&SqlCursor::one>("one"),
    js::method<&SqlCursor::raw>("raw"),
    js::getter<&SqlCursor::columnNames>("columnNames"),
    js::getter<&SqlCursor::rowsRead>("rowsRead"),
    js::getter<&SqlCursor::rowsWritten>("rowsWritten"),
    js::method<&SqlCursor::rows>(nullptr).alsoAs(js::Symbol::Iterator),
};

}  // namespace

constinit const js::Class SqlCursor::kClass{
    .name = kClassName,
    .spec =
        "https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/"
        "#sqlstoragecursor",
    .members = kMembers,
    .exposed = false,
};
template <SqlCursor::RowForm kForm>
constinit const js::Class SqlCursor::Iterator<kForm>::kClass{
    .name = kClassName,
    .members = kMembers,
    .exposed = false,
    .inherits = js::Intrinsic::IteratorPrototype,
};
template class SqlCursor::Iterator<SqlCursor::RowForm::Object>;
template class SqlCursor::Iterator<SqlCursor::RowForm::Array>;

}  // namespace ocapd::api
