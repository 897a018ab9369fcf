#include "src/api/fetch/response.h"

#include <math.h>
#include <v8-json.h>

#include "src/api/fetch/url_text.h"
#include "src/api/io/worker_host.h"
#include "src/js/dictionary.h"

namespace ocapd::js {

using ocapd::api::Response;

inline constexpr Field<Response::Init> kResponseInit[] = {
    field<&Response::Init::status>("status"),
    field<&Response::Init::statusText>("statusText"),
    field<&Response::Init::headers>("headers"),
    field<&Response::Init::cf>("cf"),
    field<&Response::Init::webSocket>("webSocket"),
    field<&Response::Init::encodeBody>("encodeBody"),
};
template <>
struct Convert<Response::Init> : DictionaryConvert<Response::Init, kResponseInit> {};

}  // namespace ocapd::js

namespace ocapd::api {

bool isNullBodyStatus(uint32_t status) {
  return status == 101 || status == 204 || status == 205 || status == 304;
}

// Codings are compared by case, as in the reference.
ContentCoding contentCodingOf(js::Turn& turn, const HeaderList& headers) {
  KJ_IF_MAYBE(coding, headers.get("Content-Encoding")) {
    if (*coding == "gzip") return ContentCoding::Gzip;
    if (*coding == "br" && WorkerHost::of(turn).has(compat::CompatFlag::BrotliContentEncoding)) {
      return ContentCoding::Brotli;
    }
  }
  return ContentCoding::Identity;
}

namespace {

// Text pinned by the reference.
Response::EncodeBody parseEncodeBody(kj::StringPtr text) {
  if (text == "automatic") return Response::EncodeBody::Automatic;
  if (text == "manual") return Response::EncodeBody::Manual;
  throw js::Error::type("encodeBody: unexpected value: ", text);
}

uint16_t checkedStatus(double status) {
  if (!(status >= 200 && status <= 599)) {
    throw js::Error::range(
        "Responses may only be constructed with status codes in the range 200 "
        "to 599, inclusive.");
  }
  return uint16_t(status);
}

// Null for none. Text pinned by the reference.
WebSocketEnd* toWebSocket(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value.IsEmpty() || value->IsNullOrUndefined()) return nullptr;
  if (auto* end = WebSocketEnd::of(turn, value)) return end;
  throw js::Error::type(
      "Incorrect type for the 'webSocket' field on 'InitializerDict': the provided value is not of "
      "type 'WebSocket'.");
}

Response* make(js::Turn& turn, Body::Content content, v8::Local<v8::Value> init) {
  Response::Head head;
  v8::Local<v8::Value> cf;
  WebSocketEnd* webSocket = nullptr;
  if (auto* other = turn.unwrap<Response>(init)) {
    head.status = uint16_t(other->status());
    head.statusText = kj::str(other->statusText());
    head.headers = other->headers(turn)->list().copy();
    head.encodeBody = other->encodeBody();
    cf = other->cf(turn);
    webSocket = WebSocketEnd::of(turn, other->webSocket(turn));
  } else {
    if (!init->IsNullOrUndefined() && !init->IsObject()) {
      throw js::TypeMismatch{"InitializerDict or Response"};
    }
    auto given = js::Convert<Response::Init>::from(turn, init);
    webSocket = toWebSocket(turn, given.webSocket);
    if (webSocket == nullptr) {
      KJ_IF_MAYBE(status, given.status) {
        head.status = checkedStatus(*status);
      }
    } else if (given.status.orDefault(200) == 101) {
      head.status = 101;
    } else {
      throw js::Error::range("Responses with a WebSocket must have status code 101.");
    }
    KJ_IF_MAYBE(text, given.statusText) {
      if (!isFieldValue(*text)) throw js::Error::type("Invalid statusText");
      head.statusText = kj::mv(*text);
    }
    KJ_IF_MAYBE(encodeBody, given.encodeBody) {
      head.encodeBody = parseEncodeBody(*encodeBody);
    }
    head.headers = kj::refcounted<HeaderList>();
    if (!given.headers.IsEmpty()) Headers::fill(turn, *head.headers, given.headers);
    cf = given.cf;
  }
  if (isNullBodyStatus(head.status) && !content.isNull()) {
    throw js::Error::type(
        "Response with null body status (101, 204, 205, or 304) cannot have a "
        "body.");
  }
  content.addTypeTo(*head.headers);
  return turn.make<Response>(turn, kj::mv(head), Headers::Guard::None, kj::mv(content), webSocket);
}

}  // namespace

// https://fetch.spec.whatwg.org/#dom-response
Response* Response::create(js::Turn& turn, v8::Local<v8::Value> body, v8::Local<v8::Value> init) {
  return make(turn, extract(turn, body), init);
}

