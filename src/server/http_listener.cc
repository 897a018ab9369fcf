#include "src/server/http_listener.h"

#include <kj/debug.h>

#include "src/server/url_parts.h"
#include "src/wire/bootstrap.h"
#include "src/wire/connection.h"

namespace ocapd::server {

// One connection: turns requests as the client sent them into events.
class HttpListener::Connection final : public kj::HttpService {
 public:
  Connection(HttpListener& listener, kj::Own<kj::AsyncIoStream> stream, Peer peer)
      : listener_(listener),
        peer_(kj::mv(peer)),
        http_(newKjHttpConnection(kj::mv(stream), *this, listener.context_)),
        next_(listener.firstConnection_),
        previousLink_(&listener.firstConnection_) {
    if (next_ != nullptr) next_->previousLink_ = &next_;
    listener.firstConnection_ = this;
  }
  ~Connection() noexcept(false) {
    *previousLink_ = next_;
    if (next_ != nullptr) next_->previousLink_ = previousLink_;
  }
  KJ_DISALLOW_COPY_AND_MOVE(Connection);

  HttpConnection& http() { return *http_; }
  Connection* next() { return next_; }

 private:
  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;

  kj::Promise<void> forward(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response, channel::RequestMetadata metadata);
  bool mustChangeHeaders() const;
  channel::RequestMetadata metadataOf(const kj::HttpHeaders& headers) const;
  // Puts together what request.url will show. Valid until the next request of the connection.
  kj::StringPtr absoluteUrl(kj::StringPtr scheme, kj::StringPtr host, kj::StringPtr target);
  kj::Promise<void> refuse(Response& response);
  kj::Promise<void> serveCapnp(kj::AsyncIoStream& connection, ConnectResponse& response);

  HttpListener& listener_;
  Peer peer_;
  kj::Vector<char> url_;
  kj::Own<HttpConnection> http_;
  Connection* next_;
  Connection** previousLink_;
};

HttpListener::HttpListener(kj::UnixEventPort& eventPort, kj::Maybe<kj::Own<kj::TlsContext>> tls,
                           HeaderRules rules, kj::Maybe<kj::StringPtr> capnpConnectHost,
                           kj::Own<channel::ServiceChannel> channel, const HttpContext& context)
    : Listener(eventPort, context.logger, kj::mv(tls)),
      rules_(kj::mv(rules)),
      capnpConnectHost_(capnpConnectHost),
      channel_(kj::mv(channel)),
      context_(context) {}

kj::Promise<void> HttpListener::serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) {
  if (draining_) return kj::READY_NOW;
  auto connection = kj::heap<Connection>(*this, kj::mv(stream), kj::mv(peer));
  auto served = connection->http().serve();
  return served.attach(kj::mv(connection));
}

void HttpListener::drainConnections() {
  draining_ = true;
  for (auto* each = firstConnection_; each != nullptr; each = each->next()) each->http().drain();
}

kj::Promise<void> HttpListener::Connection::request(kj::HttpMethod method, kj::StringPtr url,
                                                    const kj::HttpHeaders& headers,
                                                    kj::AsyncInputStream& requestBody,
                                                    Response& response) {
  auto& rules = listener_.rules_;
  if (rules.style == config::HttpOptions::Style::Host) {
    auto host = headers.get(kj::HttpHeaderId::HOST).orDefault(nullptr);
    if (host.size() == 0) return refuse(response);
    auto scheme = listener_.usesTls() ? "https"_kj : "http"_kj;
    KJ_IF_MAYBE(id, rules.forwardedProto) {
      scheme = headers.get(*id).orDefault(scheme);
    }
    url = absoluteUrl(scheme, host, url);
  }
  auto metadata = metadataOf(headers);
  if (!mustChangeHeaders()) {
    return forward(method, url, headers, requestBody, response, kj::mv(metadata));
  }
  auto changed = kj::heap(headers.cloneShallow());
  if (rules.style == config::HttpOptions::Style::Host) {
    KJ_IF_MAYBE(id, rules.forwardedProto) {
      changed->unset(*id);
    }
  }
  KJ_IF_MAYBE(id, rules.cfBlob) {
    changed->unset(*id);
  }
  rules.injectIntoRequest(*changed);
  auto& ref = *changed;
  return forward(method, url, ref, requestBody, response, kj::mv(metadata)).attach(kj::mv(changed));
}

