#include "src/server/module_fallback.h"

#include <capnp/compat/json.h>
#include <capnp/message.h>
#include <kj/async-io.h>
#include <kj/compat/http.h>
#include <kj/debug.h>
#include <kj/encoding.h>
#include <kj/thread.h>

#include "src/server/logger.h"

namespace ocapd::server {

namespace {

using Answer = js::ModuleFallback::Answer;
using Request = js::ModuleFallback::Request;
using Method = js::ModuleFallback::Method;

struct Question {
  kj::HttpMethod method;
  kj::String url;
  kj::StringPtr resolveMethod;
  kj::String body;
};

struct Reply {
  kj::uint status = 0;
  kj::Maybe<kj::String> location;
  kj::String text;
};

kj::StringPtr methodName(Method method) {
  switch (method) {
    case Method::Import: return "import"_kj;
    case Method::Require: return "require"_kj;
    case Method::Internal: return "internal"_kj;
  }
  KJ_UNREACHABLE;
}

// The legacy registry's names are paths without their first slash; the service wants it.
kj::String absolute(kj::StringPtr name) {
  bool hasScheme = name.findFirst(':') != nullptr && !name.startsWith("/");
  for (char c : name) {
    if (c == ':') break;
    if (c == '/') hasScheme = false;
  }
  return hasScheme || name.startsWith("/") ? kj::str(name) : kj::str('/', name);
}

Question pathQuestion(const Request& request) {
  auto encode = [](kj::StringPtr text) { return kj::encodeUriComponent(text); };
  auto url = kj::str("/?specifier=", encode(absolute(request.specifier)),
                     "&referrer=", encode(absolute(request.referrer)),
                     "&rawSpecifier=", encode(request.rawSpecifier));
  return {kj::HttpMethod::GET, kj::mv(url), methodName(request.method), nullptr};
}

Question urlQuestion(const Request& request) {
  kj::Vector<kj::String> attributes;
  for (auto& each : request.attributes) {
    attributes.add(
        kj::str("{\"name\":", jsonString(each.name), ",\"value\":", jsonString(each.value), "}"));
  }
  auto body = kj::str("{\"type\":\"", methodName(request.method),
                      "\",\"specifier\":", jsonString(request.specifier),
                      ",\"rawSpecifier\":", jsonString(request.rawSpecifier),
                      ",\"referrer\":", jsonString(request.referrer), ",\"attributes\":[",
                      kj::strArray(attributes, ","), "]}");
  return {kj::HttpMethod::POST, kj::str("/"), methodName(request.method), kj::mv(body)};
}

Reply exchange(kj::StringPtr address, const Question& question) {
  auto io = kj::setupAsyncIo();
  kj::HttpHeaderTable::Builder builder;
  auto resolveMethod = builder.add("X-Resolve-Method");
  auto table = builder.build();
  auto& timer = io.provider->getTimer();
  auto target = io.provider->getNetwork().parseAddress(address, 80).wait(io.waitScope);
  auto client = kj::newHttpClient(timer, *table, *target);
  kj::HttpHeaders headers(*table);
  headers.set(kj::HttpHeaderId::HOST, address);
  headers.set(resolveMethod, question.resolveMethod);
  if (question.body.size() > 0) headers.set(kj::HttpHeaderId::CONTENT_TYPE, "application/json");
  auto sent =
      client->request(question.method, question.url, headers, uint64_t(question.body.size()));
  if (question.body.size() > 0) {
    sent.body->write(question.body.begin(), question.body.size()).wait(io.waitScope);
  }
  sent.body = nullptr;
  auto response = sent.response.wait(io.waitScope);
  Reply reply;
  reply.status = response.statusCode;
  reply.location = response.headers->get(kj::HttpHeaderId::LOCATION).map([](kj::StringPtr where) {
    return kj::str(where);
  });
  reply.text = response.body->readAllText(HttpModuleFallback::kAnswerBytesMax).wait(io.waitScope);
  return reply;
}

kj::Array<kj::byte> bytesOf(capnp::JsonValue::Reader value) {
  if (value.isString()) return kj::heapArray<kj::byte>(value.getString().asBytes());
  auto numbers = value.getArray();
  auto bytes = kj::heapArray<kj::byte>(numbers.size());
  for (kj::uint i = 0; i < numbers.size(); ++i) bytes[i] = kj::byte(numbers[i].getNumber());
  return bytes;
}

kj::Maybe<js::ModuleSource::Kind> kindOf(kj::StringPtr field) {
  using Kind = js::ModuleSource::Kind;
  if (field == "esModule") return Kind::EsModule;
  if (field == "commonJsModule") return Kind::CommonJs;
  if (field == "text") return Kind::Text;
  if (field == "data") return Kind::Data;
  if (field == "wasm") return Kind::Wasm;
  if (field == "json") return Kind::Json;
  return nullptr;
}

kj::Maybe<Answer> readModule(kj::StringPtr json) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<capnp::JsonValue>();
  capnp::JsonCodec().decodeRaw(json, root);
  js::ModuleSource source{};
  kj::Array<kj::byte> content;
  bool isComplete = false;
  kj::Vector<kj::String> named;
  for (auto field : root.asReader().getObject()) {
    auto value = field.getValue();
    if (field.getName() == "name") source.name = kj::str(value.getString());
    if (field.getName() == "namedExports" && value.isArray()) {
      for (auto each : value.getArray()) named.add(kj::str(each.getString()));
    }
    KJ_IF_MAYBE(kind, kindOf(field.getName())) {
      source.kind = *kind;
      content = bytesOf(value);
      isComplete = true;
    }
  }
  if (!isComplete) return nullptr;
  source.namedExports = named.releaseAsArray();
  source.content = content;
  return Answer{kj::mv(source), kj::mv(content)};
}

kj::Maybe<Answer> understand(Reply reply) {
  if (reply.status == 301) {
    KJ_IF_MAYBE(where, reply.location) {
      return Answer{js::ModuleFallback::Redirect{kj::mv(*where)}, nullptr};
    }
    return nullptr;
  }
  if (reply.status != 200) return nullptr;
  return readModule(reply.text);
}

}  // namespace

kj::Maybe<Answer> HttpModuleFallback::find(const Request& request) {
  auto question =
      registry_ == js::ModuleRegistry::Urls ? urlQuestion(request) : pathQuestion(request);
  Reply reply;
  // KJ has one event loop a thread, and this thread's is waiting for us.
  auto failure = kj::runCatchingExceptions([&] {
    kj::Maybe<kj::Exception> inThread;
    {
      kj::Thread thread([&] {
        inThread = kj::runCatchingExceptions([&] { reply = exchange(address_, question); });
      });
    }
    KJ_IF_MAYBE(exception, inThread) {
      kj::throwFatalException(kj::mv(*exception));
    }
  });
  KJ_IF_MAYBE(exception, failure) {
    KJ_LOG(ERROR, "the module fallback service could not be asked", address_, request.specifier,
           *exception);
    return nullptr;
  }
  return understand(kj::mv(reply));
}

}  // namespace ocapd::server
