#include "src/worker/connect_event.h"

#include <v8-json.h>

#include "src/api/sockets/socket.h"

namespace ocapd::worker {

namespace {

constexpr kj::StringPtr kNoHandler = "Handler does not export a connect() function."_kj;

}  // namespace

ConnectEvent::~ConnectEvent() noexcept(false) {
  KJ_IF_MAYBE(loan, loan_) {
    (*loan)->end();
  }
}

kj::Promise<void> ConnectEvent::run(kj::StringPtr host, kj::Maybe<kj::String> cfJson,
                                    kj::AsyncIoStream& connection, Response& response) {
  if (!hasHandler()) return missingHandler(kNoHandler);
  response.accept(200, "OK"_kj, kj::HttpHeaders(worker_.lane_.headerTable));
  auto loan = kj::refcounted<ConnectionLoan>(connection);
  loan_ = kj::addRef(*loan);
  auto handled = runHandler("connect", kNoHandler, [&](js::Turn& turn) {
    auto remote = clientAddress(turn, kj::mv(cfJson));
    kj::Maybe<kj::StringPtr> remoteAddress;
    KJ_IF_MAYBE(text, remote) {
      remoteAddress = kj::StringPtr(*text);
    }
    return api::newServerSocket(turn, loan->lend(), remoteAddress, host);
  });
  return finished(kj::mv(handled)).ignoreResult();
}

bool ConnectEvent::hasHandler() {
  bool result = false;
  KJ_IF_MAYBE(entrypoint, entrypoint_) {
    worker_.isolate_.run([&](js::Turn& turn) {
      turn.catching([&] { result = entrypoint->hasHandler(turn, "connect"); });
    });
  }
  return result;
}

kj::Maybe<kj::String> ConnectEvent::clientAddress(js::Turn& turn, kj::Maybe<kj::String> cfJson) {
  kj::Maybe<kj::String> result;
  KJ_IF_MAYBE(json, cfJson) {
    auto cf = turn.check(v8::JSON::Parse(turn.context, turn.string(*json)));
    if (!cf->IsObject()) return nullptr;
    auto client = turn.get(cf.As<v8::Object>(), "clientIp");
    if (client->IsString()) result = turn.utf8(client.As<v8::String>());
  }
  return result;
}

}  // namespace ocapd::worker
