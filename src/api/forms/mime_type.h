// MimeType: what a Content-Type header says.
//
// Spec      https://mimesniff.spec.whatwg.org/
#pragma once

#include <string_view>

#include <kj/string.h>
#include <kj/vector.h>

namespace ocapd::api {

struct MimeType {
  struct Parameter {
    kj::String name;  // lower case
    kj::String value;
  };

  kj::String essence;  // "type/subtype", lower case
  kj::Vector<Parameter> parameters;

  // https://mimesniff.spec.whatwg.org/#parse-a-mime-type; none for what is not one.
  static kj::Maybe<MimeType> parse(kj::StringPtr text);
  kj::Maybe<kj::StringPtr> parameter(kj::StringPtr name) const;
  // https://mimesniff.spec.whatwg.org/#serialize-a-mime-type
  kj::String serialized() const;
};

}  // namespace ocapd::api
