// DataUrl: what a data: URL says.
//
// Spec      https://fetch.spec.whatwg.org/#data-url-processor
#pragma once

#include <kj/array.h>
#include <kj/string.h>

namespace ocapd::api {

struct DataUrl {
  kj::String mimeType;
  kj::Array<kj::byte> body;
};

bool isDataUrl(kj::StringPtr url);

// `url` is a serialized data: URL. None when it has no comma, or no Base64 where it says so.
kj::Maybe<DataUrl> parseDataUrl(kj::StringPtr url);

}  // namespace ocapd::api
