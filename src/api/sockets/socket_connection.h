// SocketConnection: a byte stream both ways in an event's care, free of JavaScript.
//
// Both halves may be used at once, and before the connection is there: they wait for it.
//
// Owns      the stream, once there is one; a write under way keeps nothing else alive.
// Lives     shared by its halves and the Socket object.
// Threads   its lane.
// Errors    what breaks the stream fails both halves and whenClosed(); after finish() reads and
//           writes are tunnelled TypeErrors.
#pragma once

#include <kj/compat/http.h>
#include <kj/refcount.h>

#include "src/api/streams/writable_stream.h"

namespace ocapd::api {

class SocketConnection final : public kj::Refcounted {
 public:
  using Stream = kj::Own<kj::AsyncIoStream>;
  // Filled by whoever connects, if TLS may be started later.
  using TlsStarter = kj::Own<kj::TlsStarterCallback>;

  enum class HalfOpen : uint8_t { Refused, Allowed };

  SocketConnection(kj::Promise<Stream> stream, TlsStarter tlsStarter, HalfOpen halfOpen);

  // Resolves once there is a stream.
  kj::Promise<void> ready();
  // Resolves when both directions have ended, or finish() is done; fails with what broke it.
  kj::Promise<void> whenClosed();

  // Each to be asked for once.
  kj::Own<kj::AsyncInputStream> newInput();
  kj::Own<ByteSink> newOutput();

  // Waits for what is being written, then ends both directions.
  static kj::Promise<void> finish(kj::Own<SocketConnection> self);
  // The stream, speaking TLS, for another connection. Reads under way fail; nothing may be used
  // after this.
  static kj::Promise<Stream> startTls(kj::Own<SocketConnection> self, kj::String serverName);

 private:
  class Input;
  class Output;

  // Begins an action on the stream, once there is one.
  template <typename Use>
  auto use(Use action) -> decltype(action(kj::instance<kj::AsyncIoStream&>()));
  kj::Promise<void> writesDone();
  void writeEnded();
  void inputEnded();
  void outputEnded();
  void failed(const kj::Exception& exception);
  void drop();

  TlsStarter tlsStarter_;
  HalfOpen halfOpen_;
  Stream stream_;
  kj::Maybe<kj::Exception> gone_;  // why there is no stream any more
  bool inputEnded_ = false;
  bool outputEnded_ = false;
  bool writing_ = false;
  kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> writesDone_;
  kj::PromiseFulfillerPair<void> closedPair_;
  kj::ForkedPromise<void> closed_;
  kj::ForkedPromise<void> ready_;
  kj::Canceler canceler_;
};

}  // namespace ocapd::api
