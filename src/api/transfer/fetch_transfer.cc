// Request and Response as values: what their constructors take.

#include "src/api/fetch/request.h"
#include "src/api/fetch/response.h"
#include "src/api/transfer/transfers.h"

namespace ocapd::api {

namespace {

// Undefined members are left out, as the format has it.
class Initializer {
 public:
  explicit Initializer(js::Turn& turn) : turn_(turn), object(v8::Object::New(turn.v8)) {}
  void set(kj::StringPtr name, v8::Local<v8::Value> value) {
    if (!value->IsUndefined()) turn_.set(object, name, value);
  }

 private:
  js::Turn& turn_;

 public:
  v8::Local<v8::Object> object;  // tidy: local: lives in one turn
};

bool isRequest(js::Turn& turn, v8::Local<v8::Object> object) {
  return turn.unwrap<Request>(object) != nullptr;
}

void writeRequest(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  auto& turn = writer.turn();
  auto& request = *turn.unwrap<Request>(object);
  KJ_IF_MAYBE(signal, request.givenSignal(turn)) {
    throw js::Error::dom("DataCloneError", "AbortSignal serialization is not enabled.");
  }
  Initializer init(turn);
  if (request.head().method != kj::HttpMethod::GET) {
    init.set("method", turn.string(request.method()));
  }
  init.set("headers", turn.wrap(*request.headers(turn)));
  init.set("body", request.hasBody() ? request.body(turn) : v8::Null(turn.v8).As<v8::Value>());
  init.set("redirect", turn.string(request.redirect()));
  init.set("cf", request.cf(turn));
  writer.writeText(request.url());
  writer.writeValue(init.object);
}

v8::Local<v8::Object> readRequest(rpc::HostReader& reader) {
  auto& turn = reader.turn();
  auto url = reader.readText();
  auto init = reader.readValue();
  KJ_REQUIRE(init->IsObject(), "could not deserialize Request initializer");
  return turn.wrap(*Request::create(turn, turn.string(url), init));
}

bool isResponse(js::Turn& turn, v8::Local<v8::Object> object) {
  return turn.unwrap<Response>(object) != nullptr;
}

void writeResponse(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  auto& turn = writer.turn();
  auto& response = *turn.unwrap<Response>(object);
  if (response.webSocket(turn)->IsObject()) {
    throw js::Error::dom("DataCloneError",
                         "Could not serialize object of type \"WebSocket\". This type does not "
                         "support serialization.");
  }
  writer.writeValue(response.hasBody() ? response.body(turn) : v8::Null(turn.v8).As<v8::Value>());
  Initializer init(turn);
  if (response.status() != 200) {
    init.set("status", v8::Integer::NewFromUnsigned(turn.v8, response.status()));
  }
  init.set("statusText", turn.string(response.statusText()));
  init.set("headers", turn.wrap(*response.headers(turn)));
  init.set("cf", response.cf(turn));
  writer.writeValue(init.object);
}

v8::Local<v8::Object> readResponse(rpc::HostReader& reader) {
  auto& turn = reader.turn();
  auto body = reader.readValue();
  KJ_REQUIRE(body->IsNull() || body->IsObject(), "could not deserialize Response body");
  auto init = reader.readValue();
  KJ_REQUIRE(init->IsObject(), "could not deserialize Response initializer");
  auto status = turn.get(init.As<v8::Object>(), "status");
  if (status->IsNumber() && status.As<v8::Number>()->Value() == 0) {
    return turn.wrap(*Response::error(turn));
  }
  return turn.wrap(*Response::create(turn, body, init));
}

}  // namespace

constinit const rpc::HostType kRequestTransfer{5, &isRequest, &writeRequest, &readRequest};
constinit const rpc::HostType kResponseTransfer{6, &isResponse, &writeResponse, &readResponse};

}  // namespace ocapd::api
