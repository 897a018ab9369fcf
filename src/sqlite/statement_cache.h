// StatementCache: compiled statements of a worker's SQL, for when the same text comes again.
//
// Owns      the statements that are not in use.
// Lives     as long as its database's user; of a database that was emptied it holds nothing.
// Threads   its lane.
// Limits    kTextBytesMax of SQL text; the least recently used go first.
#pragma once

#include <list>

#include <kj/map.h>

#include "src/sqlite/database.h"

namespace ocapd::sqlite {

class StatementCache {
 public:
  static constexpr size_t kTextBytesMax = 1024 * 1024;

  // A statement for this text that is not in use, if there is one.
  kj::Maybe<Statement> take(kj::ArrayPtr<const char> sql);
  // Gives it back. Stale ones are dropped.
  void give(kj::ArrayPtr<const char> sql, Statement statement);
  void clear();

 private:
  struct Entry {
    kj::String sql;
    Statement statement;
  };
  using Order = std::list<Entry>;  // the least recently used first

  Order order_;
  kj::HashMap<kj::StringPtr, Order::iterator> byText_;
  size_t textBytes_ = 0;
};

}  // namespace ocapd::sqlite
