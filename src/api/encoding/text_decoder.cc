#include "src/api/encoding/text_decoder.h"

#include "src/js/dictionary.h"

namespace ocapd::js {

using ocapd::api::TextDecoder;

inline constexpr Field<TextDecoder::Options> kTextDecoderOptions[] = {
    field<&TextDecoder::Options::fatal>("fatal"),
    field<&TextDecoder::Options::ignoreBom>("ignoreBOM"),
};
template <>
struct Convert<TextDecoder::Options>
    : DictionaryConvert<TextDecoder::Options, kTextDecoderOptions> {};

inline constexpr Field<TextDecoder::DecodeOptions> kTextDecodeOptions[] = {
    field<&TextDecoder::DecodeOptions::stream>("stream"),
};
template <>
struct Convert<TextDecoder::DecodeOptions>
    : DictionaryConvert<TextDecoder::DecodeOptions, kTextDecodeOptions> {};

}  // namespace ocapd::js

namespace ocapd::api {

// https://encoding.spec.whatwg.org/#dom-textdecoder
TextDecoder* TextDecoder::create(js::Turn& turn, kj::Maybe<kj::String> label,
                                 kj::Maybe<Options> options) {
  kj::StringPtr wanted = "utf-8"_kj;
  KJ_IF_MAYBE(given, label) {
    wanted = *given;
  }
  KJ_IF_MAYBE(row, findEncoding(wanted)) {
    if (row->decoding != Decoding::Replacement) {
      return turn.make<TextDecoder>(*row, options.orDefault(Options()));
    }
  }
  throw js::Error::range("\"", wanted, "\" is not a valid encoding.");  // pinned
}

void TextDecoder::dropByteOrderMark(DecodedText& text, size_t& utf16Start) {
  if (begun_) return;
  if (text.utf8.size() == 0 && text.utf16.empty()) return;
  begun_ = true;
  if (options_.ignoreBom) return;
  auto utf8 = text.utf8;
  if (encoding_.decoding == Decoding::Utf8 && utf8.size() >= 3 && utf8[0] == '\xEF' &&
      utf8[1] == '\xBB' && utf8[2] == '\xBF') {
    text.utf8 = utf8.slice(3, utf8.size());
  } else if (encoding_.decoding == Decoding::Utf16 && text.utf16.size() > 0 &&
             text.utf16[0] == 0xFEFF) {
    utf16Start = 1;
  }
}

// https://encoding.spec.whatwg.org/#dom-textdecoder-decode
v8::Local<v8::Value> TextDecoder::decode(js::Turn& turn, kj::Maybe<js::SharedBufferSource> input,
                                         kj::Maybe<DecodeOptions> options) {
  bool stream = options.orDefault(DecodeOptions()).stream;
  kj::ArrayPtr<const kj::byte> bytes;
  // Read only now: the options' getters may have detached the buffer.
  KJ_IF_MAYBE(given, input) {
    bytes = given->bytes();
  }
  auto decoded = decoder_.decode(bytes, stream ? Piece::More : Piece::Last);
  KJ_IF_MAYBE(text, decoded) {
    size_t utf16Start = 0;
    dropByteOrderMark(*text, utf16Start);
    if (!stream) begun_ = false;
    if (encoding_.decoding == Decoding::Utf8) return turn.string(text->utf8);
    std::u16string_view units = text->utf16;
    units = units.substr(utf16Start);
    return turn.string(kj::arrayPtr(units.data(), units.size()));
  }
  begun_ = false;
  throw js::Error::type("Failed to decode input.");  // pinned
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&TextDecoder::create>(),    js::getter<&TextDecoder::encoding>("encoding"),
    js::getter<&TextDecoder::fatal>("fatal"),   js::getter<&TextDecoder::ignoreBom>("ignoreBOM"),
    js::method<&TextDecoder::decode>("decode"),
};

}  // namespace

constinit const js::Class TextDecoder::kClass{
    .name = kClassName,
    .spec = "https://encoding.spec.whatwg.org/#interface-textdecoder",
    .members = kMembers,
};

}  // namespace ocapd::api
