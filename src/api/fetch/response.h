// Response, as JavaScript makes it and as fetch() brings it.
//
// Owns      its header list and body.
// Spec      https://fetch.spec.whatwg.org/#response-class
#pragma once

#include "src/api/fetch/body.h"
#include "src/api/fetch/headers.h"
#include "src/api/websocket/web_socket_end.h"

namespace ocapd::api {

class Response final : public Body {
 public:
  static constexpr const char* kClassName = "Response";
  static const js::Class kClass;

  struct Init {
    static constexpr const char* kDictionaryName = "InitializerDict";
    kj::Maybe<double> status;
    kj::Maybe<kj::String> statusText;
    v8::Local<v8::Value> headers;
    v8::Local<v8::Value> cf;
    v8::Local<v8::Value> webSocket;
    kj::Maybe<kj::String> encodeBody;
  };

  // Whether Content-Encoding is to be done to the body or has been.
  enum class EncodeBody : uint8_t { Automatic, Manual };

  struct Head {
    uint16_t status = 200;
    kj::String statusText;
    kj::Own<HeaderList> headers;
    kj::String url;
    bool redirected = false;
    bool isError = false;
    EncodeBody encodeBody = EncodeBody::Automatic;
  };

  Response(js::Turn& turn, Head head, Headers::Guard guard, Content content,
           WebSocketEnd* webSocket = nullptr)
      : Body(turn, kj::mv(content)), head_(kj::mv(head)), guard_(guard), webSocket_(webSocket) {}

  // ---- JavaScript ----
  static Response* create(js::Turn& turn, v8::Local<v8::Value> body, v8::Local<v8::Value> init);
  static Response* json(js::Turn& turn, v8::Local<v8::Value> value, v8::Local<v8::Value> init);
  static Response* redirect(js::Turn& turn, kj::String url, kj::Maybe<double> status);
  static Response* error(js::Turn& turn);
  uint32_t status() const { return head_.status; }
  kj::StringPtr statusText() const { return head_.statusText; }
  bool ok() const { return head_.status >= 200 && head_.status < 300; }
  bool redirected() const { return head_.redirected; }
  kj::StringPtr url() const { return head_.url; }
  kj::StringPtr type() const { return head_.isError ? "error"_kj : "default"_kj; }
  Headers* headers(js::Turn& turn);
  v8::Local<v8::Value> cf(js::Turn& turn);
  // Of the answer to a WebSocket handshake; null otherwise.
  v8::Local<v8::Value> webSocket(js::Turn& turn);
  Response* clone(js::Turn& turn);

  // ---- native ----
  EncodeBody encodeBody() const { return head_.encodeBody; }
  // What goes out, free of JavaScript; the body counts as used.
  struct Outgoing {
    uint16_t status;
    kj::String statusText;
    kj::Own<HeaderList> headers;
    Body::Outgoing body;
    kj::Maybe<kj::Own<kj::WebSocket>> webSocket;  // instead of a body
  };
  Outgoing takeForSending(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 protected:
  kj::Maybe<kj::String> contentType() const override { return head_.headers->get("Content-Type"); }

 private:
  Head head_;
  Headers::Guard guard_;
  cppgc::Member<Headers> headers_;
  v8::TracedReference<v8::Value> cf_;
  cppgc::Member<WebSocketEnd> webSocket_;
};

// What Content-Encoding says; Identity also for codings that are left alone.
ContentCoding contentCodingOf(js::Turn& turn, const HeaderList& headers);

// 101, 204, 205, 304: https://fetch.spec.whatwg.org/#null-body-status
bool isNullBodyStatus(uint32_t status);

}  // namespace ocapd::api
