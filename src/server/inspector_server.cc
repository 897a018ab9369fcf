#include "src/server/inspector_server.h"

#include <sys/socket.h>

#include <kj/async-io.h>
#include <kj/compat/http.h>
#include <kj/debug.h>
#include <kj/encoding.h>

#include "src/server/logger.h"

namespace ocapd::server {

namespace {

// Web pages may not debug; DevTools' own pages have another scheme, tools no origin at all.
bool isForeignPage(kj::Maybe<kj::StringPtr> origin) {
  KJ_IF_MAYBE(given, origin) {
    for (auto scheme : {"http://"_kj, "https://"_kj}) {
      if (!given->startsWith(scheme)) continue;
      auto host = given->slice(scheme.size());
      for (auto local : {"localhost"_kj, "127.0.0.1"_kj, "[::1]"_kj}) {
        if (host == local || host.startsWith(kj::str(local, ':'))) return false;
      }
      return true;
    }
  }
  return false;
}

kj::String describe(kj::StringPtr id, kj::StringPtr host) {
  auto path = kj::str(host, '/', id);
  return kj::str("{\"id\":", jsonString(id),
                 ",\"title\":", jsonString(kj::str("workerd: worker ", id)),
                 ",\"type\":\"node\",\"description\":\"workerd worker\",\"webSocketDebuggerUrl\":",
                 jsonString(kj::str("ws://", path)), ",\"devtoolsFrontendUrl\":",
                 jsonString(kj::str("devtools://devtools/bundled/js_app.html?experiments=true&"
                                    "v8only=true&ws=",
                                    path)),
                 ",\"url\":\"https://workers.dev\"}");
}

}  // namespace

// Answers on the inspector's thread.
class InspectorServer::Service final : public kj::HttpService, private kj::TaskSet::ErrorHandler {
 public:
  Service(InspectorServer& owner, kj::HttpHeaderTable::Builder& table)
      : owner_(owner),
        origin_(table.add("Origin")),
        table_(table.getFutureTable()),
        posts_(*this) {}

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& body,
                            Response& response) override {
    if (isForeignPage(headers.get(origin_))) {
      return response.sendError(403, "Forbidden", kj::HttpHeaders(table_));
    }
    if (headers.isWebSocket()) {
      auto target = owner_.findTarget(kj::decodeUriComponent(url.slice(1)));
      if (target.get() == nullptr) {
        return response.sendError(404, "Not Found", kj::HttpHeaders(table_));
      }
      return serveClient(response.acceptWebSocket(kj::HttpHeaders(table_)), kj::mv(target));
    }
    if (url == "/json" || url == "/json/list") {
      auto host = kj::str(headers.get(kj::HttpHeaderId::HOST).orDefault("127.0.0.1"_kj));
      return sendJson(response, listTargets(host));
    }
    if (url == "/json/version") {
      return sendJson(response,
                      kj::str("{\"Browser\": \"workerd\", \"Protocol-Version\": \"1.3\" }"));
    }
    return response.sendError(404, "Not Found", kj::HttpHeaders(table_));
  }

  // Queues one message for a client; one that has left is not sent any.
  void deliver(js::Inspector::SessionId id, kj::String message) {
    KJ_IF_MAYBE(session, sessions_.find(id)) {
      (*session)->waiting.add(kj::mv(message));
      if ((*session)->wake.get() != nullptr) (*session)->wake->fulfill();
    }
  }

 private:
  struct Session {
    kj::Vector<kj::String> waiting;
    kj::Own<kj::PromiseFulfiller<void>> wake;
  };

  kj::String listTargets(kj::StringPtr host) {
    auto targets = owner_.targets_.lockExclusive();
    kj::Vector<kj::String> rows;
    for (auto& each : *targets) rows.add(describe(each->id(), host));
    return kj::str('[', kj::strArray(rows, ","), ']');
  }

  kj::Promise<void> sendJson(Response& response, kj::String text) {
    kj::HttpHeaders headers(table_);
    headers.set(kj::HttpHeaderId::CONTENT_TYPE, "application/json");
    auto stream = response.send(200, "OK", headers, text.size());
    auto written = stream->write(text.begin(), text.size());
    return written.attach(kj::mv(stream), kj::mv(text));
  }

  void post(InspectorTarget& target, InspectorTarget::Item::Kind kind,
            js::Inspector::SessionId session, kj::String text) {
    KJ_IF_MAYBE(handled, target.post({kind, session, kj::mv(text)})) {
      posts_.add(kj::mv(*handled));
    } else {
      KJ_FAIL_REQUIRE("a debugger's messages pile up while the worker does not look at them");
    }
  }

  kj::Promise<void> serveClient(kj::Own<kj::WebSocket> socket, kj::Own<InspectorTarget> target) {
    auto id = ++lastSession_;
    auto& session = *sessions_.insert(id, kj::heap<Session>()).value;
    KJ_DEFER({
      sessions_.erase(id);
      posts_.add(target->post({InspectorTarget::Item::Kind::Close, id, nullptr})
                     .orDefault(kj::Promise<void>(kj::READY_NOW)));
    });
    post(*target, InspectorTarget::Item::Kind::Open, id, nullptr);
    co_await receive(*socket, *target, id).exclusiveJoin(sendAll(*socket, session));
  }

