// SqlCursor: the rows of one exec(), read as they are asked for, one ahead.
//
// Owns      the compiled statement, until its last row is read.
// Errors    what SQLite says of a row, when it is come to.
// Spec https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#sqlstoragecursor
#pragma once

#include <v8-container.h>

#include "src/js/class.h"
#include "src/sqlite/database.h"

namespace ocapd::api {

class SqlStorage;

class SqlCursor final : public js::Object {
 public:
  static constexpr const char* kClassName = "Cursor";
  static const js::Class kClass;

  enum class RowForm : uint8_t { Object, Array };

  // What [Symbol.iterator]() and raw() give: the same position, in their form.
  template <RowForm kForm>
  class Iterator final : public js::Object {
   public:
    static constexpr const char* kClassName =
        kForm == RowForm::Object ? "RowIterator" : "RawIterator";
    static const js::Class kClass;

    explicit Iterator(SqlCursor& cursor) : cursor_(&cursor) {}
    v8::Local<v8::Value> next(js::Turn& turn) { return cursor_->step(turn, kForm); }

    const js::Class& jsClass() const override { return kClass; }
    void Trace(cppgc::Visitor* visitor) const override {
      js::Object::Trace(visitor);
      visitor->Trace(cursor_);
    }

   private:
    static constexpr js::Member kMembers[] = {js::method<&Iterator::next>("next")};

    cppgc::Member<SqlCursor> cursor_;
  };
  using Rows = Iterator<RowForm::Object>;
  using RawRows = Iterator<RowForm::Array>;

  // `sql` is where the statement goes back to; empty: nowhere.
  SqlCursor(SqlStorage& storage, kj::String sql, sqlite::Statement statement);
  // The first step; must have a place on the stack: it may throw sqlite::Error.
  void start(js::Turn& turn);

  v8::Local<v8::Value> next(js::Turn& turn) { return step(turn, RowForm::Object); }
  v8::Local<v8::Value> toArray(js::Turn& turn);
  v8::Local<v8::Value> one(js::Turn& turn);
  RawRows* raw(js::Turn& turn) { return turn.make<RawRows>(*this); }
  Rows* rows(js::Turn& turn) { return turn.make<Rows>(*this); }
  v8::Local<v8::Value> columnNames(js::Turn& turn) { return names_.Get(turn.v8); }
  double rowsRead() const;
  double rowsWritten() const;

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  v8::Local<v8::Value> step(js::Turn& turn, RowForm form);
  v8::Local<v8::Value> row(js::Turn& turn, RowForm form);
  v8::Local<v8::Value> column(js::Turn& turn, int index);
  void advance();

  cppgc::Member<SqlStorage> storage_;
  v8::TracedReference<v8::Array> names_;
  kj::String sql_;
  sqlite::Statement statement_;  // empty once all rows are read
  uint64_t rowsRead_ = 0;
  uint64_t rowsWritten_ = 0;
};

}  // namespace ocapd::api
