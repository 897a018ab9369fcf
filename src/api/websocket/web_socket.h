// WebSocket and WebSocketPair: classes of a built-in script over WebSocketEnd.
//
// Spec      https://websockets.spec.whatwg.org/#the-websocket-interface
#pragma once

#include "src/api/websocket/web_socket_end.h"
#include "src/js/global_builder.h"

namespace ocapd::api {

// After kEvents.
void installWebSocket(js::GlobalBuilder& global);

// The WebSocket object of an end that has none yet.
void newWebSocket(js::Turn& turn, WebSocketEnd& end);

// Calls a function of the script's value.
void callWebSocketScript(js::Turn& turn, kj::StringPtr function,
                         const v8::LocalVector<v8::Value>& arguments);

}  // namespace ocapd::api
