// The encodings of the web and their labels.
//
// Spec      https://encoding.spec.whatwg.org/#names-and-labels
#pragma once

#include <stdint.h>

#include <kj/string.h>

namespace ocapd::api {

enum class Encoding : uint8_t {
  Utf8,
  Ibm866,
  Iso88592,
  Iso88593,
  Iso88594,
  Iso88595,
  Iso88596,
  Iso88597,
  Iso88598,
  Iso88598I,
  Iso885910,
  Iso885913,
  Iso885914,
  Iso885915,
  Iso885916,
  Koi8R,
  Koi8U,
  Macintosh,
  Windows874,
  Windows1250,
  Windows1251,
  Windows1252,
  Windows1253,
  Windows1254,
  Windows1255,
  Windows1256,
  Windows1257,
  Windows1258,
  XMacCyrillic,
  Gbk,
  Gb18030,
  Big5,
  EucJp,
  Iso2022Jp,
  ShiftJis,
  EucKr,
  Replacement,
  Utf16be,
  Utf16le,
  XUserDefined
};

// How an encoding is decoded.
enum class Decoding : uint8_t { Utf8, Utf16, SingleByte, UserDefined, MultiByte, Replacement };

struct EncodingRow {
  Encoding encoding;
  kj::StringPtr name;  // lower case, as TextDecoder.encoding has it
  Decoding decoding;
  kj::StringPtr labels;  // separated by spaces
};

// https://encoding.spec.whatwg.org/#concept-encoding-get; none for an unknown label.
kj::Maybe<const EncodingRow&> findEncoding(kj::StringPtr label);

}  // namespace ocapd::api
