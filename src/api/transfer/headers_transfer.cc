// Headers as values: guard, count, then a name and a value each.

#include "src/api/fetch/headers.h"
#include "src/api/transfer/transfers.h"

namespace ocapd::api {

namespace {

constexpr uint32_t kHeadersMax = 1024;
constexpr uint32_t kImmutable = 0;
constexpr uint32_t kNone = 3;

// Names that the format knows by number, from 1 on.
constexpr kj::StringPtr kCommonNames[] = {
    "Accept-Charset"_kj,
    "Accept-Encoding"_kj,
    "Accept-Language"_kj,
    "Accept-Ranges"_kj,
    "Accept"_kj,
    "Access-Control-Allow-Origin"_kj,
    "Age"_kj,
    "Allow"_kj,
    "Authorization"_kj,
    "Cache-Control"_kj,
    "Content-Disposition"_kj,
    "Content-Encoding"_kj,
    "Content-Language"_kj,
    "Content-Length"_kj,
    "Content-Location"_kj,
    "Content-Range"_kj,
    "Content-Type"_kj,
    "Cookie"_kj,
    "Date"_kj,
    "ETag"_kj,
    "Expect"_kj,
    "Expires"_kj,
    "From"_kj,
    "Host"_kj,
    "If-Match"_kj,
    "If-Modified-Since"_kj,
    "If-None-Match"_kj,
    "If-Range"_kj,
    "If-Unmodified-Since"_kj,
    "Last-Modified"_kj,
    "Link"_kj,
    "Location"_kj,
    "Max-Forwards"_kj,
    "Proxy-Authenticate"_kj,
    "Proxy-Authorization"_kj,
    "Range"_kj,
    "Referer"_kj,
    "Refresh"_kj,
    "Retry-After"_kj,
    "Server"_kj,
    "Set-Cookie"_kj,
    "Strict-Transport-Security"_kj,
    "Transfer-Encoding"_kj,
    "User-Agent"_kj,
    "Vary"_kj,
    "Via"_kj,
    "WWW-Authenticate"_kj,
};

bool matches(js::Turn& turn, v8::Local<v8::Object> object) {
  return turn.unwrap<Headers>(object) != nullptr;
}

void write(rpc::HostWriter& writer, v8::Local<v8::Object> object) {
  auto* headers = writer.turn().unwrap<Headers>(object);
  auto entries = headers->list().entries();
  writer.writeUint32(headers->guard() == Headers::Guard::Immutable ? kImmutable : kNone);
  writer.writeUint32(uint32_t(entries.size()));
  for (auto& entry : entries) {
    writer.writeUint32(0);
    writer.writeText(entry.name);
    writer.writeText(entry.value);
  }
}

v8::Local<v8::Object> read(rpc::HostReader& reader) {
  auto guard = reader.readUint32();
  auto count = reader.readUint32();
  KJ_REQUIRE(count <= kHeadersMax, "header count exceeds maximum (1024)");
  auto list = kj::refcounted<HeaderList>();
  for (uint32_t i = 0; i < count; ++i) {
    auto common = reader.readUint32();
    KJ_REQUIRE(common <= kj::size(kCommonNames), "a serialized header has an unknown name");
    auto name = common == 0 ? reader.readText() : kj::str(kCommonNames[common - 1]);
    auto value = reader.readText();
    KJ_REQUIRE(isToken(name) && isFieldValue(value), "a serialized header is not valid");
    list->append(name, value);
  }
  auto& turn = reader.turn();
  return turn.wrap(*turn.make<Headers>(
      kj::mv(list), guard == kImmutable ? Headers::Guard::Immutable : Headers::Guard::None));
}

}  // namespace

constinit const rpc::HostType kHeadersTransfer{4, &matches, &write, &read};

}  // namespace ocapd::api
