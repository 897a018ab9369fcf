#include "src/api/sockets/socket.h"
#include "src/api/io/worker_host.h"
#include "src/api/sockets/connect_routes.h"

#include <ada.h>
#include <ctype.h>
#include <kj/debug.h>

#include "src/api/sockets/socket_js.h"
#include "src/api/streams/readable_stream.h"
#include "src/js/isolate.h"

namespace ocapd::api {

namespace {

constexpr size_t kHostBytesMax = 255;

// What a Socket object is made of.
v8::Local<v8::Object> makeParts(js::Turn& turn, kj::Own<SocketConnection> connection,
                                kj::Maybe<kj::StringPtr> remoteAddress,
                                kj::Maybe<kj::StringPtr> localAddress) {
  auto& context = IoContext::current(turn);
  auto parts = v8::Object::New(turn.v8, v8::Null(turn.v8), nullptr, nullptr, 0);
  auto* source = turn.make<NativeSource>(context.own(connection->newInput()), nullptr);
  turn.set(parts, "readable", ReadableStream::create(turn, *source).object);
  turn.set(parts, "writable", newWritableStream(turn, connection->newOutput()));
  auto copied = [](const kj::Maybe<kj::StringPtr>& text) {
    return text.map([](kj::StringPtr given) { return kj::str(given); });
  };
  auto opened = context.awaitIo(
      turn, connection->ready(),
      [remote = copied(remoteAddress), local = copied(localAddress)](js::Turn& inner) {
        auto info = v8::Object::New(inner.v8);
        KJ_IF_MAYBE(text, remote) {
          inner.set(info, "remoteAddress", inner.string(*text));
        }
        KJ_IF_MAYBE(text, local) {
          inner.set(info, "localAddress", inner.string(*text));
        }
        return info.As<v8::Value>();
      });
  auto closed = context.awaitIo(turn, connection->whenClosed(),
                                [](js::Turn& inner) { return inner.undefined(); });
  // Who does not ask how it went is not told.
  opened->MarkAsHandled();
  closed->MarkAsHandled();
  turn.set(parts, "opened", opened);
  turn.set(parts, "closed", closed);
  auto shared = kj::heap<SocketEnd::Shared>(SocketEnd::Shared{kj::mv(connection)});
  turn.set(parts, "end", turn.wrap(*turn.make<SocketEnd>(context.own(kj::mv(shared)), *source)));
  return parts;
}

// Not within the caller's turn: the receiver may be a worker, even the same one.
kj::Promise<SocketConnection::Stream> establish(kj::Own<channel::ServiceChannel> channel,
                                                const kj::HttpHeaderTable& headerTable,
                                                kj::String address, bool useTls,
                                                kj::TlsStarterCallback& tlsStarter) {
  co_await kj::evalLater([] {});
  auto target = channel->startRequest({});
  auto client = kj::newHttpClient(*target);
  kj::HttpHeaders headers(headerTable);
  kj::HttpConnectSettings settings;
  settings.useTls = useTls;
  settings.tlsStarter = tlsStarter;
  auto request = client->connect(address, headers, settings);
  auto status = co_await request.status;
  KJ_REQUIRE(status.statusCode >= 200 && status.statusCode < 300, "CONNECT was refused",
             status.statusCode, status.statusText);
  co_return request.connection.attach(kj::mv(client), kj::mv(target), kj::mv(channel));
}

// Pinned by the reference: whatever the reason.
kj::Exception notConnected(kj::Exception&& reason) {
  KJ_LOG(INFO, "a socket was not connected", reason);
  return KJ_EXCEPTION(FAILED,
                      "jsg.Error: proxy request failed, cannot connect to the specified address");
}

// Where an address leads that nobody has given a route for.
kj::Own<channel::ServiceChannel> outboundTo(js::Turn& turn, kj::StringPtr address) {
  if (auto* routes = ConnectRoutes::of(turn)) {
    KJ_IF_MAYBE(colon, address.findLast(':')) {
      KJ_IF_MAYBE(service, routes->findRoute(kj::str(address.slice(0, *colon)))) {
        return service->addRef();
      }
    }
  }
  return IoContext::current(turn).globalOutbound().addRef();
}

// `route` is a SocketRoute, or undefined for where the address leads.
v8::Local<v8::Object> connect(js::Turn& turn, v8::Local<v8::Value> route, kj::String address,
                              bool useTls, bool allowHalfOpen) {
  auto& context = IoContext::current(turn);
  auto* given = turn.unwrap<SocketRoute>(route);
  auto channel = given != nullptr ? given->channel->addRef() : outboundTo(turn, address);
  auto starter = kj::heap<kj::TlsStarterCallback>();
  auto stream =
      establish(kj::mv(channel), context.headerTable(), kj::str(address), useTls, *starter)
          .catch_([](kj::Exception&& exception) -> SocketConnection::Stream {
            kj::throwFatalException(notConnected(kj::mv(exception)));
          });
  using HalfOpen = SocketConnection::HalfOpen;
  auto connection = kj::refcounted<SocketConnection>(
      kj::mv(stream), kj::mv(starter), allowHalfOpen ? HalfOpen::Allowed : HalfOpen::Refused);
  return makeParts(turn, kj::mv(connection), kj::StringPtr(address), nullptr);
}

// "host:port" of what connect() was given as text. Texts pinned by the reference.
kj::String parseAddress(kj::String text) {
  auto url = std::string("tcp://") + text.cStr();
  auto parsed = ada::parse<ada::url_aggregator>(url);
  if (!parsed || parsed->get_hostname().empty()) {
    throw js::Error::type("Specified address could not be parsed.");
  }
  if (!parsed->has_port()) throw js::Error::type("Specified address is missing port.");
  return text;
}

void checkHost(kj::String host) {
  bool isValid = host.size() > 0 && host.size() <= kHostBytesMax;
  for (char c : host) {
    isValid = isValid && (isalnum(static_cast<unsigned char>(c)) != 0 || strchr("-_.:[]", c));
  }
  if (!isValid) {
    throw js::Error::type(
        "Specified address is empty string, contains unsupported characters or is too long.");
  }
}

js::Promise close(js::Turn& turn, SocketEnd* end) {
  return end->close(turn);
}

v8::Local<v8::Object> startTls(js::Turn& turn, SocketEnd* end, kj::String serverName) {
  return end->startTls(turn, kj::mv(serverName));
}

constexpr js::Member kNatives[] = {
    js::function<&connect>("connect"),     js::function<&parseAddress>("parseAddress"),
    js::function<&checkHost>("checkHost"), js::function<&close>("close"),
    js::function<&startTls>("startTls"),
};

constinit const js::Builtin kSockets{.name = "sockets", .source = kSocketsJs, .natives = kNatives};

v8::Local<v8::Value> call(js::Turn& turn, kj::StringPtr function,
                          std::initializer_list<v8::Local<v8::Value>> arguments) {
  auto builtin = turn.isolate().builtin(turn, kSockets);
  return turn.check(turn.get(builtin, function)
                        .As<v8::Function>()
                        ->Call(turn.context, turn.undefined(), int(arguments.size()),
                               const_cast<v8::Local<v8::Value>*>(arguments.begin())));
}

}  // namespace

void SocketEnd::endReading(js::Turn& turn) {
  source_->abort(
      turn,
      js::Error::type("This ReadableStream belongs to an object that is closing.").toValue(turn));
}

js::Promise SocketEnd::close(js::Turn& turn) {
  auto& context = IoContext::current(turn);
  auto& connection = shared_.get(context).connection;
  endReading(turn);
  return context.awaitIo(turn, SocketConnection::finish(kj::addRef(*connection)),
                         [](js::Turn& inner) { return inner.undefined(); });
}

v8::Local<v8::Object> SocketEnd::startTls(js::Turn& turn, kj::String serverName) {
  auto& context = IoContext::current(turn);
  auto& old = shared_.get(context).connection;
  endReading(turn);
  auto stream = SocketConnection::startTls(kj::addRef(*old), kj::mv(serverName));
  auto connection = kj::refcounted<SocketConnection>(kj::mv(stream), SocketConnection::TlsStarter(),
                                                     SocketConnection::HalfOpen::Refused);
  return makeParts(turn, kj::mv(connection), nullptr, nullptr);
}

void SocketEnd::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(source_);
}

