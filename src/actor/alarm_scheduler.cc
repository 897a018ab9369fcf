#include "src/actor/alarm_scheduler.h"

#include <kj/debug.h>
#include <openssl/rand.h>

namespace ocapd::actor {

namespace {

kj::Date now() {
  return kj::systemPreciseCalendarClock().now();
}

// Up to a quarter on top, so that what failed together is not tried together.
kj::Duration withJitter(kj::Duration delay) {
  uint16_t random = 0;
  KJ_ASSERT(RAND_bytes(reinterpret_cast<kj::byte*>(&random), sizeof(random)) == 1);
  return delay + delay / 4 * random / UINT16_MAX;
}

int64_t toNanoseconds(kj::Date time) {
  return (time - kj::UNIX_EPOCH) / kj::NANOSECONDS;
}

}  // namespace

AlarmScheduler::AlarmScheduler(kj::Own<sqlite::Database> database, kj::Timer& timer,
                               Handler& handler)
    : database_(kj::mv(database)), timer_(timer), handler_(handler) {
  database_->run(
      "CREATE TABLE IF NOT EXISTS _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time "
      "INTEGER, actor_name TEXT) WITHOUT ROWID");
  auto hasName = database_->prepare(
      "SELECT 1 FROM pragma_table_info('_cf_ALARM') WHERE name = 'actor_name'"_kj);
  if (hasName.step() == sqlite::Statement::Step::Done) {
    database_->run("ALTER TABLE _cf_ALARM ADD COLUMN actor_name TEXT");
  }
  hasName.reset();
  auto rows = database_->prepare("SELECT actor_id, scheduled_time, actor_name FROM _cf_ALARM"_kj);
  while (rows.step() == sqlite::Statement::Step::Row) {
    auto entry = kj::heap<Entry>();
    entry->id = kj::heapString(rows.columnText(0));
    entry->scheduled = kj::UNIX_EPOCH + rows.columnInteger(1) * kj::NANOSECONDS;
    entry->due = entry->scheduled;
    if (rows.columnType(2) == sqlite::Statement::Type::Text) {
      entry->name = kj::heapString(rows.columnText(2));
    }
    auto& reference = *entry;
    entries_.insert(reference.id, kj::mv(entry));
    follow(reference);
  }
}

AlarmScheduler::~AlarmScheduler() noexcept(false) = default;

void AlarmScheduler::set(kj::StringPtr id, kj::Maybe<kj::StringPtr> name,
                         kj::Maybe<kj::Date> time) {
  auto existing = entries_.find(id);
  KJ_IF_MAYBE(wanted, time) {
    if (existing == nullptr) {
      auto entry = kj::heap<Entry>();
      entry->id = kj::str(id);
      auto& reference = *entry;
      entries_.insert(reference.id, kj::mv(entry));
      existing = entries_.find(id);
    }
    auto& entry = *KJ_ASSERT_NONNULL(existing);
    KJ_IF_MAYBE(known, name) {
      entry.name = kj::str(*known);
    }
    entry.scheduled = *wanted;
    entry.due = *wanted;
    entry.countedRetries = 0;
    entry.uncountedRetries = 0;
    entry.isGone = false;
    store(entry);
    if (entry.isRunning) {
      entry.isReplaced = true;
    } else {
      follow(entry);
    }
    return;
  }
  KJ_IF_MAYBE(entry, existing) {
    erase(id);
    if ((*entry)->isRunning) {
      (*entry)->isGone = true;
      (*entry)->isReplaced = false;
    } else {
      entries_.erase(id);
    }
  }
}

void AlarmScheduler::store(Entry& entry) {
  auto statement = database_->prepare(
      "INSERT INTO _cf_ALARM VALUES (?, ?, ?) ON CONFLICT (actor_id) DO UPDATE SET scheduled_time "
      "= excluded.scheduled_time, actor_name = coalesce(excluded.actor_name, actor_name)"_kj);
  statement.bindText(0, entry.id.asArray());
  statement.bindInteger(1, toNanoseconds(entry.scheduled));
  KJ_IF_MAYBE(name, entry.name) {
    statement.bindText(2, name->asArray());
  } else {
    statement.bindNull(2);
  }
  statement.step();
}

void AlarmScheduler::erase(kj::StringPtr id) {
  auto statement = database_->prepare("DELETE FROM _cf_ALARM WHERE actor_id = ?"_kj);
  statement.bindText(0, id.asArray());
  statement.step();
}

void AlarmScheduler::follow(Entry& entry) {
  entry.following = wakeAndRetry(entry).eagerlyEvaluate([](kj::Exception&& exception) {
    KJ_LOG(ERROR, "an alarm could not be followed", exception);
  });
}

kj::Promise<void> AlarmScheduler::wakeAndRetry(Entry& entry) {
  while (true) {
    // Never too early by the clock that actors see.
    while (entry.due > now()) {
      co_await timer_.afterDelay(entry.due - now() + 1 * kj::MICROSECONDS);
    }
    entry.isRunning = true;
    auto result = co_await run(entry);
    entry.isRunning = false;
    if (entry.isReplaced) {
      entry.isReplaced = false;
      continue;
    }
    if (entry.isGone || !planNext(entry, result)) {
      remove(entry);
      co_return;
    }
  }
}

kj::Promise<channel::AlarmResult> AlarmScheduler::run(Entry& entry) {
  channel::AlarmEvent event;
  event.scheduledTime = entry.scheduled;
  event.retryCount = entry.countedRetries + entry.uncountedRetries;
  kj::Maybe<kj::StringPtr> name;
  KJ_IF_MAYBE(known, entry.name) {
    name = kj::StringPtr(*known);
  }
  // Not where the promise is made: that may be in the middle of starting up.
  co_await kj::evalLater([]() {});
  channel::AlarmResult result;
  try {
    result = co_await handler_.runAlarm(entry.id, name, kj::mv(event));
  } catch (kj::Exception& exception) {
    KJ_LOG(ERROR, "an alarm could not be delivered", entry.id, exception);
    result.retry = true;
    result.retryCountsAgainstLimit = false;
  }
  co_return result;
}

bool AlarmScheduler::planNext(Entry& entry, const channel::AlarmResult& result) {
  kj::Maybe<kj::StringPtr> name;
  KJ_IF_MAYBE(known, entry.name) {
    name = kj::StringPtr(*known);
  }
  if (!result.retry) {
    if (result.outcome == channel::Outcome::Exception) {
      handler_.abandonAlarm(entry.id, name, entry.scheduled);
    }
    return false;
  }
  uint32_t exponent = 0;
  if (result.retryCountsAgainstLimit) {
    if (entry.countedRetries == kCountedRetriesMax) {
      handler_.abandonAlarm(entry.id, name, entry.scheduled);
      return false;
    }
    exponent = ++entry.countedRetries;
    entry.uncountedRetries = 0;
  } else {
    exponent = ++entry.uncountedRetries;
  }
  exponent = kj::min(exponent, kBackoffExponentMax + 1);
  entry.due = now() + withJitter((uint64_t(1) << exponent) * kj::SECONDS);
  return true;
}

void AlarmScheduler::remove(Entry& entry) {
  if (!entry.isGone) erase(entry.id);
  KJ_IF_MAYBE(owned, entries_.find(entry.id)) {
    auto kept = kj::mv(*owned);
    entries_.erase(entry.id);
    ended_.add(kj::mv(kept));
  }
  sweeping_ = kj::evalLater([this]() { ended_.clear(); }).eagerlyEvaluate(nullptr);
}

void AlarmScheduler::clear() {
  kj::Vector<kj::String> ids;
  for (auto& each : entries_) ids.add(kj::str(each.key));
  for (auto& id : ids) set(id, nullptr, nullptr);
}

}  // namespace ocapd::actor
