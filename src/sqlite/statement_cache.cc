#include "src/sqlite/statement_cache.h"

namespace ocapd::sqlite {

kj::Maybe<Statement> StatementCache::take(kj::ArrayPtr<const char> sql) {
  // Looked up without a copy: hashing goes by size.
  auto key = kj::StringPtr(sql.begin(), sql.size());
  auto& found = KJ_UNWRAP_OR(byText_.find(key), { return nullptr; });
  auto entry = found;
  auto statement = kj::mv(entry->statement);
  byText_.erase(kj::StringPtr(entry->sql));
  textBytes_ -= entry->sql.size();
  order_.erase(entry);
  if (statement.isStale()) return nullptr;
  return kj::mv(statement);
}

void StatementCache::give(kj::ArrayPtr<const char> sql, Statement statement) {
  if (statement.empty() || statement.isStale() || sql.size() > kTextBytesMax) return;
  statement.reset();
  auto text = kj::heapString(sql);
  if (byText_.find(text) != nullptr) return;  // two were in use at the same time
  textBytes_ += text.size();
  order_.push_back(Entry{kj::mv(text), kj::mv(statement)});
  auto last = std::prev(order_.end());
  byText_.insert(kj::StringPtr(last->sql), last);
  while (textBytes_ > kTextBytesMax) {
    auto& first = order_.front();
    textBytes_ -= first.sql.size();
    byText_.erase(kj::StringPtr(first.sql));
    order_.pop_front();
  }
}

void StatementCache::clear() {
  byText_.clear();
  order_.clear();
  textBytes_ = 0;
}

}  // namespace ocapd::sqlite