void installSockets(js::GlobalBuilder& global) {
  global.add(SocketEnd::kClass).add(SocketRoute::kClass).add(kSockets);
}

v8::Local<v8::Object> socketsModule(js::Turn& turn) {
  return turn.get(turn.isolate().builtin(turn, kSockets), "exports").As<v8::Object>();
}

v8::Local<v8::Value> connectThrough(js::Turn& turn, kj::Own<channel::ServiceChannel> channel,
                                    v8::Local<v8::Value> address, v8::Local<v8::Value> options) {
  auto route = turn.wrap(*turn.make<SocketRoute>(kj::mv(channel)));
  return call(turn, "connectThrough", {route, address, options});
}

v8::Local<v8::Object> newServerSocket(js::Turn& turn, SocketConnection::Stream stream,
                                      kj::Maybe<kj::StringPtr> remoteAddress,
                                      kj::StringPtr localAddress) {
  auto connection = kj::refcounted<SocketConnection>(
      kj::Promise<SocketConnection::Stream>(kj::mv(stream)), SocketConnection::TlsStarter(),
      SocketConnection::HalfOpen::Allowed);
  auto parts = makeParts(turn, kj::mv(connection), remoteAddress, localAddress);
  return call(turn, "newSocket", {parts}).As<v8::Object>();
}

constinit const js::Class SocketEnd::kClass{.name = kClassName, .exposed = false};
constinit const js::Class SocketRoute::kClass{.name = kClassName, .exposed = false};

ConnectRoutes* ConnectRoutes::of(js::Turn& turn) {
  return dynamic_cast<ConnectRoutes*>(&WorkerHost::of(turn));
}

}  // namespace ocapd::api
