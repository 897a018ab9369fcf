// Decodes whatever bytes in every encoding: nothing may crash, and pieces make the same text as the
// whole.

#include <stddef.h>
#include <stdint.h>

#include <kj/debug.h>

#include "src/api/encoding/decoder.h"

namespace ocapd::api {
namespace {

constexpr kj::StringPtr kLabels[] = {
    "utf-8"_kj,       "utf-16le"_kj, "utf-16be"_kj,      "latin1"_kj, "gbk"_kj,
    "gb18030"_kj,     "big5"_kj,     "euc-jp"_kj,        "euc-kr"_kj, "shift_jis"_kj,
    "iso-2022-jp"_kj, "koi8-u"_kj,   "x-user-defined"_kj};

struct Text {
  std::string utf8;
  std::u16string utf16;
};

kj::Maybe<Text> decode(const EncodingRow& encoding, OnMalformed onMalformed,
                       kj::ArrayPtr<const kj::byte> bytes, size_t pieceBytes) {
  Decoder decoder(encoding, onMalformed);
  Text result;
  for (;;) {
    bool isLast = bytes.size() <= pieceBytes;
    auto piece = bytes.slice(0, isLast ? bytes.size() : pieceBytes);
    auto decoded = decoder.decode(piece, isLast ? Piece::Last : Piece::More);
    KJ_IF_MAYBE(text, decoded) {
      result.utf8.append(text->utf8.begin(), text->utf8.size());
      result.utf16 += text->utf16;
    } else {
      return nullptr;
    }
    if (isLast) return kj::mv(result);
    bytes = bytes.slice(pieceBytes, bytes.size());
  }
}

// The first byte names the encoding, the second the size of a piece.
void decodeTwice(kj::ArrayPtr<const kj::byte> input) {
  if (input.size() < 2) return;
  auto& encoding = KJ_ASSERT_NONNULL(findEncoding(kLabels[input[0] % kj::size(kLabels)]));
  size_t pieceBytes = input[1] % 7 + 1;
  auto bytes = input.slice(2, input.size());
  for (auto onMalformed : {OnMalformed::Replace, OnMalformed::Fail}) {
    auto whole = decode(encoding, onMalformed, bytes, bytes.size());
    auto pieces = decode(encoding, onMalformed, bytes, pieceBytes);
    KJ_IF_MAYBE(text, whole) {
      auto& same = KJ_ASSERT_NONNULL(pieces, encoding.name);
      KJ_ASSERT(text->utf8 == same.utf8 && text->utf16 == same.utf16, encoding.name);
    } else {
      KJ_ASSERT(pieces == nullptr && onMalformed == OnMalformed::Fail, encoding.name);
    }
  }
}

}  // namespace
}  // namespace ocapd::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ocapd::api::decodeTwice(kj::arrayPtr(data, size));
  return 0;
}
