// ConnectionLoan: the caller's connection, which an event may use until the caller takes it back.
//
// Owns      nothing; shared by the ConnectEvent, which ends it, and the streams in JavaScript's
//           hands.
// Threads   its lane.
// Errors    after end(): DISCONNECTED, for what is under way as well.
// See       request_body_loan.h, the same for request bodies.
#pragma once

#include <kj/async-io.h>
#include <kj/debug.h>
#include <kj/refcount.h>

namespace ocapd::worker {

class ConnectionLoan final : public kj::Refcounted {
 public:
  explicit ConnectionLoan(kj::AsyncIoStream& connection) : connection_(connection) {}

  void end() {
    connection_ = nullptr;
    canceler_.cancel(gone());
  }

  // A stream over it.
  kj::Own<kj::AsyncIoStream> lend();

 private:
  class Lent;

  static kj::Exception gone() {
    return KJ_EXCEPTION(DISCONNECTED, "the event has ended, and its connection with it");
  }

  kj::Maybe<kj::AsyncIoStream&> connection_;
  kj::Canceler canceler_;
};

}  // namespace ocapd::worker
