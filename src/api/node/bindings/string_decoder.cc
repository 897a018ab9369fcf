#include <string.h>

#include <algorithm>

#include "src/api/node/bindings/tables.h"
#include "src/api/node/encoding/encoding.h"

// The state of a decoder is a buffer that JavaScript sees: the bytes of an incomplete character,
// how many are missing, how many are there, the encoding.

namespace ocapd::api::node {

namespace {

using Bytes = kj::ArrayPtr<const kj::byte>;

constexpr size_t kIncompleteSize = 4;
constexpr size_t kMissing = 4;
constexpr size_t kBuffered = 5;
constexpr size_t kEncoding = 6;
constexpr size_t kStateSize = 7;

// How many bytes at the end of `bytes` begin a character that is not complete, and how many it
// lacks.
struct Tail {
  size_t present = 0;
  size_t missing = 0;
};

Tail utf8Tail(Bytes bytes) {
  for (size_t back = 1; back <= std::min<size_t>(3, bytes.size()); ++back) {
    kj::byte byte = bytes[bytes.size() - back];
    if ((byte & 0xC0) == 0x80) continue;
    size_t wanted = byte >= 0xF0 && byte <= 0xF4  ? 4
                    : byte >= 0xE0 && byte < 0xF0 ? 3
                    : byte >= 0xC2 && byte < 0xE0 ? 2
                                                  : 1;
    if (wanted <= back) return {};
    if (back >= 2) {
      // The second byte may already say that the sequence is not one.
      kj::byte second = bytes[bytes.size() - back + 1];
      bool isBad = (byte == 0xE0 && second < 0xA0) || (byte == 0xED && second > 0x9F) ||
                   (byte == 0xF0 && second < 0x90) || (byte == 0xF4 && second > 0x8F);
      if (isBad) return {};
    }
    return {back, wanted - back};
  }
  return {};
}

Tail utf16Tail(Bytes bytes) {
  size_t odd = bytes.size() % 2;
  size_t whole = bytes.size() - odd;
  bool endsInLead = whole >= 2 && (bytes[whole - 1] & 0xFC) == 0xD8;
  if (endsInLead) return {2 + odd, 2 - odd};
  return odd == 1 ? Tail{1, 1} : Tail{};
}

Tail tailOf(Encoding encoding, Bytes bytes) {
  switch (encoding) {
    case Encoding::Buffer:
    case Encoding::Utf8: return utf8Tail(bytes);
    case Encoding::Utf16Le: return utf16Tail(bytes);
    case Encoding::Base64:
    case Encoding::Base64Url: {
      size_t rest = bytes.size() % 3;
      return rest == 0 ? Tail{} : Tail{rest, 3 - rest};
    }
    case Encoding::Latin1:
    case Encoding::Ascii:
    case Encoding::Hex: return {};
  }
  KJ_UNREACHABLE;
}

kj::ArrayPtr<kj::byte> checkedState(js::SharedBufferSource& state) {
  auto bytes = state.bytes();
  if (bytes.size() < kStateSize || bytes[kEncoding] >= kEncodingCount ||
      bytes[kBuffered] > kIncompleteSize) {
    throw js::Error::type("StringDecoder: its state was overwritten.");
  }
  return bytes;
}

v8::Local<v8::Value> decodeChunk(js::Turn& turn, js::SharedBufferSource stateBuffer,
                                 js::SharedBufferSource chunk) {
  auto state = checkedState(stateBuffer);
  auto encoding = Encoding(state[kEncoding]);
  // Together with what was left; chunks are seldom large, and mostly nothing was left.
  size_t buffered = state[kBuffered];
  Bytes bytes = chunk.bytes();
  kj::Array<kj::byte> joined;
  if (buffered > 0) {
    joined = kj::heapArray<kj::byte>(buffered + bytes.size());
    memcpy(joined.begin(), state.begin(), buffered);
    if (bytes.size() > 0) memcpy(joined.begin() + buffered, bytes.begin(), bytes.size());
    bytes = joined;
  }
  Tail tail = tailOf(encoding, bytes);
  size_t complete = bytes.size() - tail.present;
  if (tail.present > 0) memcpy(state.begin(), bytes.begin() + complete, tail.present);
  state[kBuffered] = kj::byte(tail.present);
  state[kMissing] = kj::byte(tail.missing);
  return decode(turn, encoding, bytes.slice(0, complete));
}

v8::Local<v8::Value> flush(js::Turn& turn, js::SharedBufferSource stateBuffer) {
  auto state = checkedState(stateBuffer);
  auto encoding = Encoding(state[kEncoding]);
  size_t buffered = state[kBuffered];
  if (encoding == Encoding::Utf16Le) buffered -= buffered % 2;
  kj::byte rest[kIncompleteSize];
  memcpy(rest, state.begin(), buffered);
  state[kBuffered] = 0;
  state[kMissing] = 0;
  return decode(turn, encoding, kj::arrayPtr(rest, buffered));
}

constexpr js::Member kFunctions[] = {
    js::function<&decodeChunk>("decode"),
    js::function<&flush>("flush"),
};

}  // namespace

constinit const Binding kStringDecoder{"string_decoder", kFunctions};

}  // namespace ocapd::api::node
