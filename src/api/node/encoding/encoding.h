// Buffer's encodings: text to bytes and back.
//
// Threads   any, but for what takes a Turn.
#pragma once

#include <kj/array.h>

#include "src/js/turn.h"

namespace ocapd::api::node {

// In the order of kEncodingNames.
enum class Encoding : uint8_t { Utf8, Utf16Le, Latin1, Ascii, Base64, Base64Url, Hex, Buffer };
constexpr size_t kEncodingCount = 8;
constexpr kj::StringPtr kEncodingNames[kEncodingCount] = {"utf8"_kj,  "utf16le"_kj, "latin1"_kj,
                                                          "ascii"_kj, "base64"_kj,  "base64url"_kj,
                                                          "hex"_kj,   "buffer"_kj};

// The encoding of a name or one of its other names, in any case; utf8 for others.
Encoding toEncoding(js::Turn& turn, v8::Local<v8::Value> name);

v8::Local<v8::String> decode(js::Turn& turn, Encoding encoding, kj::ArrayPtr<const kj::byte> bytes);

// Writes what fits of `text`, whole characters only; gives the number of bytes.
size_t encodeInto(js::Turn& turn, Encoding encoding, v8::Local<v8::String> text,
                  kj::ArrayPtr<kj::byte> to);
kj::Array<kj::byte> encode(js::Turn& turn, Encoding encoding, v8::Local<v8::String> text);

}  // namespace ocapd::api::node
