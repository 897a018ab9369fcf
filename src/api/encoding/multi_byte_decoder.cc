#include "src/api/encoding/multi_byte_decoder.h"

#include <kj/debug.h>

#include "src/api/encoding/multi_byte_indexes.h"

namespace ocapd::api {

namespace {

constexpr kj::byte kEscape = 0x1B;

bool isAscii(int byte) {
  return byte >= 0 && byte < 0x80;
}
bool isIn(int byte, int from, int to) {
  return byte >= from && byte <= to;
}

void append(std::u16string& into, char32_t codePoint) {
  if (codePoint < 0x10000) {
    into.push_back(char16_t(codePoint));
    return;
  }
  into.push_back(char16_t(0xD800 + ((codePoint - 0x10000) >> 10)));
  into.push_back(char16_t(0xDC00 + ((codePoint - 0x10000) & 0x3FF)));
}

struct Pair {
  char32_t first;
  char32_t second;
};

// Characters of Big5 that Unicode has in two parts only; none is zero.
Pair big5Pair(uint32_t pointer) {
  switch (pointer) {
    case 1133: return {0xCA, 0x304};
    case 1135: return {0xCA, 0x30C};
    case 1164: return {0xEA, 0x304};
    case 1166: return {0xEA, 0x30C};
    default: return {0, 0};
  }
}

}  // namespace

MultiByteDecoder::Step MultiByteDecoder::text(char32_t first, char32_t second) {
  return {.kind = Step::Kind::Text, .text = {first, second}};
}

MultiByteDecoder::Step MultiByteDecoder::malformed() {
  return {.kind = Step::Kind::Malformed};
}

MultiByteDecoder::Step MultiByteDecoder::malformedBefore(int byte) {
  if (byte == kEndOfQueue) return malformed();
  return {.kind = Step::Kind::Malformed, .restored = {kj::byte(byte)}, .restoredCount = 1};
}

bool MultiByteDecoder::isBetweenCharacters() const {
  return lead_ == 0 && encoding_ != Encoding::Iso2022Jp;
}

bool MultiByteDecoder::decode(kj::ArrayPtr<const kj::byte> bytes, Piece piece,
                              OnMalformed onMalformed, std::u16string& into) {
  kj::byte restored[6];  // last in, first out
  size_t restoredCount = 0;
  size_t at = 0;
  into.reserve(into.size() + bytes.size());
  for (;;) {
    int byte = kEndOfQueue;
    if (restoredCount > 0) {
      byte = restored[--restoredCount];
    } else if (at < bytes.size()) {
      byte = bytes[at++];
      if (byte < 0x80 && isBetweenCharacters()) {
        into.push_back(char16_t(byte));
        continue;
      }
    } else if (piece == Piece::More) {
      return true;
    }
    Step step = handle(byte);
    if (step.kind == Step::Kind::Text) {
      append(into, step.text[0]);
      if (step.text[1] != 0) append(into, step.text[1]);
    } else if (step.kind == Step::Kind::Malformed) {
      if (onMalformed == OnMalformed::Fail) return false;
      into.push_back(0xFFFD);
    } else if (byte == kEndOfQueue) {
      reset();
      return true;
    }
    for (size_t i = step.restoredCount; i > 0; --i) {
      restored[restoredCount++] = step.restored[i - 1];
    }
  }
}

MultiByteDecoder::Step MultiByteDecoder::handle(int byte) {
  switch (encoding_) {
    case Encoding::Gbk:
    case Encoding::Gb18030: return gb18030(byte);
    case Encoding::EucJp: return eucJp(byte);
    case Encoding::Iso2022Jp: return iso2022Jp(byte);
    case Encoding::Big5:
    case Encoding::ShiftJis:
    case Encoding::EucKr: return twoBytes(byte);
    default: KJ_FAIL_REQUIRE("not a multi-byte encoding", int(encoding_));
  }
}

// https://encoding.spec.whatwg.org/#big5-decoder, #shift_jis-decoder and #euc-kr-decoder
MultiByteDecoder::Step MultiByteDecoder::twoBytes(int byte) {
  if (lead_ != 0) {
    kj::byte lead = lead_;
    lead_ = 0;
    if (byte == kEndOfQueue) return malformed();
    Step found = lookUp(lead, byte);
    if (found.kind == Step::Kind::Text) return found;
    return isAscii(byte) ? malformedBefore(byte) : malformed();
  }
  if (byte == kEndOfQueue) return {};
  if (isAscii(byte)) return text(char32_t(byte));
  if (encoding_ == Encoding::ShiftJis) {
    if (byte == 0x80) return text(0x80);
    if (isIn(byte, 0xA1, 0xDF)) return text(char32_t(0xFF61 - 0xA1 + byte));
    if (!isIn(byte, 0x81, 0x9F) && !isIn(byte, 0xE0, 0xFC)) return malformed();
  } else if (!isIn(byte, 0x81, 0xFE)) {
    return malformed();
  }
  lead_ = kj::byte(byte);
  return {};
}

// The character of two bytes, or malformed.
MultiByteDecoder::Step MultiByteDecoder::lookUp(kj::byte lead, int byte) const {
  char32_t codePoint = 0;
  if (encoding_ == Encoding::Big5) {
    if (!isIn(byte, 0x40, 0x7E) && !isIn(byte, 0xA1, 0xFE)) return malformed();
    auto pointer = uint32_t((lead - 0x81) * 157 + byte - (byte < 0x7F ? 0x40 : 0x62));
    if (auto pair = big5Pair(pointer); pair.first != 0) return text(pair.first, pair.second);
    codePoint = indexCodePoint(MultiByteIndex::Big5, pointer);
  } else if (encoding_ == Encoding::EucKr) {
    if (!isIn(byte, 0x41, 0xFE)) return malformed();
    codePoint = indexCodePoint(MultiByteIndex::EucKr, uint32_t((lead - 0x81) * 190 + byte - 0x41));
  } else {
    if (!isIn(byte, 0x40, 0x7E) && !isIn(byte, 0x80, 0xFC)) return malformed();
    auto pointer =
        uint32_t((lead - (lead < 0xA0 ? 0x81 : 0xC1)) * 188 + byte - (byte < 0x7F ? 0x40 : 0x41));
    // Private use, for characters of the user's own.
    if (pointer >= 8836 && pointer <= 10715) return text(0xE000 - 8836 + pointer);
    codePoint = indexCodePoint(MultiByteIndex::Jis0208, pointer);
  }
  return codePoint == 0 ? malformed() : text(codePoint);
}

// https://encoding.spec.whatwg.org/#gb18030-decoder
MultiByteDecoder::Step MultiByteDecoder::gb18030(int byte) {
  kj::byte first = lead_;
  kj::byte second = second_;
  kj::byte third = third_;
  // 1 and 2
  if (byte == kEndOfQueue) {
    lead_ = second_ = third_ = 0;
    return first == 0 ? Step{} : malformed();
  }
  // 3: the fourth of four bytes
  if (third != 0) {
    lead_ = second_ = third_ = 0;
    if (!isIn(byte, 0x30, 0x39)) {
      return {.kind = Step::Kind::Malformed,
              .restored = {second, third, kj::byte(byte)},
              .restoredCount = 3};
    }
    char32_t codePoint = gb18030RangesCodePoint(
        uint32_t((((first - 0x81) * 10 + second - 0x30) * 126 + third - 0x81) * 10 + byte - 0x30));
    return codePoint == 0 ? malformed() : text(codePoint);
  }
  // 4: the third
  if (second != 0) {
    if (isIn(byte, 0x81, 0xFE)) {
      third_ = kj::byte(byte);
      return {};
    }
    lead_ = second_ = 0;
    return {
        .kind = Step::Kind::Malformed, .restored = {second, kj::byte(byte)}, .restoredCount = 2};
  }
  // 5: the second
  if (first != 0) {
    if (isIn(byte, 0x30, 0x39)) {
      second_ = kj::byte(byte);
      return {};
    }
    lead_ = 0;
    char32_t codePoint = 0;
    if (isIn(byte, 0x40, 0x7E) || isIn(byte, 0x80, 0xFE)) {
      codePoint = indexCodePoint(MultiByteIndex::Gb18030, uint32_t((first - 0x81) * 190 + byte -
                                                                   (byte < 0x7F ? 0x40 : 0x41)));
    }
    if (codePoint != 0) return text(codePoint);
    return isAscii(byte) ? malformedBefore(byte) : malformed();
  }
  // 6 to 9
  if (isAscii(byte)) return text(char32_t(byte));
  if (byte == 0x80) return text(0x20AC);
  if (byte == 0xFF) return malformed();
  lead_ = kj::byte(byte);
  return {};
}

// https://encoding.spec.whatwg.org/#euc-jp-decoder
MultiByteDecoder::Step MultiByteDecoder::eucJp(int byte) {
  constexpr kj::byte kHalfWidth = 0x8E;
  constexpr kj::byte kJis0212 = 0x8F;
  kj::byte lead = lead_;
  // 1 and 2
  if (byte == kEndOfQueue) {
    lead_ = 0;
    isJis0212_ = false;
    return lead == 0 ? Step{} : malformed();
  }
  // 3
  if (lead == kHalfWidth && isIn(byte, 0xA1, 0xDF)) {
    lead_ = 0;
    return text(char32_t(0xFF61 - 0xA1 + byte));
  }
  // 4
  if (lead == kJis0212 && isIn(byte, 0xA1, 0xFE)) {
    isJis0212_ = true;
    lead_ = kj::byte(byte);
    return {};
  }
  // 5
  if (lead != 0) {
    auto index = isJis0212_ ? MultiByteIndex::Jis0212 : MultiByteIndex::Jis0208;
    lead_ = 0;
    isJis0212_ = false;
    char32_t codePoint = 0;
    if (isIn(lead, 0xA1, 0xFE) && isIn(byte, 0xA1, 0xFE)) {
      codePoint = indexCodePoint(index, uint32_t((lead - 0xA1) * 94 + byte - 0xA1));
    }
    if (codePoint != 0) return text(codePoint);
    return isAscii(byte) ? malformedBefore(byte) : malformed();
  }
  // 6 to 8
  if (isAscii(byte)) return text(char32_t(byte));
  if (byte != kHalfWidth && byte != kJis0212 && !isIn(byte, 0xA1, 0xFE)) return malformed();
  lead_ = kj::byte(byte);
  return {};
}

// https://encoding.spec.whatwg.org/#iso-2022-jp-decoder
MultiByteDecoder::Step MultiByteDecoder::iso2022Jp(int byte) {
  switch (state_) {
    case JisState::TrailByte: return iso2022JpTrail(byte);
    case JisState::EscapeStart:
      if (byte == 0x24 || byte == 0x28) {
        lead_ = kj::byte(byte);
        state_ = JisState::Escape;
        return {};
      }
      hasOutput_ = false;
      state_ = outputState_;
      return malformedBefore(byte);
    case JisState::Escape: return iso2022JpEscape(byte);
    default: return iso2022JpSingle(byte);
  }
}

// The states Ascii, Roman, Katakana and LeadByte.
MultiByteDecoder::Step MultiByteDecoder::iso2022JpSingle(int byte) {
  if (byte == kEndOfQueue) return {};
  if (byte == kEscape) {
    state_ = JisState::EscapeStart;
    return {};
  }
  hasOutput_ = false;
  bool isText = isAscii(byte) && byte != 0x0E && byte != 0x0F;
  if (state_ == JisState::Ascii && isText) return text(char32_t(byte));
  if (state_ == JisState::Roman && isText) {
    return text(byte == 0x5C ? 0xA5 : byte == 0x7E ? 0x203E : char32_t(byte));
  }
  if (state_ == JisState::Katakana && isIn(byte, 0x21, 0x5F)) {
    return text(char32_t(0xFF61 - 0x21 + byte));
  }
  if (state_ == JisState::LeadByte && isIn(byte, 0x21, 0x7E)) {
    lead_ = kj::byte(byte);
    state_ = JisState::TrailByte;
    return {};
  }
  return malformed();
}

MultiByteDecoder::Step MultiByteDecoder::iso2022JpTrail(int byte) {
  if (byte == kEscape) {
    state_ = JisState::EscapeStart;
    return malformed();
  }
  state_ = JisState::LeadByte;
  if (!isIn(byte, 0x21, 0x7E)) return malformed();
  char32_t codePoint =
      indexCodePoint(MultiByteIndex::Jis0208, uint32_t((lead_ - 0x21) * 94 + byte - 0x21));
  return codePoint == 0 ? malformed() : text(codePoint);
}

MultiByteDecoder::Step MultiByteDecoder::iso2022JpEscape(int byte) {
  // 1 to 7
  kj::byte lead = lead_;
  lead_ = 0;
  kj::Maybe<JisState> state;
  if (lead == 0x28 && byte == 0x42) state = JisState::Ascii;
  if (lead == 0x28 && byte == 0x4A) state = JisState::Roman;
  if (lead == 0x28 && byte == 0x49) state = JisState::Katakana;
  if (lead == 0x24 && (byte == 0x40 || byte == 0x42)) state = JisState::LeadByte;
  KJ_IF_MAYBE(chosen, state) {
    state_ = outputState_ = *chosen;
    bool hadOutput = hasOutput_;
    hasOutput_ = true;
    return hadOutput ? malformed() : Step{};
  }
  // 8 to 10
  hasOutput_ = false;
  state_ = outputState_;
  if (byte == kEndOfQueue) return malformedBefore(lead);
  return {.kind = Step::Kind::Malformed, .restored = {lead, kj::byte(byte)}, .restoredCount = 2};
}

}  // namespace ocapd::api
