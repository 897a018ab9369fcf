// Authorizer: what a worker's SQL may touch: its own tables, harmless functions and pragmas.
//
// SQLite asks it for every table, column, function and pragma while a statement is compiled, also
// when that happens again in the middle of running it.
//
// Owns      nothing.
// Lives     as long as its connection.
// Errors    SQLite's own texts, but for transactions, whose refusal says what to do instead.
// See       https://www.sqlite.org/c3ref/set_authorizer.html
#pragma once

#include <cstdint>

#include <kj/array.h>

#include "src/sqlite/error.h"

namespace ocapd::sqlite {

// Whose code it is: the runtime's own, which may do anything, or a worker's.
enum class Author : uint8_t { Runtime, Worker };

class Authorizer {
 public:
  void watch(sqlite3* connection);

  // For as long as it lives, what is compiled is the author's.
  class Scope {
   public:
    Scope(Authorizer& authorizer, Author author);
    ~Scope();
    KJ_DISALLOW_COPY_AND_MOVE(Scope);

   private:
    Authorizer& authorizer_;
    Author before_;
  };

  // After compiling `sql`: what is wrong with it that SQLite did not say in our words.
  kj::Maybe<Error> refusal(kj::ArrayPtr<const char> sql) const;

 private:
  static int ask(void* self, int action, const char* first, const char* second,
                 const char* database, const char* trigger);
  bool allows(int action, kj::StringPtr first, kj::StringPtr second, kj::StringPtr database);

  Author author_ = Author::Runtime;
  bool sawTransaction_ = false;
  bool sawAlter_ = false;
};

}  // namespace ocapd::sqlite
