#include "src/api/bindings/bindings.h"

#include <stdlib.h>
#include <string.h>

#include <kj/encoding.h>
#include <openssl/rand.h>
#include <v8-value-serializer.h>

#include "src/api/bindings/bindings_js.h"
#include "src/api/bindings/service_call.h"
#include "src/api/fetch/headers.h"
#include "src/api/forms/blob.h"
#include "src/api/io/io_context.h"
#include "src/api/io/worker_host.h"
#include "src/api/sockets/connect_routes.h"

namespace ocapd::api {

namespace {

// What a value is, as far as bindings treat kinds differently.
kj::StringPtr kindOf(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject()) return "text"_kj;
  if (value->IsArrayBuffer() || value->IsArrayBufferView()) return "bytes"_kj;
  if (ReadableStream::from(turn, value) != nullptr) return "stream"_kj;
  if (turn.unwrap<Blob>(value) != nullptr) return "blob"_kj;
  if (turn.unwrap<Headers>(value) != nullptr) return "headers"_kj;
  return "object"_kj;
}

// Undefined where it is not known.
v8::Local<v8::Value> streamLength(js::Turn& turn, v8::Local<v8::Value> value) {
  KJ_IF_MAYBE(stream, ReadableStream::from(turn, value)) {
    KJ_IF_MAYBE(bytes, stream->length(turn)) {
      return v8::Number::New(turn.v8, double(*bytes));
    }
  }
  return turn.undefined();
}

kj::String encodePath(kj::String text) {
  return kj::encodeUriPath(text);
}

kj::String encodeForm(kj::String text) {
  return kj::encodeWwwForm(text);
}

uint32_t utf8Length(kj::String text) {
  return uint32_t(text.size());
}

v8::Local<v8::Value> toUint8Array(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return v8::Uint8Array::New(buffer, 0, bytes.size());
}

v8::Local<v8::Value> utf8(js::Turn& turn, kj::String text) {
  return toUint8Array(turn, text.asBytes());
}

v8::Local<v8::Value> copyBytes(js::Turn& turn, js::BufferSource source) {
  return toUint8Array(turn, kj::heapArray<kj::byte>(source.bytes));
}

v8::Local<v8::Value> serialize(js::Turn& turn, v8::Local<v8::Value> value) {
  v8::ValueSerializer serializer(turn.v8);
  serializer.WriteHeader();
  turn.check(serializer.WriteValue(turn.context, value));
  auto [data, size] = serializer.Release();
  KJ_DEFER(free(data));
  return toUint8Array(turn, kj::arrayPtr(data, size));
}

kj::String base64(js::BufferSource source) {
  return kj::encodeBase64(source.bytes);
}

kj::String hex(js::BufferSource source) {
  return kj::encodeHex(source.bytes);
}

// An ArrayBuffer; undefined for what is not hexadecimal.
v8::Local<v8::Value> unhex(js::Turn& turn, kj::String text) {
  if (text.size() % 2 != 0) return turn.undefined();
  auto bytes = kj::decodeHex(text);
  if (bytes.hadErrors) return turn.undefined();
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return buffer;
}

kj::StringPtr queueFormat(js::Turn& turn) {
  return WorkerHost::of(turn).has(compat::CompatFlag::QueuesJsonMessages) ? "json"_kj : "v8"_kj;
}

bool listHonorsInclude(js::Turn& turn) {
  return WorkerHost::of(turn).has(compat::CompatFlag::R2ListHonorInclude);
}

void waitUntil(js::Turn& turn, v8::Local<v8::Value> promise) {
  IoContext::current(turn).waitUntil(turn, promise);
}

v8::Local<v8::Value> connectTo(js::Turn& turn, Fetcher* service, kj::String address) {
  return service->connect(turn, turn.string(address), turn.undefined());
}

constexpr js::Member kNatives[] = {
    js::function<&connectTo>("connect"),
    js::function<&callService>("send"),
    js::function<&askBucket>("ask"),
    js::function<&kindOf>("kindOf"),
    js::function<&streamLength>("streamLength"),
    js::function<&encodePath>("encodePath"),
    js::function<&encodeForm>("encodeForm"),
    js::function<&utf8Length>("utf8Length"),
    js::function<&utf8>("utf8"),
    js::function<&copyBytes>("copyBytes"),
    js::function<&serialize>("serialize"),
    js::function<&base64>("base64"),
    js::function<&hex>("hex"),
    js::function<&unhex>("unhex"),
    js::function<&queueFormat>("queueFormat"),
    js::function<&listHonorsInclude>("listHonorsInclude"),
    js::function<&waitUntil>("waitUntil"),
};

kj::StringPtr makerOf(BindingKind kind) {
  switch (kind) {
    case BindingKind::KvNamespace: return "kv"_kj;
    case BindingKind::R2Bucket: return "r2"_kj;
    case BindingKind::Queue: return "queue"_kj;
    case BindingKind::AnalyticsEngine: return "analyticsEngine"_kj;
  }
  KJ_UNREACHABLE;
}

v8::Local<v8::Value> callScript(js::Turn& turn, kj::StringPtr function,
                                kj::ArrayPtr<v8::Local<v8::Value>> arguments) {
  auto exports = turn.isolate().builtin(turn, kBindings);
  auto called = turn.get(exports, function).As<v8::Function>();
  return turn.check(
      called->Call(turn.context, turn.undefined(), int(arguments.size()), arguments.begin()));
}

}  // namespace

constinit const js::Builtin kBindings{
    .name = "bindings", .source = kBindingsJs, .natives = kNatives};

v8::Local<v8::Value> newBinding(js::Turn& turn, BindingKind kind,
                                kj::Own<channel::ServiceChannel> service, kj::StringPtr dataset) {
  v8::Local<v8::Value> arguments[] = {turn.wrap(*turn.make<Fetcher>(kj::mv(service))),
                                      turn.string(dataset)};
  return callScript(turn, makerOf(kind), arguments);
}

v8::Local<v8::Value> newHyperdrive(js::Turn& turn, kj::Own<channel::ServiceChannel> service,
                                   const HyperdriveOptions& options) {
  constexpr size_t kHostBytes = 16;
  kj::byte random[kHostBytes];
  KJ_ASSERT(RAND_bytes(random, kHostBytes) == 1);
  auto host = kj::str(kj::encodeHex(random), ".hyperdrive.local");
  // Of the class reserved for future use: nothing else is there.
  auto ip = kj::str("240.0.", random[0], '.', random[1]);
  if (auto* routes = ConnectRoutes::of(turn)) {
    routes->addRoute(kj::str(host), service->addRef());
    routes->addRoute(kj::str(ip), service->addRef());
  }
  v8::Local<v8::Value> arguments[] = {turn.wrap(*turn.make<Fetcher>(kj::mv(service))),
                                      turn.string(host),
                                      turn.string(ip),
                                      turn.string(options.database),
                                      turn.string(options.user),
                                      turn.string(options.password),
                                      turn.string(options.scheme)};
  return callScript(turn, "hyperdrive", arguments);
}

kj::Maybe<v8::Local<v8::Object>> wrappedBindingModule(js::Turn& turn, kj::StringPtr specifier) {
  if (!specifier.startsWith("cloudflare-internal:")) return nullptr;
  v8::Local<v8::Value> arguments[] = {turn.string(specifier)};
  auto found = callScript(turn, "module", arguments);
  if (!found->IsObject()) return nullptr;
  return found.As<v8::Object>();
}

}  // namespace ocapd::api
