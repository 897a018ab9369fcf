// Service bindings as values: the receiver gets one to the same entrypoint with the same props.

#include "src/api/fetch/fetcher.h"
#include "src/api/transfer/transfers.h"
#include "src/api/workers/loopback.h"

namespace ocapd::api {

namespace {

bool matches(js::Turn& turn, v8::Local<v8::Object> object) {
  auto* native = turn.unwrapAny(object);
  // Stubs of Durable Objects arrive as plain ones; those of ctx.exports are to be called first.
  return native != nullptr && native->jsClass().isA(Fetcher::kClass) &&
         !native->jsClass().isA(LoopbackServiceStub::kClass);
}

void write(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  auto* fetcher = writer.turn().unwrap<Fetcher>(object);
  fetcher->channel().requireTransferable();
  writer.addExternal(fetcher->channel().addRef());
}

v8::Local<v8::Object> read(rpc::HostReader& reader) {
  auto external = reader.takeExternal();
  KJ_REQUIRE(external.is<kj::Own<channel::ServiceChannel>>(),
             "external table slot type doesn't match serialization tag");
  auto& turn = reader.turn();
  return turn.wrap(*turn.make<Fetcher>(kj::mv(external.get<kj::Own<channel::ServiceChannel>>())));
}

}  // namespace

constinit const rpc::HostType kFetcherTransfer{11, &matches, &write, &read};

}  // namespace ocapd::api
