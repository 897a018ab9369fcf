#include "src/api/compression/compression.h"

#include "src/api/compression/compression_js.h"
#include "src/api/compression/zlib_codec.h"

namespace ocapd::api {

namespace {

ZlibCodec* newDeflater(js::Turn& turn, kj::String format) {
  return turn.make<ZlibCodec>(turn, ZlibCodec::Direction::Deflate, format);
}
ZlibCodec* newInflater(js::Turn& turn, kj::String format) {
  return turn.make<ZlibCodec>(turn, ZlibCodec::Direction::Inflate, format);
}

constexpr js::Member kNatives[] = {
    js::function<&newDeflater>("newDeflater"),
    js::function<&newInflater>("newInflater"),
};

constinit const js::Builtin kCompression{
    .name = "compression", .source = kCompressionJs, .natives = kNatives};

}  // namespace

void installCompression(js::GlobalBuilder& global) {
  global.add(ZlibCodec::kClass).add(kCompression);
}

}  // namespace ocapd::api
