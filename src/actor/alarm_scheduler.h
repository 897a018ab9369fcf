// AlarmScheduler: wakes the actors of one namespace at the times they asked for, now and after a
// restart.
//
// Owns      the table of times, on disk or in memory; what it says is on disk when set() returns.
// Lives     as long as its namespace.
// Threads   its lane.
// Limits    kCountedRetriesMax further runs of a handler that fails; then its alarm is given up.
// See       https://developers.cloudflare.com/durable-objects/api/alarms/
#pragma once

#include <kj/map.h>
#include <kj/timer.h>

#include "src/channel/events.h"
#include "src/sqlite/database.h"

namespace ocapd::actor {

class AlarmScheduler {
 public:
  static constexpr uint32_t kCountedRetriesMax = 6;
  static constexpr uint32_t kBackoffExponentMax = 9;

  class Handler {
   public:
    virtual kj::Promise<channel::AlarmResult> runAlarm(kj::StringPtr id,
                                                       kj::Maybe<kj::StringPtr> name,
                                                       channel::AlarmEvent event) = 0;
    // Its alarm is not tried again: the actor is to forget it as well.
    virtual void abandonAlarm(kj::StringPtr id, kj::Maybe<kj::StringPtr> name,
                              kj::Date scheduled) = 0;
  };

  // Begins with what is in the table.
  AlarmScheduler(kj::Own<sqlite::Database> database, kj::Timer& timer, Handler& handler);
  ~AlarmScheduler() noexcept(false);

  // None: no alarm.
  void set(kj::StringPtr id, kj::Maybe<kj::StringPtr> name, kj::Maybe<kj::Date> time);

  // None of the alarms there are is to ring.
  void clear();

 private:
  struct Entry {
    kj::String id;
    kj::Maybe<kj::String> name;
    kj::Date scheduled = kj::UNIX_EPOCH;  // what the actor asked for
    kj::Date due = kj::UNIX_EPOCH;        // later, when it is tried again
    uint32_t countedRetries = 0;
    uint32_t uncountedRetries = 0;
    bool isRunning = false;
    bool isGone = false;      // while it runs: the actor has no alarm any more
    bool isReplaced = false;  // while it runs: the actor has asked for another one
    kj::Promise<void> following = nullptr;
  };

  void follow(Entry& entry);
  kj::Promise<void> wakeAndRetry(Entry& entry);
  kj::Promise<channel::AlarmResult> run(Entry& entry);
  // False: there is no next time.
  bool planNext(Entry& entry, const channel::AlarmResult& result);
  void remove(Entry& entry);
  void store(Entry& entry);
  void erase(kj::StringPtr id);

  kj::Own<sqlite::Database> database_;
  kj::Timer& timer_;
  Handler& handler_;
  kj::HashMap<kj::StringPtr, kj::Own<Entry>> entries_;
  // What ended in its own promise, until that has returned.
  kj::Vector<kj::Own<Entry>> ended_;
  kj::Promise<void> sweeping_ = nullptr;
};

}  // namespace ocapd::actor
