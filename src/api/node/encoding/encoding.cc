#include "src/api/node/encoding/encoding.h"

#include <string.h>

#include <simdutf.h>
#include <v8-primitive.h>

namespace ocapd::api::node {

namespace {

constexpr kj::byte kNoDigit = 0xFF;

kj::byte base64Digit(uint32_t unit) {
  if (unit >= 'A' && unit <= 'Z') return kj::byte(unit - 'A');
  if (unit >= 'a' && unit <= 'z') return kj::byte(unit - 'a' + 26);
  if (unit >= '0' && unit <= '9') return kj::byte(unit - '0' + 52);
  if (unit == '+' || unit == '-') return 62;
  if (unit == '/' || unit == '_') return 63;
  return kNoDigit;
}

kj::byte hexDigit(uint32_t unit) {
  if (unit >= '0' && unit <= '9') return kj::byte(unit - '0');
  uint32_t lower = unit | 0x20;
  if (lower >= 'a' && lower <= 'f') return kj::byte(lower - 'a' + 10);
  return kNoDigit;
}

// Node's forgiving way: what is no digit is skipped, "=" ends the text.
template <typename Unit>
size_t base64Forgiving(const Unit* text, size_t length, kj::ArrayPtr<kj::byte> to) {
  size_t written = 0;
  uint32_t bits = 0;
  int bitCount = 0;
  for (size_t i = 0; i < length && text[i] != '='; ++i) {
    kj::byte digit = base64Digit(text[i]);
    if (digit == kNoDigit) continue;
    bits = (bits << 6 | digit) & 0xFFFFFF;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    if (written == to.size()) break;
    to[written++] = kj::byte(bits >> bitCount);
  }
  return written;
}

template <typename Unit>
size_t fromBase64(const Unit* text, size_t length, kj::ArrayPtr<kj::byte> to) {
  size_t count = to.size();
  using Char = std::conditional_t<sizeof(Unit) == 1, char, char16_t>;
  const auto* chars = reinterpret_cast<const Char*>(text);
  if (simdutf::maximal_binary_length_from_base64(chars, length) <= to.size()) {
    auto result = simdutf::base64_to_binary(chars, length, reinterpret_cast<char*>(to.begin()),
                                            simdutf::base64_default_or_url);
    count = result.count;
    if (result.error == simdutf::SUCCESS) return count;
  }
  return base64Forgiving(text, length, to);
}

template <typename Unit>
size_t fromHex(const Unit* text, size_t length, kj::ArrayPtr<kj::byte> to) {
  size_t written = 0;
  for (size_t i = 0; i + 1 < length && written < to.size(); i += 2) {
    kj::byte high = hexDigit(text[i]);
    kj::byte low = hexDigit(text[i + 1]);
    if (high == kNoDigit || low == kNoDigit) break;
    to[written++] = kj::byte(high << 4 | low);
  }
  return written;
}

v8::Local<v8::String> oneByte(js::Turn& turn, kj::ArrayPtr<const char> text) {
  if (text.size() > size_t(v8::String::kMaxLength)) {
    throw js::Error::plain("Cannot create a string longer than 0x1fffffe8 characters");
  }
  return turn.check(v8::String::NewFromOneByte(turn.v8,
                                               reinterpret_cast<const uint8_t*>(text.begin()),
                                               v8::NewStringType::kNormal, int(text.size())));
}

v8::Local<v8::String> toHex(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  auto text = kj::heapArray<char>(bytes.size() * 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = kDigits[bytes[i] >> 4];
    text[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return oneByte(turn, text);
}

v8::Local<v8::String> toBase64(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes,
                               simdutf::base64_options options) {
  auto text = kj::heapArray<char>(simdutf::base64_length_from_binary(bytes.size(), options));
  simdutf::binary_to_base64(bytes.asChars().begin(), bytes.size(), text.begin(), options);
  return oneByte(turn, text);
}

v8::Local<v8::String> toUtf16(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  size_t units = bytes.size() / 2;
  if (reinterpret_cast<uintptr_t>(bytes.begin()) % alignof(char16_t) == 0) {
    return turn.string(kj::arrayPtr(reinterpret_cast<const char16_t*>(bytes.begin()), units));
  }
  auto aligned = kj::heapArray<char16_t>(units);
  memcpy(aligned.begin(), bytes.begin(), units * 2);
  return turn.string(kj::ArrayPtr<const char16_t>(aligned));
}

v8::Local<v8::String> toAscii(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  auto text = kj::heapArray<char>(bytes.size());
  for (size_t i = 0; i < bytes.size(); ++i) text[i] = char(bytes[i] & 0x7F);
  return oneByte(turn, text);
}

struct Name {
  kj::StringPtr name;
  Encoding encoding;
};
constexpr Name kOtherNames[] = {
    {"utf-8"_kj, Encoding::Utf8},    {"ucs2"_kj, Encoding::Utf16Le},
    {"ucs-2"_kj, Encoding::Utf16Le}, {"utf-16le"_kj, Encoding::Utf16Le},
    {"binary"_kj, Encoding::Latin1},
};

}  // namespace

Encoding toEncoding(js::Turn& turn, v8::Local<v8::Value> name) {
  if (name->IsNumber()) {
    auto index = size_t(name.As<v8::Number>()->Value());
    return index < kEncodingCount ? Encoding(index) : Encoding::Utf8;
  }
  if (!name->IsString()) return Encoding::Utf8;
  auto text = turn.utf8(name.As<v8::String>());
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = char(c | 0x20);
  }
  for (size_t i = 0; i < kEncodingCount; ++i) {
    if (text == kEncodingNames[i]) return Encoding(i);
  }
  for (const Name& other : kOtherNames) {
    if (text == other.name) return other.encoding;
  }
  return Encoding::Utf8;
}

v8::Local<v8::String> decode(js::Turn& turn, Encoding encoding,
                             kj::ArrayPtr<const kj::byte> bytes) {
  switch (encoding) {
    case Encoding::Buffer:
    case Encoding::Utf8: return turn.string(bytes.asChars());
    case Encoding::Utf16Le: return toUtf16(turn, bytes);
    case Encoding::Latin1: return oneByte(turn, bytes.asChars());
    case Encoding::Ascii: return toAscii(turn, bytes);
    case Encoding::Base64: return toBase64(turn, bytes, simdutf::base64_default);
    case Encoding::Base64Url: return toBase64(turn, bytes, simdutf::base64_url);
    case Encoding::Hex: return toHex(turn, bytes);
  }
  KJ_UNREACHABLE;
}

size_t encodeInto(js::Turn& turn, Encoding encoding, v8::Local<v8::String> text,
                  kj::ArrayPtr<kj::byte> to) {
  switch (encoding) {
    case Encoding::Buffer:
    case Encoding::Utf8:
      return text->WriteUtf8V2(turn.v8, to.asChars().begin(), to.size(),
                               v8::String::WriteFlags::kReplaceInvalidUtf8);
    case Encoding::Utf16Le: {
      size_t units = kj::min(to.size() / 2, size_t(text->Length()));
      v8::String::ValueView view(turn.v8, text);
      if (!view.is_one_byte()) {
        memcpy(to.begin(), view.data16(), units * 2);
      } else {
        for (size_t i = 0; i < units; ++i) {
          to[2 * i] = view.data8()[i];
          to[2 * i + 1] = 0;
        }
      }
      return units * 2;
    }
    case Encoding::Latin1:
    case Encoding::Ascii: {
      size_t count = kj::min(to.size(), size_t(text->Length()));
      text->WriteOneByteV2(turn.v8, 0, uint32_t(count), to.begin());
      return count;
    }
    case Encoding::Base64:
    case Encoding::Base64Url: {
      v8::String::ValueView view(turn.v8, text);
      return view.is_one_byte() ? fromBase64(view.data8(), view.length(), to)
                                : fromBase64(view.data16(), view.length(), to);
    }
    case Encoding::Hex: {
      v8::String::ValueView view(turn.v8, text);
      return view.is_one_byte() ? fromHex(view.data8(), view.length(), to)
                                : fromHex(view.data16(), view.length(), to);
    }
  }
  KJ_UNREACHABLE;
}

kj::Array<kj::byte> encode(js::Turn& turn, Encoding encoding, v8::Local<v8::String> text) {
  size_t length = size_t(text->Length());
  size_t bound = 0;
  switch (encoding) {
    case Encoding::Buffer:
    case Encoding::Utf8: bound = text->Utf8LengthV2(turn.v8); break;
    case Encoding::Utf16Le: bound = length * 2; break;
    case Encoding::Latin1:
    case Encoding::Ascii: bound = length; break;
    case Encoding::Base64:
    case Encoding::Base64Url: bound = (length + 3) / 4 * 3; break;
    case Encoding::Hex: bound = length / 2; break;
  }
  auto bytes = kj::heapArray<kj::byte>(bound);
  size_t written = encodeInto(turn, encoding, text, bytes);
  return written == bound ? kj::mv(bytes) : kj::heapArray(bytes.slice(0, written).asConst());
}

}  // namespace ocapd::api::node