// https://fetch.spec.whatwg.org/#dom-response-json
Response* Response::json(js::Turn& turn, v8::Local<v8::Value> value, v8::Local<v8::Value> init) {
  auto text = turn.check(v8::JSON::Stringify(turn.context, value));
  auto content = extract(turn, text);
  content.contentType = "application/json"_kj;
  return make(turn, kj::mv(content), init);
}

// https://fetch.spec.whatwg.org/#dom-response-redirect
Response* Response::redirect(js::Turn& turn, kj::String url, kj::Maybe<double> status) {
  double code = status.orDefault(302);
  if (code != 301 && code != 302 && code != 303 && code != 307 && code != 308) {
    throw js::Error::range(int64_t(code),
                           " is not a redirect status code. It must be one of: "
                           "301, 302, 303, 307, or 308.");
  }
  auto parsed = resolveUrl(url, "about:blank");
  KJ_IF_MAYBE(absolute, parsed) {
    Head head;
    head.status = uint16_t(code);
    head.headers = kj::refcounted<HeaderList>();
    head.headers->append("Location", *absolute);
    return turn.make<Response>(turn, kj::mv(head), Headers::Guard::Immutable, Content());
  }
  throw js::Error::type("Unable to parse URL: ", url);
}

// https://fetch.spec.whatwg.org/#dom-response-error
Response* Response::error(js::Turn& turn) {
  Head head;
  head.status = 0;
  head.isError = true;
  head.headers = kj::refcounted<HeaderList>();
  return turn.make<Response>(turn, kj::mv(head), Headers::Guard::Immutable, Content());
}

Headers* Response::headers(js::Turn& turn) {
  if (!headers_) headers_ = turn.make<Headers>(kj::addRef(*head_.headers), guard_);
  return headers_.Get();
}

v8::Local<v8::Value> Response::cf(js::Turn& turn) {
  return cf_.IsEmpty() ? turn.undefined() : cf_.Get(turn.v8);
}

// https://developers.cloudflare.com/workers/runtime-apis/response/#properties
v8::Local<v8::Value> Response::webSocket(js::Turn& turn) {
  if (!webSocket_) return v8::Null(turn.v8);
  return webSocket_->face(turn);
}

// https://fetch.spec.whatwg.org/#dom-response-clone
Response* Response::clone(js::Turn& turn) {
  if (webSocket_) {
    throw js::Error::type("Cannot clone a response to a WebSocket handshake.");
  }
  auto content = tee(turn);
  Head head;
  head.status = head_.status;
  head.statusText = kj::str(head_.statusText);
  head.headers = head_.headers->copy();
  head.url = kj::str(head_.url);
  head.redirected = head_.redirected;
  head.encodeBody = head_.encodeBody;
  return turn.make<Response>(turn, kj::mv(head), guard_, kj::mv(content));
}

Response::Outgoing Response::takeForSending(js::Turn& turn) {
  if (head_.isError) {
    throw js::Error::type(
        "Return value from serve handler must not be an error response (like "
        "Response.error())");
  }
  // A Headers object that JavaScript holds may change after this.
  auto headers = headers_ ? head_.headers->copy() : kj::addRef(*head_.headers);
  kj::Maybe<kj::Own<kj::WebSocket>> socket;
  if (webSocket_) socket = webSocket_->giveAway(turn);
  auto body = takeOutgoing(turn);
  bool isManual = head_.encodeBody == EncodeBody::Manual;
  body.recode(isManual ? ContentCoding::Identity : contentCodingOf(turn, *headers));
  return {head_.status, kj::str(head_.statusText), kj::mv(headers), kj::mv(body), kj::mv(socket)};
}

void Response::Trace(cppgc::Visitor* visitor) const {
  Body::Trace(visitor);
  visitor->Trace(headers_);
  visitor->Trace(cf_);
  visitor->Trace(webSocket_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&Response::create>(),
    js::function<&Response::error>("error"),
    js::function<&Response::json>("json"),
    js::function<&Response::redirect>("redirect"),
    js::method<&Response::clone>("clone"),
    js::getter<&Response::status>("status"),
    js::getter<&Response::statusText>("statusText"),
    js::getter<&Response::headers>("headers"),
    js::getter<&Response::ok>("ok"),
    js::getter<&Response::redirected>("redirected"),
    js::getter<&Response::url>("url"),
    js::getter<&Response::webSocket>("webSocket"),
    js::getter<&Response::cf>("cf"),
    js::getter<&Response::type>("type"),
};

}  // namespace

constinit const js::Class Response::kClass{
    .name = kClassName,
    .spec = "https://fetch.spec.whatwg.org/#response-class",
    .members = kMembers,
    .parent = &Body::kClass,
};

}  // namespace ocapd::api
