// The answer to a WebSocket handshake: what a handler returned is connected to whoever asked.
//
// Errors    tunnelled TypeError when nobody asked for a WebSocket.
// Spec      https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2
#pragma once

#include "src/api/fetch/header_list.h"

namespace ocapd::worker {

// What a request says of WebSockets.
struct WebSocketRequest {
  bool isUpgrade = false;
  kj::Maybe<kj::String> compressionOffers;  // as the client made them, if they may be taken up

  static WebSocketRequest of(const kj::HttpHeaders& headers, bool compresses);
};

// Accepts and passes messages both ways, without JavaScript, until both sides have closed or one
// is gone. `response` and `headerTable` outlive the promise.
kj::Promise<void> sendWebSocket(kj::Own<kj::WebSocket> socket, kj::Own<api::HeaderList> headers,
                                WebSocketRequest request, kj::HttpService::Response& response,
                                const kj::HttpHeaderTable& headerTable);

}  // namespace ocapd::worker
