// Blob: bytes that never change, with a type.
//
// Owns      a share of the bytes; slices share them.
// Limits    kBytesMax; RangeError beyond.
// Spec      https://w3c.github.io/FileAPI/#blob-section
#pragma once

#include "src/api/streams/readable_stream.h"
#include "src/js/class.h"
#include "src/js/dictionary.h"

namespace ocapd::api {

// What a Blob is made of, joined; as a parameter.
class BlobParts {
 public:
  using Part = kj::OneOf<kj::String, kj::Array<kj::byte>, kj::Own<SharedBytes>>;

  explicit BlobParts(kj::Vector<Part> parts) : parts_(kj::mv(parts)) {}
  enum class Endings : uint8_t { Transparent, Native };
  kj::Own<SharedBytes> join(Endings endings);

 private:
  kj::Vector<Part> parts_;
};

class Blob : public js::Object {
 public:
  static constexpr const char* kClassName = "Blob";
  static const js::Class kClass;
  static constexpr size_t kBytesMax = 512u << 20;

  struct Options {
    static constexpr const char* kDictionaryName = "Options";
    kj::Maybe<kj::String> type;
    kj::Maybe<kj::String> endings;
  };

  Blob(js::Turn& turn, kj::Own<SharedBytes> bytes, kj::String type);

  // ---- JavaScript ----
  static Blob* create(js::Turn& turn, kj::Maybe<BlobParts> parts, kj::Maybe<Options> options);
  double size() const { return double(bytes_->bytes.size()); }
  kj::StringPtr type() const { return type_; }
  Blob* slice(js::Turn& turn, kj::Maybe<double> start, kj::Maybe<double> end,
              kj::Maybe<kj::String> type);
  js::Promise arrayBuffer(js::Turn& turn);
  js::Promise bytes(js::Turn& turn);
  js::Promise text(js::Turn& turn);
  ReadableStream stream(js::Turn& turn);

  // ---- native ----
  kj::Own<SharedBytes> share() const { return kj::addRef(*bytes_); }
  kj::ArrayPtr<const kj::byte> content() const { return bytes_->bytes; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  // Its own count is changed by sharing, the bytes are not.
  mutable kj::Own<SharedBytes> bytes_;
  kj::String type_;
};

// Lower case, or empty when it is not printable ASCII.
// https://w3c.github.io/FileAPI/#dfn-BlobPropertyBag, `type`
kj::String normalBlobType(kj::Maybe<kj::String> type);
// https://w3c.github.io/FileAPI/#enumdef-endingtype
BlobParts::Endings toEndings(kj::Maybe<kj::StringPtr> endings);

}  // namespace ocapd::api

namespace ocapd::js {

template <>
struct Convert<api::BlobParts> {
  static constexpr const char* kName = "Array";
  static api::BlobParts from(Turn& turn, v8::Local<v8::Value> value);
};

inline constexpr Field<api::Blob::Options> kBlobOptions[] = {
    field<&api::Blob::Options::endings>("endings"),
    field<&api::Blob::Options::type>("type"),
};
template <>
struct Convert<api::Blob::Options> : DictionaryConvert<api::Blob::Options, kBlobOptions> {};

}  // namespace ocapd::js
