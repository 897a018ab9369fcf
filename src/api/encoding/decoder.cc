#include "src/api/encoding/decoder.h"

#include <kj/debug.h>
#include <simdutf.h>

#include "src/api/encoding/single_byte_tables.h"

namespace ocapd::api {

namespace {

constexpr char16_t kReplacement = 0xFFFD;

bool isLeadSurrogate(char16_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool isTrailSurrogate(char16_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

// How many bytes at the end begin a character that later bytes may still complete.
// https://encoding.spec.whatwg.org/#utf-8-decoder, steps 3 to 5.
size_t unfinishedBytes(kj::ArrayPtr<const kj::byte> bytes) {
  for (size_t back = 1; back <= 3 && back <= bytes.size(); ++back) {
    kj::byte lead = bytes[bytes.size() - back];
    if (lead >= 0x80 && lead <= 0xBF) continue;
    size_t needed = lead >= 0xC2 && lead <= 0xDF   ? 2
                    : lead >= 0xE0 && lead <= 0xEF ? 3
                    : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                   : 0;
    if (back >= needed) return 0;
    if (back >= 2) {
      kj::byte second = bytes[bytes.size() - back + 1];
      kj::byte lower = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
      kj::byte upper = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
      if (second < lower || second > upper) return 0;
    }
    return back;
  }
  return 0;
}

}  // namespace

kj::Maybe<DecodedText> Decoder::decode(kj::ArrayPtr<const kj::byte> bytes, Piece piece) {
  DecodedText result;
  bool good = false;
  switch (encoding_.decoding) {
    case Decoding::Utf8: good = decodeUtf8(bytes, piece, result); break;
    case Decoding::Utf16: good = decodeUtf16(bytes, piece, result.utf16); break;
    case Decoding::SingleByte:
    case Decoding::UserDefined: good = decodeSingleByte(bytes, result.utf16); break;
    case Decoding::MultiByte:
      good = multiByte_.decode(bytes, piece, onMalformed_, result.utf16);
      break;
    case Decoding::Replacement: KJ_FAIL_REQUIRE("no decoder for this encoding", encoding_.name);
  }
  if (good) return kj::mv(result);
  unfinished_.clear();
  leadByte_ = -1;
  leadSurrogate_ = 0;
  multiByte_.reset();
  return nullptr;
}

bool Decoder::decodeUtf8(kj::ArrayPtr<const kj::byte> bytes, Piece piece, DecodedText& into) {
  if (!unfinished_.empty()) {
    joined_ = kj::mv(unfinished_);
    unfinished_.clear();
    joined_.append(bytes.asChars().begin(), bytes.size());
    bytes = kj::arrayPtr(reinterpret_cast<const kj::byte*>(joined_.data()), joined_.size());
  }
  size_t later = piece == Piece::Last ? 0 : unfinishedBytes(bytes);
  into.utf8 = bytes.slice(0, bytes.size() - later).asChars();
  unfinished_.assign(into.utf8.end(), later);
  return onMalformed_ == OnMalformed::Replace ||
         simdutf::validate_utf8(into.utf8.begin(), into.utf8.size());
}

bool Decoder::malformed(std::u16string& into) {
  if (onMalformed_ == OnMalformed::Fail) return false;
  into.push_back(kReplacement);
  return true;
}

// https://encoding.spec.whatwg.org/#shared-utf-16-decoder
bool Decoder::decodeUtf16(kj::ArrayPtr<const kj::byte> bytes, Piece piece, std::u16string& into) {
  bool bigEndian = encoding_.encoding == Encoding::Utf16be;
  into.reserve(bytes.size() / 2 + 2);
  for (kj::byte each : bytes) {
    // 3: half a unit waits for the other half.
    if (leadByte_ < 0) {
      leadByte_ = each;
      continue;
    }
    // 4
    auto unit = char16_t(bigEndian ? (leadByte_ << 8) + each : (each << 8) + leadByte_);
    leadByte_ = -1;
    // 5: a lead surrogate waits for its trail.
    if (leadSurrogate_ != 0) {
      char16_t lead = leadSurrogate_;
      leadSurrogate_ = 0;
      if (isTrailSurrogate(unit)) {
        into.push_back(lead);
        into.push_back(unit);
        continue;
      }
      if (!malformed(into)) return false;
    }
    if (isLeadSurrogate(unit)) {
      leadSurrogate_ = unit;
    } else if (isTrailSurrogate(unit)) {
      if (!malformed(into)) return false;
    } else {
      into.push_back(unit);
    }
  }
  if (piece == Piece::More) return true;
  // 1: whatever waits waits in vain; both together are one mistake.
  bool unfinished = leadByte_ >= 0 || leadSurrogate_ != 0;
  leadByte_ = -1;
  leadSurrogate_ = 0;
  return !unfinished || malformed(into);
}

// https://encoding.spec.whatwg.org/#single-byte-decoder and #x-user-defined-decoder
bool Decoder::decodeSingleByte(kj::ArrayPtr<const kj::byte> bytes, std::u16string& into) {
  into.reserve(bytes.size());
  const SingleByteTable* table =
      encoding_.decoding == Decoding::SingleByte ? &singleByteTable(encoding_.encoding) : nullptr;
  for (kj::byte each : bytes) {
    if (each < 0x80) {
      into.push_back(each);
    } else if (table == nullptr) {
      into.push_back(char16_t(0xF780 + each - 0x80));
    } else if (char16_t unit = table->upperHalf[each - 0x80]) {
      into.push_back(unit);
    } else if (!malformed(into)) {
      return false;
    }
  }
  return true;
}

}  // namespace ocapd::api
