// Error: what SQLite refused, in the words that workers see.
//
// Threads   a value.
// See       https://www.sqlite.org/rescode.html
#pragma once

#include <kj/string.h>

struct sqlite3;

namespace ocapd::sqlite {

class Error {
 public:
  // Of the connection's last failed call.
  static Error last(sqlite3* connection);
  // With a text of our own: no such error comes from SQLite.
  explicit Error(kj::String text) : text_(kj::mv(text)) {}

  // "no such table: t: SQLITE_ERROR", with offset and extended code where known.
  kj::StringPtr text() const { return text_; }
  int code() const { return code_; }
  // The transaction was rolled back on its own, and what was in it is lost.
  bool isCritical() const { return isCritical_; }
  void setCritical() { isCritical_ = true; }

 private:
  kj::String text_;
  int code_ = 0;
  bool isCritical_ = false;
};

// "SQLITE_CONSTRAINT"; none for a code nobody has a name for.
kj::Maybe<kj::StringPtr> codeName(int code);

}  // namespace ocapd::sqlite
