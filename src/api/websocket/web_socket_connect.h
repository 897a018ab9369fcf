// What `new WebSocket(url)` begins.
//
// Errors    SyntaxError for what cannot be connected to; whatever fails later is told by events.
// Spec      https://websockets.spec.whatwg.org/#concept-websocket-establish
#pragma once

#include "src/api/websocket/web_socket_end.h"

namespace ocapd::api {

struct WebSocketAddress {
  kj::String url;      // as the object shows it: ws: or wss:
  kj::String httpUrl;  // what is asked for
};

// https://websockets.spec.whatwg.org/#dom-websocket-websocket, steps 1 to 6
WebSocketAddress parseWebSocketUrl(kj::StringPtr text);

// The value of Sec-WebSocket-Protocol; none when nothing was asked for. Steps 7 and 8.
kj::Maybe<kj::String> parseProtocols(js::Turn& turn, v8::Local<v8::Value> protocols);

// Connects through the worker's globalOutbound, in the event.
void connectWebSocket(js::Turn& turn, WebSocketEnd& end, kj::String httpUrl,
                      kj::Maybe<kj::String> protocols);

}  // namespace ocapd::api
