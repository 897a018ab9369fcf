#include <string.h>

#include <algorithm>

#include <simdutf.h>
#include <v8-array-buffer.h>

#include "src/api/node/bindings/tables.h"
#include "src/api/node/encoding/encoding.h"

namespace ocapd::api::node {

namespace {

using Bytes = kj::ArrayPtr<kj::byte>;

// Node's code of an error that JavaScript shall see it by.
[[noreturn]] void throwCoded(js::Turn& turn, const js::Error& error, kj::StringPtr code) {
  auto value = error.toValue(turn);
  turn.set(value.As<v8::Object>(), "code", turn.string(code));
  turn.throwValue(value);
}

// A whole number from 0 to `limit`, or `otherwise` for undefined.
size_t toIndex(js::Turn& turn, v8::Local<v8::Value> value, size_t otherwise, size_t limit) {
  if (value->IsUndefined()) return otherwise;
  double number = turn.check(value->IntegerValue(turn.context));
  if (number < 0 || number > double(limit)) {
    throwCoded(turn, js::Error::range("Index out of range"), "ERR_OUT_OF_RANGE");
  }
  return size_t(number);
}

template <Encoding kEncoding>
v8::Local<v8::Value> slice(js::Turn& turn, js::SharedBufferSource buffer,
                           v8::Local<v8::Value> start, v8::Local<v8::Value> end) {
  size_t size = buffer.bytes().size();
  size_t from = toIndex(turn, start, 0, size);
  size_t to = std::max(from, toIndex(turn, end, size, size));
  Bytes bytes = buffer.bytes();
  if (to > bytes.size()) return turn.string(kj::ArrayPtr<const char>());
  return decode(turn, kEncoding, bytes.slice(from, to));
}

template <Encoding kEncoding>
double write(js::Turn& turn, js::SharedBufferSource buffer, v8::Local<v8::Value> text,
             v8::Local<v8::Value> offset, v8::Local<v8::Value> length) {
  if (!text->IsString()) {
    throwCoded(turn, js::Error::type("argument must be a string"), "ERR_INVALID_ARG_TYPE");
  }
  size_t size = buffer.bytes().size();
  if (!offset->IsUndefined() && turn.check(offset->IntegerValue(turn.context)) > int64_t(size)) {
    throwCoded(turn, js::Error::range("\"offset\" is outside of buffer bounds"),
               "ERR_BUFFER_OUT_OF_BOUNDS");
  }
  size_t from = toIndex(turn, offset, 0, size);
  size_t count = toIndex(turn, length, size - from, SIZE_MAX / 2);
  Bytes bytes = buffer.bytes();
  if (from >= bytes.size()) return 0;
  return double(encodeInto(turn, kEncoding, text.As<v8::String>(),
                           bytes.slice(from, from + std::min(count, bytes.size() - from))));
}

double byteLengthUtf8(js::Turn& turn, v8::Local<v8::String> text) {
  return double(text->Utf8LengthV2(turn.v8));
}

int32_t order(Bytes a, Bytes b) {
  int sign = memcmp(a.begin(), b.begin(), std::min(a.size(), b.size()));
  if (sign == 0) return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
  return sign < 0 ? -1 : 1;
}

int32_t compare(js::SharedBufferSource a, js::SharedBufferSource b) {
  return order(a.bytes(), b.bytes());
}

int32_t compareOffset(js::SharedBufferSource source, js::SharedBufferSource target,
                      double targetStart, double sourceStart, double targetEnd, double sourceEnd) {
  auto part = [](Bytes bytes, double start, double end) {
    size_t to = std::min(size_t(end), bytes.size());
    return bytes.slice(std::min(size_t(start), to), to);
  };
  return order(part(source.bytes(), sourceStart, sourceEnd),
               part(target.bytes(), targetStart, targetEnd));
}

double copy(js::SharedBufferSource source, js::SharedBufferSource target, double targetStart,
            double sourceStart, double count) {
  Bytes from = source.bytes();
  Bytes to = target.bytes();
  size_t a = std::min(size_t(sourceStart), from.size());
  size_t b = std::min(size_t(targetStart), to.size());
  size_t size = std::min({size_t(count), from.size() - a, to.size() - b});
  if (size > 0) memmove(to.begin() + b, from.begin() + a, size);
  return double(size);
}

// Copies within array buffers: target, offset, source, offset, count.
void copyArrayBuffer(js::SharedBufferSource target, double targetStart,
                     js::SharedBufferSource source, double sourceStart, double count) {
  copy(source, target, targetStart, sourceStart, count);
}

// -1: the value has no bytes; -2: the range lies outside.
double fill(js::Turn& turn, js::SharedBufferSource buffer, v8::Local<v8::Value> value, double start,
            double end, v8::Local<v8::Value> encoding) {
  constexpr double kNothingToFillWith = -1;
  constexpr double kOutOfBounds = -2;
  kj::Array<kj::byte> pattern;
  if (value->IsString()) {
    pattern = encode(turn, toEncoding(turn, encoding), value.As<v8::String>());
  } else if (value->IsArrayBufferView() || value->IsArrayBuffer()) {
    pattern = kj::heapArray(js::SharedBufferSource(value).bytes().asConst());
  } else {
    uint32_t number = turn.check(value->Uint32Value(turn.context));
    pattern = kj::heapArray<kj::byte>({kj::byte(number & 0xFF)});
  }
  Bytes bytes = buffer.bytes();
  if (start < 0 || end > double(bytes.size()) || start > end) return kOutOfBounds;
  if (pattern.size() == 0) return kNothingToFillWith;
  size_t at = size_t(start);
  for (size_t size = size_t(end) - at; size > 0;) {
    size_t part = std::min(size, pattern.size());
    memcpy(bytes.begin() + at, pattern.begin(), part);
    at += part;
    size -= part;
  }
  return 0;
}

enum class Direction : uint8_t { Forward, Backward };

// Where `needle` lies in `bytes`, from `offset` on (negative: from the end), as Node says; `step`
// is 2 for UTF-16.
double find(Bytes bytes, kj::ArrayPtr<const kj::byte> needle, double offset, Direction direction,
            size_t step) {
  constexpr double kNotFound = -1;
  double size = double(bytes.size());
  double from = offset < 0 ? size + offset : offset;
  if (from < 0) {
    if (direction == Direction::Backward) return kNotFound;
    from = 0;
  }
  if (from > size) {
    if (direction == Direction::Forward) return kNotFound;
    from = size;
  }
  if (needle.size() == 0) return from;
  if (needle.size() > bytes.size()) return kNotFound;
  size_t last = bytes.size() - needle.size();
  if (direction == Direction::Forward) {
    for (size_t at = size_t(from); at <= last; at += step) {
      const auto* hit = static_cast<const kj::byte*>(
          memmem(bytes.begin() + at, bytes.size() - at, needle.begin(), needle.size()));
      if (hit == nullptr) return kNotFound;
      at = size_t(hit - bytes.begin());
      if ((at - size_t(from)) % step == 0) return double(at);
    }
    return kNotFound;
  }
  for (size_t at = std::min(size_t(from), last) + 1; at-- > 0;) {
    if (memcmp(bytes.begin() + at, needle.begin(), needle.size()) == 0 && at % step == 0) {
      return double(at);
    }
  }
  return kNotFound;
}

// The part of the buffer that is searched: up to `end`, if that is given.
Bytes upTo(js::Turn& turn, js::SharedBufferSource& buffer, v8::Local<v8::Value> end) {
  double wanted = 0;
  bool isGiven = !end->IsUndefined();
  if (isGiven) wanted = turn.check(end->IntegerValue(turn.context));
  Bytes bytes = buffer.bytes();
  if (!isGiven || wanted > double(bytes.size())) return bytes;
  if (wanted < 0) wanted = std::max(0.0, double(bytes.size()) + wanted);
  return bytes.slice(0, size_t(wanted));
}

size_t stepOf(Encoding encoding) {
  return encoding == Encoding::Utf16Le ? 2 : 1;
}

Direction directionOf(bool forward) {
  return forward ? Direction::Forward : Direction::Backward;
}

double indexOfString(js::Turn& turn, js::SharedBufferSource buffer, v8::Local<v8::String> text,
                     double offset, uint32_t encodingIndex, bool forward,
                     v8::Local<v8::Value> end) {
  auto encoding = toEncoding(turn, v8::Integer::NewFromUnsigned(turn.v8, encodingIndex));
  auto needle = encode(turn, encoding, text);
  return find(upTo(turn, buffer, end), needle, offset, directionOf(forward), stepOf(encoding));
}

double indexOfBuffer(js::Turn& turn, js::SharedBufferSource buffer, js::SharedBufferSource needle,
                     double offset, uint32_t encodingIndex, bool forward,
                     v8::Local<v8::Value> end) {
  auto encoding = toEncoding(turn, v8::Integer::NewFromUnsigned(turn.v8, encodingIndex));
  Bytes bytes = upTo(turn, buffer, end);
  return find(bytes, needle.bytes(), offset, directionOf(forward), stepOf(encoding));
}

double indexOfNumber(js::Turn& turn, js::SharedBufferSource buffer, uint32_t number, double offset,
                     bool forward, v8::Local<v8::Value> end) {
  kj::byte byte = kj::byte(number & 0xFF);
  return find(upTo(turn, buffer, end), kj::arrayPtr(&byte, 1), offset, directionOf(forward), 1);
}

template <size_t kSize>
v8::Local<v8::Value> swap(v8::Local<v8::Value> buffer) {
  Bytes bytes = js::SharedBufferSource(buffer).bytes();
  for (size_t at = 0; at + kSize <= bytes.size(); at += kSize) {
    std::reverse(bytes.begin() + at, bytes.begin() + at + kSize);
  }
  return buffer;
}

bool isUtf8(js::SharedBufferSource buffer) {
  return simdutf::validate_utf8(buffer.bytes().asChars().begin(), buffer.bytes().size());
}

bool isAscii(js::SharedBufferSource buffer) {
  return simdutf::validate_ascii(buffer.bytes().asChars().begin(), buffer.bytes().size());
}

// Bytes of an encoding's text in another's: for transcode().
v8::Local<v8::Value> transcode(js::Turn& turn, js::SharedBufferSource source,
                               v8::Local<v8::Value> from, v8::Local<v8::Value> to) {
  auto text = decode(turn, toEncoding(turn, from), source.bytes());
  auto target = toEncoding(turn, to);
  auto bytes = encode(turn, target, text);
  if (target == Encoding::Ascii || target == Encoding::Latin1) {
    // What the target does not have becomes a question mark.
    uint32_t limit = target == Encoding::Ascii ? 0x7F : 0xFF;
    v8::String::ValueView view(turn.v8, text);
    size_t written = 0;
    for (uint32_t i = 0; i < view.length(); ++i) {
      uint32_t unit = view.is_one_byte() ? view.data8()[i] : view.data16()[i];
      bool isTrail = unit >= 0xDC00 && unit <= 0xDFFF && i > 0;
      if (isTrail) continue;
      bytes[written++] = unit <= limit ? kj::byte(unit) : kj::byte('?');
    }
    bytes = kj::heapArray(bytes.slice(0, written).asConst());
  }
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return buffer;
}

constexpr js::Member kFunctions[] = {
    js::function<&slice<Encoding::Ascii>>("asciiSlice"),
    js::function<&slice<Encoding::Base64>>("base64Slice"),
    js::function<&slice<Encoding::Base64Url>>("base64urlSlice"),
    js::function<&slice<Encoding::Latin1>>("latin1Slice"),
    js::function<&slice<Encoding::Hex>>("hexSlice"),
    js::function<&slice<Encoding::Utf16Le>>("ucs2Slice"),
    js::function<&slice<Encoding::Utf8>>("utf8Slice"),
    js::function<&write<Encoding::Ascii>>("asciiWriteStatic"),
    js::function<&write<Encoding::Base64>>("base64Write"),
    js::function<&write<Encoding::Base64Url>>("base64urlWrite"),
    js::function<&write<Encoding::Latin1>>("latin1WriteStatic"),
    js::function<&write<Encoding::Hex>>("hexWrite"),
    js::function<&write<Encoding::Utf16Le>>("ucs2Write"),
    js::function<&write<Encoding::Utf8>>("utf8WriteStatic"),
    js::function<&byteLengthUtf8>("byteLengthUtf8"),
    js::function<&compare>("compare"),
    js::function<&compareOffset>("compareOffset"),
    js::function<&copy>("copy"),
    js::function<&copyArrayBuffer>("copyArrayBuffer"),
    js::function<&fill>("fill"),
    js::function<&indexOfString>("indexOfString"),
    js::function<&indexOfBuffer>("indexOfBuffer"),
    js::function<&indexOfNumber>("indexOfNumber"),
    js::function<&swap<2>>("swap16"),
    js::function<&swap<4>>("swap32"),
    js::function<&swap<8>>("swap64"),
    js::function<&isUtf8>("isUtf8"),
    js::function<&isAscii>("isAscii"),
    js::function<&transcode>("transcode"),
};

}  // namespace

constinit const Binding kBuffer{"buffer", kFunctions};

}  // namespace ocapd::api::node
