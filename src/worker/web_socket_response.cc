#include "src/worker/web_socket_response.h"

#include <kj/debug.h>

#include "src/api/websocket/web_socket_line.h"

namespace ocapd::worker {

namespace {

// Pinned by public suites.
constexpr kj::StringPtr kNotAsked =
    "jsg.TypeError: Worker tried to return a WebSocket in a response to a request which did not "
    "contain the header \"Upgrade: websocket\"."_kj;

kj::Promise<void> pumpBothWays(kj::Own<kj::WebSocket> client, kj::Own<kj::WebSocket> socket) {
  auto both = kj::heapArrayBuilder<kj::Promise<void>>(2);
  both.add(client->pumpTo(*socket));
  both.add(socket->pumpTo(*client));
  kj::Maybe<kj::Exception> failure;
  try {
    co_await kj::joinPromisesFailFast(both.finish());
  } catch (...) {
    failure = kj::getCaughtExceptionAsKj();
  }
  KJ_IF_MAYBE(exception, failure) {
    // What a peer does wrong ends its connection and is no failure of the event.
    KJ_IF_MAYBE(close, api::closeForProtocolError(*exception)) {
      auto told = kj::evalNow([&] { return client->close(close->code, close->reason); });
      co_await told.catch_([](kj::Exception&&) {});  // it may be in the middle of a message
    } else {
      kj::throwFatalException(kj::mv(*exception));
    }
  }
}

}  // namespace

WebSocketRequest WebSocketRequest::of(const kj::HttpHeaders& headers, bool compresses) {
  WebSocketRequest result;
  result.isUpgrade = headers.isWebSocket();
  if (result.isUpgrade && compresses) {
    result.compressionOffers =
        headers.get(kj::HttpHeaderId::SEC_WEBSOCKET_EXTENSIONS).map([](kj::StringPtr offers) {
          return kj::str(offers);
        });
  }
  return result;
}

kj::Promise<void> sendWebSocket(kj::Own<kj::WebSocket> socket, kj::Own<api::HeaderList> headers,
                                WebSocketRequest request, kj::HttpService::Response& response,
                                const kj::HttpHeaderTable& headerTable) {
  if (!request.isUpgrade) {
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kNotAsked));
  }
  kj::HttpHeaders answer(headerTable);
  headers->addTo(answer);
  // The front negotiates nothing by itself: it is told which of the client's offers is taken.
  kj::String agreed;
  KJ_IF_MAYBE(offers, request.compressionOffers) {
    KJ_IF_MAYBE(parameters, kj::_::tryParseExtensionOffers(*offers)) {
      if (answer.get(kj::HttpHeaderId::SEC_WEBSOCKET_EXTENSIONS) == nullptr) {
        agreed = kj::_::generateExtensionResponse(*parameters);
        answer.set(kj::HttpHeaderId::SEC_WEBSOCKET_EXTENSIONS, agreed);
      }
    }
  }
  auto client = response.acceptWebSocket(answer);
  return pumpBothWays(kj::mv(client), kj::mv(socket));
}

}  // namespace ocapd::worker
