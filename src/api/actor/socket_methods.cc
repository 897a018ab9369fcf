#include "src/api/actor/socket_methods.h"

#include <math.h>
#include <v8-container.h>
#include <v8-date.h>

#include "src/api/actor/durable_object_state.h"

namespace ocapd::js {

// The texts here and below are pinned by the reference.
api::SocketTags Convert<api::SocketTags>::from(Turn& turn, v8::Local<v8::Value> value) {
  using Sockets = api::HibernatableSockets;
  if (!value->IsArray()) throw TypeMismatch{kName};
  auto array = value.As<v8::Array>();
  kj::Vector<kj::String> tags;
  for (uint32_t i = 0; i < array->Length(); ++i) {
    auto tag = Convert<kj::String>::from(turn, turn.check(array->Get(turn.context, i)));
    if (tags.size() >= Sockets::kTagsMax) {
      throw Error::plain("a Hibernatable WebSocket cannot have more than ", Sockets::kTagsMax,
                         " tags");
    }
    if (tag.size() > Sockets::kTagBytesMax) {
      throw Error::plain('"', tag, "\" is longer than the max tag length (", Sockets::kTagBytesMax,
                         " characters).");
    }
    bool isNew = true;
    for (auto& other : tags) isNew = isNew && other != tag;
    if (isNew) tags.add(kj::mv(tag));
  }
  return {tags.releaseAsArray()};
}

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

// None: no limit.
kj::Maybe<uint32_t> toTimeout(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value->IsNullOrUndefined()) return nullptr;
  double number = turn.check(value->NumberValue(turn.context));
  if (isnan(number)) {
    throw js::Error::type("The value cannot be converted because it is not an integer.");
  }
  if (number < 0) {
    throw js::Error::type(
        "The value cannot be converted because it is negative and this API expects a positive "
        "number.");
  }
  if (number > double(UINT32_MAX)) {
    throw js::Error::type("Value out of range. Must be less than or equal to ", UINT32_MAX, ".");
  }
  auto milliseconds = uint32_t(number);
  if (milliseconds > HibernatableSockets::kEventTimeoutMsMax) {
    throw js::Error::plain("Event timeout should not exceed ",
                           HibernatableSockets::kEventTimeoutMsMax, " ms.");
  }
  if (milliseconds == 0) return nullptr;
  return milliseconds;
}

void checkAutoResponse(kj::StringPtr text, kj::StringPtr what, kj::StringPtr lowerCase) {
  constexpr auto kMax = HibernatableSockets::kAutoResponseBytesMax;
  if (text.size() <= kMax) return;
  throw js::Error::range(what, " cannot be larger than ", kMax, " bytes. A ", lowerCase,
                         " of size ", text.size(), " was provided.");
}

}  // namespace

v8::Local<v8::Value> webSocketOf(js::Turn& turn, HibernatableSocket& socket) {
  if (socket.face.IsEmpty()) {
    socket.face.Reset(turn.v8, WebSocketEnd::revive(turn, socket)->face(turn));
  }
  return socket.face.Get(turn.v8);
}

void DurableObjectState::acceptWebSocket(js::Turn& turn, WebSocketArgument socket,
                                         kj::Maybe<SocketTags> tags) {
  auto& all = sockets(turn);
  if (!all.hasRoom()) {
    throw js::Error::plain("only ", HibernatableSockets::kSocketsMax,
                           " websockets can be accepted on a single Durable Object instance");
  }
  auto line = socket.end->takeForHibernation(turn);
  kj::Array<kj::String> given;
  KJ_IF_MAYBE(named, tags) given = kj::mv(named->tags);
  auto& added = all.add(kj::mv(line), kj::mv(given));
  socket.end->hibernate(turn, added);
  added.face.Reset(turn.v8, socket.end->face(turn));
}

v8::Local<v8::Value> DurableObjectState::getWebSockets(js::Turn& turn, kj::Maybe<kj::String> tag) {
  auto& all = sockets(turn);
  v8::LocalVector<v8::Value> found(turn.v8);
  auto visit = [&](HibernatableSocket& socket) { found.push_back(webSocketOf(turn, socket)); };
  KJ_IF_MAYBE(text, tag) {
    all.forEachTagged(*text, visit);
  } else {
    all.forEach(visit);
  }
  return v8::Array::New(turn.v8, found.data(), found.size());
}

void DurableObjectState::setWebSocketAutoResponse(js::Turn& turn,
                                                  kj::Maybe<WebSocketRequestResponsePair*> pair) {
  auto& all = sockets(turn);
  KJ_IF_MAYBE(given, pair) {
    checkAutoResponse((*given)->request(), "Request", "request");
    checkAutoResponse((*given)->response(), "Response", "response");
    all.autoResponse = HibernatableSockets::AutoResponse{kj::str((*given)->request()),
                                                         kj::str((*given)->response())};
  } else {
    all.autoResponse = nullptr;
  }
}

WebSocketRequestResponsePair* DurableObjectState::getWebSocketAutoResponse(js::Turn& turn) {
  KJ_IF_MAYBE(pair, sockets(turn).autoResponse) {
    return turn.make<WebSocketRequestResponsePair>(kj::str(pair->request), kj::str(pair->response));
  }
  return nullptr;
}

v8::Local<v8::Value> DurableObjectState::getWebSocketAutoResponseTimestamp(
    js::Turn& turn, WebSocketArgument socket) {
  KJ_IF_MAYBE(known, socket.end->hibernatable(turn)) {
    KJ_IF_MAYBE(time, known->autoRespondedAt) {
      double milliseconds = double((*time - kj::UNIX_EPOCH) / kj::MILLISECONDS);
      return turn.check(v8::Date::New(turn.context, milliseconds));
    }
  }
  return v8::Null(turn.v8);
}

void DurableObjectState::setHibernatableWebSocketEventTimeout(js::Turn& turn,
                                                              v8::Local<v8::Value> milliseconds) {
  auto timeout = toTimeout(turn, milliseconds);
  sockets(turn).eventTimeoutMs = timeout;
}

v8::Local<v8::Value> DurableObjectState::getHibernatableWebSocketEventTimeout(js::Turn& turn) {
  KJ_IF_MAYBE(milliseconds, sockets(turn).eventTimeoutMs) {
    return v8::Integer::NewFromUnsigned(turn.v8, *milliseconds);
  }
  return v8::Null(turn.v8);
}

v8::Local<v8::Value> DurableObjectState::getTags(js::Turn& turn, WebSocketArgument socket) {
  KJ_IF_MAYBE(known, socket.end->hibernatable(turn)) {
    v8::LocalVector<v8::Value> tags(turn.v8);
    for (auto& tag : known->tags) tags.push_back(turn.string(tag.asArray()));
    return v8::Array::New(turn.v8, tags.data(), tags.size());
  }
  if (socket.end->isAccepted()) {
    throw js::Error::plain("only hibernatable websockets can have tags.");
  }
  throw js::Error::plain(
      "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.");
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&WebSocketRequestResponsePair::create>(),
    js::getter<&WebSocketRequestResponsePair::request>("request"),
    js::getter<&WebSocketRequestResponsePair::response>("response"),
};

}  // namespace

constinit const js::Class WebSocketRequestResponsePair::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/durable-objects/api/state/#setwebsocketautoresponse",
    .members = kMembers,
};

}  // namespace ocapd::api
