// File: a Blob with a name.
//
// Spec      https://w3c.github.io/FileAPI/#file-section
#pragma once

#include "src/api/forms/blob.h"

namespace ocapd::api {

class File final : public Blob {
 public:
  static constexpr const char* kClassName = "File";
  static const js::Class kClass;

  struct Options {
    static constexpr const char* kDictionaryName = "Options";
    kj::Maybe<kj::String> type;
    kj::Maybe<kj::String> endings;
    kj::Maybe<double> lastModified;
  };

  // `lastModified` is in milliseconds since 1970.
  File(js::Turn& turn, kj::Own<SharedBytes> bytes, kj::String name, kj::String type,
       double lastModified)
      : Blob(turn, kj::mv(bytes), kj::mv(type)), name_(kj::mv(name)), lastModified_(lastModified) {}
  // Modified now.
  static File* make(js::Turn& turn, kj::Own<SharedBytes> bytes, kj::String name, kj::String type);

  // ---- JavaScript ----
  static File* create(js::Turn& turn, kj::Maybe<BlobParts> parts, kj::String name,
                      kj::Maybe<Options> options);
  kj::StringPtr name() const { return name_; }
  double lastModified() const { return lastModified_; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  kj::String name_;
  double lastModified_;
};

}  // namespace ocapd::api

namespace ocapd::js {

inline constexpr Field<api::File::Options> kFileOptions[] = {
    field<&api::File::Options::endings>("endings"),
    field<&api::File::Options::type>("type"),
    field<&api::File::Options::lastModified>("lastModified"),
};
template <>
struct Convert<api::File::Options> : DictionaryConvert<api::File::Options, kFileOptions> {};

}  // namespace ocapd::js
