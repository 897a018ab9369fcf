#include "src/api/websocket/web_socket.h"

#include <v8-container.h>

#include "src/api/io/worker_host.h"
#include "src/api/websocket/web_socket_connect.h"
#include "src/api/websocket/web_socket_js.h"
#include "src/js/isolate.h"

namespace ocapd::api {

namespace {

// Two waiting ends, connected to each other.
v8::Local<v8::Value> makePair(js::Turn& turn) {
  auto pipe = kj::newWebSocketPipe();
  auto pair = kj::refcounted<WebSocketEnd::Pair>();
  v8::Local<v8::Value> ends[2];
  for (auto i : {0, 1}) {
    ends[i] = turn.wrap(*WebSocketEnd::createPaired(turn, kj::mv(pipe.ends[i]), kj::addRef(*pair)));
  }
  return v8::Array::New(turn.v8, ends, 2);
}

// Begins what `new WebSocket(url, protocols)` promises: {end, url}.
v8::Local<v8::Value> open(js::Turn& turn, kj::String url, v8::Local<v8::Value> protocols) {
  auto address = parseWebSocketUrl(url);
  auto asked = parseProtocols(turn, protocols);
  auto* end = turn.make<WebSocketEnd>();
  connectWebSocket(turn, *end, kj::mv(address.httpUrl), kj::mv(asked));
  auto result = v8::Object::New(turn.v8, v8::Null(turn.v8), nullptr, nullptr, 0);
  turn.set(result, "end", turn.wrap(*end));
  turn.set(result, "url", turn.string(address.url));
  return result;
}

void attach(js::Turn& turn, WebSocketEnd* end, v8::Local<v8::Object> face) {
  end->attach(turn, face);
}

// `allowHalfOpen` is a boolean or undefined.
void accept(js::Turn& turn, WebSocketEnd* end, v8::Local<v8::Value> allowHalfOpen) {
  using HalfOpen = WebSocketEnd::HalfOpen;
  end->accept(turn, allowHalfOpen->IsUndefined() ? HalfOpen::AsFlagSays
                    : allowHalfOpen->IsTrue()    ? HalfOpen::Allowed
                                                 : HalfOpen::Refused);
}

void send(js::Turn& turn, WebSocketEnd* end, v8::Local<v8::Value> message) {
  end->send(turn, message);
}

void close(js::Turn& turn, WebSocketEnd* end, kj::Maybe<double> code,
           kj::Maybe<kj::String> reason) {
  end->close(turn, code, kj::mv(reason));
}

uint32_t readyState(WebSocketEnd* end) {
  return end->readyState();
}
double bufferedAmount(js::Turn& turn, WebSocketEnd* end) {
  return end->bufferedAmount(turn);
}
kj::StringPtr protocol(WebSocketEnd* end) {
  return end->protocol();
}
kj::StringPtr extensions(WebSocketEnd* end) {
  return end->extensions();
}
void serializeAttachment(js::Turn& turn, WebSocketEnd* end, v8::Local<v8::Value> value) {
  end->serializeAttachment(turn, value);
}
v8::Local<v8::Value> deserializeAttachment(js::Turn& turn, WebSocketEnd* end) {
  return end->deserializeAttachment(turn);
}

bool isBlobStandard(js::Turn& turn) {
  return WorkerHost::of(turn).has(compat::CompatFlag::WebsocketStandardBinaryType);
}

constexpr js::Member kNatives[] = {
    js::function<&isBlobStandard>("isBlobStandard"),
    js::function<&makePair>("makePair"),
    js::function<&open>("open"),
    js::function<&attach>("attach"),
    js::function<&accept>("accept"),
    js::function<&send>("send"),
    js::function<&close>("close"),
    js::function<&readyState>("readyState"),
    js::function<&bufferedAmount>("bufferedAmount"),
    js::function<&protocol>("protocol"),
    js::function<&extensions>("extensions"),
    js::function<&serializeAttachment>("serializeAttachment"),
    js::function<&deserializeAttachment>("deserializeAttachment"),
};

constinit const js::Builtin kWebSocket{
    .name = "webSocket", .source = kWebSocketJs, .natives = kNatives};

}  // namespace

void installWebSocket(js::GlobalBuilder& global) {
  global.add(WebSocketEnd::kClass).add(kWebSocket);
}

void newWebSocket(js::Turn& turn, WebSocketEnd& end) {
  v8::LocalVector<v8::Value> arguments(turn.v8);
  arguments.push_back(turn.wrap(end));
  callWebSocketScript(turn, "newWebSocket", arguments);
}

void callWebSocketScript(js::Turn& turn, kj::StringPtr function,
                         const v8::LocalVector<v8::Value>& arguments) {
  auto builtin = turn.isolate().builtin(turn, kWebSocket);
  turn.check(turn.get(builtin, function)
                 .As<v8::Function>()
                 ->Call(turn.context, turn.undefined(), int(arguments.size()),
                        const_cast<v8::Local<v8::Value>*>(arguments.data())));
}

}  // namespace ocapd::api