kj::Promise<void> HttpListener::Connection::forward(kj::HttpMethod method, kj::StringPtr url,
                                                    const kj::HttpHeaders& headers,
                                                    kj::AsyncInputStream& requestBody,
                                                    Response& response,
                                                    channel::RequestMetadata metadata) {
  auto target = listener_.channel_->startRequest(kj::mv(metadata));
  auto& targetRef = *target;
  if (listener_.rules_.injectsIntoResponses()) {
    auto injecting = kj::heap<InjectingResponse>(listener_.rules_, response);
    auto& injectingRef = *injecting;
    return targetRef.request(method, url, headers, requestBody, injectingRef)
        .attach(kj::mv(injecting), kj::mv(target));
  }
  return targetRef.request(method, url, headers, requestBody, response).attach(kj::mv(target));
}

kj::Promise<void> HttpListener::Connection::connect(kj::StringPtr host,
                                                    const kj::HttpHeaders& headers,
                                                    kj::AsyncIoStream& connection,
                                                    ConnectResponse& response,
                                                    kj::HttpConnectSettings settings) {
  KJ_IF_MAYBE(capnpHost, listener_.capnpConnectHost_) {
    if (*capnpHost == host) return serveCapnp(connection, response);
  }
  auto target = listener_.channel_->startRequest(metadataOf(headers));
  auto& ref = *target;
  return ref.connect(host, headers, connection, response, kj::mv(settings)).attach(kj::mv(target));
}

// The tunnel is a Cap'n Proto connection to the service.
kj::Promise<void> HttpListener::Connection::serveCapnp(kj::AsyncIoStream& connection,
                                                       ConnectResponse& response) {
  auto& table = listener_.context_.headerTable;
  response.accept(200, "OK"_kj, kj::HttpHeaders(table));
  auto externals = kj::refcounted<wire::Externals>();
  auto bootstrap = wire::hostChannel(listener_.channel_->addRef(), table, externals->addRef());
  auto& reference = *externals;
  return wire::serveConnection(connection, kj::mv(bootstrap), reference).attach(kj::mv(externals));
}

bool HttpListener::Connection::mustChangeHeaders() const {
  auto& rules = listener_.rules_;
  return rules.forwardedProto != nullptr || rules.cfBlob != nullptr || rules.injectsIntoRequests();
}

channel::RequestMetadata HttpListener::Connection::metadataOf(
    const kj::HttpHeaders& headers) const {
  channel::RequestMetadata metadata;
  KJ_IF_MAYBE(id, listener_.rules_.cfBlob) {
    metadata.cfJson = headers.get(*id).map([](kj::StringPtr json) { return kj::heapString(json); });
  } else {
    metadata.cfJson = kj::heapString(peer_.cfJson);
  }
  return metadata;
}

kj::StringPtr HttpListener::Connection::absoluteUrl(kj::StringPtr scheme, kj::StringPtr host,
                                                    kj::StringPtr target) {
  kj::ArrayPtr<const char> path = target;
  bool addSlash = false;
  if (!target.startsWith("/")) {
    // Absolute form: only its path counts, the host is what the Host header says.
    KJ_IF_MAYBE(parts, findUrlParts(target)) {
      path = kj::arrayPtr(parts->target.begin(), target.end());
      addSlash = path.size() == 0 || path[0] != '/';
    }
  }
  url_.clear();
  url_.addAll(scheme);
  url_.addAll("://"_kj);
  url_.addAll(host);
  if (addSlash) url_.add('/');
  url_.addAll(path);
  url_.add('\0');
  return kj::StringPtr(url_.begin(), url_.size() - 1);
}

kj::Promise<void> HttpListener::Connection::refuse(Response& response) {
  constexpr auto kText = "Bad Request"_kj;
  auto body =
      response.send(400, kText, kj::HttpHeaders(listener_.context_.headerTable), kText.size());
  auto written = body->write(kText.begin(), kText.size());
  return written.attach(kj::mv(body));
}

}  // namespace ocapd::server
