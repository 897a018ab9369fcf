#include "src/api/websocket/web_socket_connect.h"

#include <ada.h>

#include "src/api/fetch/header_list.h"
#include "src/api/io/worker_host.h"
#include "src/js/sequence.h"

namespace ocapd::api {

namespace {

constexpr kj::StringPtr kProtocolHeader = "Sec-WebSocket-Protocol"_kj;

struct Connected {
  kj::Maybe<kj::Own<kj::WebSocket>> socket;
  kj::uint status;
  kj::String protocol;
  kj::String extensions;
};

// Not within the caller's turn: the receiver may be a worker, even the same one.
kj::Promise<Connected> connect(kj::Own<channel::ServiceChannel> channel,
                               const kj::HttpHeaderTable& headerTable, kj::String url,
                               kj::Maybe<kj::String> protocols, bool compresses) {
  co_await kj::evalLater([] {});
  auto target = channel->startRequest({});
  auto client = kj::newHttpClient(*target);
  kj::HttpHeaders headers(headerTable);
  headers.set(kj::HttpHeaderId::UPGRADE, "websocket"_kj);
  KJ_IF_MAYBE(value, protocols) headers.add(kProtocolHeader, kj::StringPtr(*value));
  if (compresses) headers.set(kj::HttpHeaderId::SEC_WEBSOCKET_EXTENSIONS, "permessage-deflate"_kj);
  auto response = co_await client->openWebSocket(url, headers);
  Connected result{nullptr, response.statusCode, nullptr, nullptr};
  KJ_IF_MAYBE(socket, response.webSocketOrBody.tryGet<kj::Own<kj::WebSocket>>()) {
    HeaderList list(*response.headers);
    result.protocol = list.get(kProtocolHeader).orDefault(kj::String());
    result.extensions = list.get("Sec-WebSocket-Extensions"_kj).orDefault(kj::String());
    result.socket = socket->attach(kj::mv(client), kj::mv(target), kj::mv(channel));
  }
  co_return kj::mv(result);
}

}  // namespace

// Texts pinned by the reference, here and below.
WebSocketAddress parseWebSocketUrl(kj::StringPtr text) {
  constexpr auto kWhere = "WebSocket Constructor: "_kj;
  auto parsed = ada::parse<ada::url_aggregator>(std::string_view(text.begin(), text.size()));
  if (!parsed) throw js::Error::dom("SyntaxError", kWhere, "The url is invalid.");
  bool isSecure = parsed->get_protocol() == "wss:";
  if (!isSecure && parsed->get_protocol() != "ws:") {
    throw js::Error::dom("SyntaxError", kWhere, "The url scheme must be ws or wss.");
  }
  if (parsed->has_hash()) {
    throw js::Error::dom("SyntaxError", kWhere, "The url fragment must be empty.");
  }
  auto href = parsed->get_href();
  auto url = kj::heapString(href.data(), href.size());
  // HTTP has no place for credentials in what is asked for.
  parsed->set_username("");
  parsed->set_password("");
  href = parsed->get_href();
  href.remove_prefix(isSecure ? 3 : 2);
  auto httpUrl = kj::str(isSecure ? "https" : "http", kj::arrayPtr(href.data(), href.size()));
  return {kj::mv(url), kj::mv(httpUrl)};
}

kj::Maybe<kj::String> parseProtocols(js::Turn& turn, v8::Local<v8::Value> protocols) {
  constexpr auto kWhere = "WebSocket Constructor: "_kj;
  if (protocols->IsNullOrUndefined()) return nullptr;
  kj::Vector<kj::String> names;
  if (protocols->IsObject()) {
    auto object = protocols.As<v8::Object>();
    auto method = js::iteratorMethod(turn, object);
    if (!method->IsNullOrUndefined()) {
      js::forEachElement(turn, object, method, [&](v8::Local<v8::Value> each) {
        auto name = js::Convert<kj::String>::from(turn, each);
        if (!isToken(name)) {
          throw js::Error::dom("SyntaxError", kWhere,
                               "One of the protocol header tokens is invalid.");
        }
        for (auto& other : names) {
          if (other != name) continue;
          throw js::Error::dom("SyntaxError", kWhere,
                               "The protocols header cannot have repeating values.");
        }
        names.add(kj::mv(name));
      });
      if (names.empty()) return nullptr;
      return kj::strArray(names, ", ");
    }
  }
  auto name = js::Convert<kj::String>::from(turn, protocols);
  if (!isToken(name)) {
    throw js::Error::dom("SyntaxError", kWhere, "The protocol header token is invalid.");
  }
  return kj::mv(name);
}

void connectWebSocket(js::Turn& turn, WebSocketEnd& end, kj::String httpUrl,
                      kj::Maybe<kj::String> protocols) {
  auto& context = IoContext::current(turn);
  bool compresses = WorkerHost::of(turn).has(compat::CompatFlag::WebSocketCompression);
  auto connected = connect(context.globalOutbound().addRef(), context.headerTable(),
                           kj::mv(httpUrl), kj::mv(protocols), compresses);
  cppgc::Persistent<WebSocketEnd> self(&end);
  context.continueIn(
      kj::mv(connected),
      [self](js::Turn& inner, Connected result) {
        KJ_IF_MAYBE(socket, result.socket) {
          return self->opened(inner, kj::mv(*socket), kj::mv(result.protocol),
                              kj::mv(result.extensions));
        }
        self->notOpened(inner, js::Error::type("Failed to establish the WebSocket connection: "
                                               "expected server to reply with HTTP status code "
                                               "101 (switching protocols), but received ",
                                               result.status, " instead.")
                                   .toValue(inner));
      },
      [self](js::Turn& inner, kj::Exception&& exception) {
        self->notOpened(inner, js::toJs(inner, kj::mv(exception)));
      });
}

}  // namespace ocapd::api
