// TextDecoder: bytes to a string, at once or piece by piece.
//
// Owns      the decoder's state between pieces.
// Errors    RangeError for an unknown label; TypeError for malformed bytes when `fatal`.
// Spec      https://encoding.spec.whatwg.org/#interface-textdecoder
#pragma once

#include "src/api/encoding/decoder.h"
#include "src/js/class.h"

namespace ocapd::api {

class TextDecoder final : public js::Object {
 public:
  static constexpr const char* kClassName = "TextDecoder";
  static const js::Class kClass;

  struct Options {
    static constexpr const char* kDictionaryName = "ConstructorOptions";
    bool fatal = false;
    bool ignoreBom = false;
  };
  struct DecodeOptions {
    static constexpr const char* kDictionaryName = "DecodeOptions";
    bool stream = false;
  };

  TextDecoder(const EncodingRow& encoding, Options options)
      : encoding_(encoding),
        options_(options),
        decoder_(encoding, options.fatal ? OnMalformed::Fail : OnMalformed::Replace) {}

  // ---- JavaScript ----
  static TextDecoder* create(js::Turn& turn, kj::Maybe<kj::String> label,
                             kj::Maybe<Options> options);
  kj::StringPtr encoding() const { return encoding_.name; }
  bool fatal() const { return options_.fatal; }
  bool ignoreBom() const { return options_.ignoreBom; }
  v8::Local<v8::Value> decode(js::Turn& turn, kj::Maybe<js::SharedBufferSource> input,
                              kj::Maybe<DecodeOptions> options);

  const js::Class& jsClass() const override { return kClass; }

 private:
  // https://encoding.spec.whatwg.org/#concept-td-serialize: drops a byte order mark, once.
  void dropByteOrderMark(DecodedText& text, size_t& utf16Start);

  const EncodingRow& encoding_;
  Options options_;
  Decoder decoder_;
  bool begun_ = false;  // the byte order mark is behind us
};

}  // namespace ocapd::api
