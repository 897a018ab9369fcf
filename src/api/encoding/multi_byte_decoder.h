// MultiByteDecoder: the encodings of East Asia, which take one to four bytes a character.
//
// Owns      what the last piece left unfinished.
// Spec      https://encoding.spec.whatwg.org/#legacy-multi-byte-chinese-(simplified-)-encodings
#pragma once

#include <string>

#include <kj/array.h>

#include "src/api/encoding/encoding.h"

namespace ocapd::api {

enum class OnMalformed : uint8_t { Replace, Fail };
enum class Piece : uint8_t { More, Last };

class MultiByteDecoder {
 public:
  explicit MultiByteDecoder(Encoding encoding) : encoding_(encoding) {}

  // Appends what the bytes stand for. False when they are malformed and that is to fail.
  bool decode(kj::ArrayPtr<const kj::byte> bytes, Piece piece, OnMalformed onMalformed,
              std::u16string& into);
  void reset() { *this = MultiByteDecoder(encoding_); }

 private:
  static constexpr int kEndOfQueue = -1;

  // What a handler gives for one byte.
  struct Step {
    enum class Kind : uint8_t { Continue, Text, Malformed };
    Kind kind = Kind::Continue;
    char32_t text[2] = {0, 0};
    kj::byte restored[3] = {};  // bytes to be read again, the first one first
    uint8_t restoredCount = 0;
  };
  // https://encoding.spec.whatwg.org/#iso-2022-jp-decoder-state
  enum class JisState : uint8_t {
    Ascii,
    Roman,
    Katakana,
    LeadByte,
    TrailByte,
    EscapeStart,
    Escape
  };

  static Step text(char32_t first, char32_t second = 0);
  static Step malformed();
  // Malformed; what was no part of a character is read again.
  static Step malformedBefore(int byte);
  Step handle(int byte);
  Step twoBytes(int byte);  // what the simpler encodings share
  Step gb18030(int byte);
  Step eucJp(int byte);
  Step iso2022Jp(int byte);
  Step iso2022JpSingle(int byte);
  Step iso2022JpTrail(int byte);
  Step iso2022JpEscape(int byte);
  Step lookUp(kj::byte lead, int byte) const;
  bool isBetweenCharacters() const;

  Encoding encoding_;
  kj::byte lead_ = 0;    // gb18030: first
  kj::byte second_ = 0;  // gb18030
  kj::byte third_ = 0;   // gb18030
  bool isJis0212_ = false;
  JisState state_ = JisState::Ascii;
  JisState outputState_ = JisState::Ascii;
  bool hasOutput_ = false;
};

}  // namespace ocapd::api
