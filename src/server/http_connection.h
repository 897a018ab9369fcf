// HttpConnection: one accepted connection that speaks HTTP/1.1, as seen by its listener.
//
// This is the HTTP front: what parses requests and frames answers is behind this interface, so
// that one implementation can take the place of another.
//
// Owns      the stream.
// Limits    heads of 128 KB (then 431); kHeaderTimeout for a head to arrive, kIdleTimeout between
//           two requests.
// Errors    what the client does wrong is answered (400, 431, 501) and closes the connection; an
//           exception of the service is logged and answered by 500, or by closing when an answer
//           has begun. A lost connection is not an error.
#pragma once

#include <kj/compat/http.h>

#include "src/server/header_ids.h"
#include "src/server/logger.h"

namespace ocapd::server {

struct HttpContext {
  kj::Timer& timer;
  const kj::HttpHeaderTable& headerTable;
  const HeaderIds& headerIds;
  Logger& logger;
};

class HttpConnection {
 public:
  static constexpr kj::Duration kHeaderTimeout = 15 * kj::SECONDS;
  // Clients that pool connections keep them for a few seconds and must not find them closed.
  static constexpr kj::Duration kIdleTimeout = 65 * kj::SECONDS;

  virtual ~HttpConnection() noexcept(false) = default;

  // Answers requests until the connection is done; everything has been sent by then. Never
  // rejects. The connection must outlive the promise; dropping the promise cancels the request.
  virtual kj::Promise<void> serve() = 0;

  // No further requests: an idle connection ends at once, a busy one after its answer, which
  // carries `Connection: close` if it has not begun.
  virtual void drain() = 0;
};

// On KJ's HTTP server. The service gets request targets as the client sent them; it and the
// context must outlive the connection.
kj::Own<HttpConnection> newKjHttpConnection(kj::Own<kj::AsyncIoStream> stream,
                                            kj::HttpService& service, const HttpContext& context);

}  // namespace ocapd::server
