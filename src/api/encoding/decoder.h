// Decoder: bytes in one encoding to text, piece by piece, without JavaScript.
//
// Owns      what the last piece left unfinished.
// Spec      https://encoding.spec.whatwg.org/#specification-hooks, "decoder"
#pragma once

#include <string>

#include "src/api/encoding/multi_byte_decoder.h"

namespace ocapd::api {

// What a piece became: UTF-8 where the bytes were UTF-8 (invalid sequences as they are, for the
// reader to replace), UTF-16 elsewhere.
struct DecodedText {
  kj::ArrayPtr<const char> utf8;  // of the input or of the decoder; valid until the next call
  std::u16string utf16;
};

class Decoder {
 public:
  Decoder(const EncodingRow& encoding, OnMalformed onMalformed)
      : encoding_(encoding), onMalformed_(onMalformed), multiByte_(encoding.encoding) {}

  // None when the bytes are malformed and that is to fail. After Piece::Last, and after a failure,
  // the decoder is as new.
  kj::Maybe<DecodedText> decode(kj::ArrayPtr<const kj::byte> bytes, Piece piece);

 private:
  bool decodeUtf8(kj::ArrayPtr<const kj::byte> bytes, Piece piece, DecodedText& into);
  bool decodeUtf16(kj::ArrayPtr<const kj::byte> bytes, Piece piece, std::u16string& into);
  bool decodeSingleByte(kj::ArrayPtr<const kj::byte> bytes, std::u16string& into);
  // A malformed sequence; false when that is to fail.
  bool malformed(std::u16string& into);

  const EncodingRow& encoding_;
  OnMalformed onMalformed_;
  std::string unfinished_;  // UTF-8: the beginning of a character
  std::string joined_;      // UTF-8: that and what came next
  int leadByte_ = -1;       // UTF-16
  char16_t leadSurrogate_ = 0;
  MultiByteDecoder multiByte_;  // used for multi-byte encodings only
};

}  // namespace ocapd::api