  kj::Promise<void> receive(kj::WebSocket& socket, InspectorTarget& target,
                            js::Inspector::SessionId id) {
    while (true) {
      auto message = co_await socket.receive(kMessageBytesMax);
      KJ_IF_MAYBE(text, message.tryGet<kj::String>()) {
        post(target, InspectorTarget::Item::Kind::Message, id, kj::mv(*text));
      } else if (message.is<kj::WebSocket::Close>()) {
        co_return;
      }
    }
  }

  kj::Promise<void> sendAll(kj::WebSocket& socket, Session& session) {
    while (true) {
      if (session.waiting.empty()) {
        auto woken = kj::newPromiseAndFulfiller<void>();
        session.wake = kj::mv(woken.fulfiller);
        co_await woken.promise;
        session.wake = nullptr;
      }
      auto messages = kj::mv(session.waiting);
      session.waiting = {};
      for (auto& each : messages) co_await socket.send(each);
    }
  }

  void taskFailed(kj::Exception&& exception) override {
    KJ_LOG(WARNING, "a debugger's message did not reach its worker", exception);
  }

  InspectorServer& owner_;
  const kj::HttpHeaderId origin_;
  const kj::HttpHeaderTable& table_;
  js::Inspector::SessionId lastSession_ = 0;
  kj::HashMap<js::Inspector::SessionId, kj::Own<Session>> sessions_;
  kj::TaskSet posts_;
};

struct InspectorServer::Running {
  const kj::Executor& executor;
  Service& service;
  kj::Own<kj::CrossThreadPromiseFulfiller<void>> stop;
};

kj::OneOf<kj::Own<InspectorServer>, net::OpenError> InspectorServer::open(kj::StringPtr address) {
  constexpr kj::uint kUsualPort = 9229;
  auto opened = net::ListenSocket::open(address, kUsualPort);
  KJ_IF_MAYBE(error, opened.tryGet<net::OpenError>()) {
    return kj::mv(*error);
  }
  auto& sockets = opened.get<kj::Vector<net::ListenSocket>>();
  auto port = sockets[0].port();
  kj::Vector<kj::AutoCloseFd> descriptors;
  for (auto& each : sockets) descriptors.add(each.release());
  return kj::Own<InspectorServer>(new InspectorServer(port, kj::mv(descriptors)),
                                  kj::_::HeapDisposer<InspectorServer>::instance);
}

InspectorServer::InspectorServer(kj::uint port, kj::Vector<kj::AutoCloseFd> sockets)
    : port_(port), lane_(kj::getCurrentThreadExecutor().addRef()) {
  thread_.emplace([this, sockets = kj::mv(sockets)]() mutable { run(kj::mv(sockets)); });
  running_.when([](Running* running) { return running != nullptr; }, [](Running*) {});
}

InspectorServer::~InspectorServer() noexcept(false) {
  {
    auto running = running_.lockExclusive();
    if (*running != nullptr) (*running)->stop->fulfill();
  }
  thread_ = nullptr;  // waits for its end
}

InspectorTarget& InspectorServer::target(kj::StringPtr id) {
  auto targets = targets_.lockExclusive();
  for (auto& each : *targets) {
    if (each->id() == id) return *each;
  }
  return *targets->add(kj::atomicRefcounted<InspectorTarget>(kj::str(id), lane_->addRef(), *this));
}

kj::Own<InspectorTarget> InspectorServer::findTarget(kj::StringPtr id) {
  auto targets = targets_.lockExclusive();
  for (auto& each : *targets) {
    if (each->id() == id) return kj::atomicAddRef(*each);
  }
  return {};
}

void InspectorServer::run(kj::Vector<kj::AutoCloseFd> sockets) {
  auto io = kj::setupAsyncIo();
  kj::HttpHeaderTable::Builder builder;
  Service service(*this, builder);
  auto table = builder.build();
  kj::HttpServer server(io.provider->getTimer(), *table, service);
  kj::Vector<kj::Own<kj::ConnectionReceiver>> receivers;
  kj::Vector<kj::Promise<void>> listening;
  for (auto& each : sockets) {
    auto receiver = io.lowLevelProvider->wrapListenSocketFd(
        each.get(), kj::LowLevelAsyncIoProvider::ALREADY_CLOEXEC);
    listening.add(server.listenHttp(*receiver).eagerlyEvaluate(nullptr));
    receivers.add(kj::mv(receiver));
  }
  auto stop = kj::newPromiseAndCrossThreadFulfiller<void>();
  Running running{kj::getCurrentThreadExecutor(), service, kj::mv(stop.fulfiller)};
  *running_.lockExclusive() = &running;
  stop.promise.wait(io.waitScope);
  *running_.lockExclusive() = nullptr;
}

// Waits until it is queued: the order of messages is kept, and the thread never waits for the lane.
void InspectorServer::send(js::Inspector::SessionId session, kj::String message) const {
  auto running = running_.lockShared();
  if (*running == nullptr) return;
  auto& service = (*running)->service;
  (*running)->executor.executeSync([&service, session, text = kj::mv(message)]() mutable {
    service.deliver(session, kj::mv(text));
  });
}

}  // namespace ocapd::server
