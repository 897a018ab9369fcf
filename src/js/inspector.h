// Inspector: V8's debugging protocol for one isolate.
//
// Owns      the sessions of clients.
// Lives     with its isolate; made before the first script, so that clients are told of it.
// Threads   the lane's.
// See       https://chromedevtools.github.io/devtools-protocol/v8/
#pragma once

#include <memory>

#include <kj/map.h>
#include <kj/string.h>

#include "src/js/isolate.h"

namespace ocapd::js {

class Inspector {
 public:
  using SessionId = uint64_t;

  // The way back to the clients.
  class Clients {
   public:
    // One message of the protocol, JSON.
    virtual void send(SessionId session, kj::String message) = 0;
    // The script is paused: blocks until something has come from a client, and handles it. False
    // when nothing can come any more.
    virtual bool waitForMore() = 0;
  };

  Inspector(Isolate& isolate, Clients& clients);
  ~Inspector() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(Inspector);

  // These are called in a turn, or where a turn is interrupted.
  void open(SessionId session);
  void close(SessionId session);
  void dispatch(Turn& turn, SessionId session, kj::StringPtr message);
  // Tells clients of what nobody caught.
  void reportException(Turn& turn, v8::Local<v8::Value> reason);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ocapd::js
