// ConnectEvent: a TCP connection made to a worker, or a CONNECT request, for its connect() handler.
//
// Owns      see event.h.
// Lives     until what the handler returns has settled; the connection is the caller's and lent to
//           the handler until then.
// Errors    no such handler: the connection is refused. What the handler throws is logged and ends
//           the connection.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/tcp-sockets/
#pragma once

#include "src/worker/connection_loan.h"
#include "src/worker/event.h"

namespace ocapd::worker {

class ConnectEvent final : public Event {
 public:
  using Response = kj::HttpService::ConnectResponse;

  using Event::Event;
  ~ConnectEvent() noexcept(false);

  // `host` is what the caller connected to.
  kj::Promise<void> run(kj::StringPtr host, kj::Maybe<kj::String> cfJson,
                        kj::AsyncIoStream& connection, Response& response);

 private:
  bool hasHandler();
  // "1.2.3.4:56", if the caller is known.
  kj::Maybe<kj::String> clientAddress(js::Turn& turn, kj::Maybe<kj::String> cfJson);

  kj::Maybe<kj::Own<ConnectionLoan>> loan_;
};

}  // namespace ocapd::worker
