#include "src/api/fetch/url_text.h"

#include <ada.h>

#include "src/js/error.h"

namespace ocapd::api {

kj::String parseUrl(kj::StringPtr text) {
  auto parsed = ada::parse<ada::url_aggregator>(std::string_view(text.begin(), text.size()));
  if (!parsed) throw js::Error::type("Invalid URL: ", text);
  auto href = parsed->get_href();
  return kj::heapString(href.data(), href.size());
}

// Texts pinned by the reference.
void requireFetchable(kj::StringPtr url) {
  for (auto scheme : {"http:"_kj, "https:"_kj, "data:"_kj}) {
    if (url.startsWith(scheme)) return;
  }
  throw js::Error::type("Fetch API cannot load: ", url);
}

kj::Maybe<kj::String> resolveUrl(kj::StringPtr location, kj::StringPtr base) {
  auto parsedBase = ada::parse<ada::url_aggregator>(std::string_view(base.begin(), base.size()));
  if (!parsedBase) return nullptr;
  auto parsed = ada::parse<ada::url_aggregator>(std::string_view(location.begin(), location.size()),
                                                &parsedBase.value());
  if (!parsed) return nullptr;
  auto href = parsed->get_href();
  return kj::heapString(href.data(), href.size());
}

bool isSameOrigin(kj::StringPtr a, kj::StringPtr b) {
  auto parsedA = ada::parse<ada::url_aggregator>(std::string_view(a.begin(), a.size()));
  auto parsedB = ada::parse<ada::url_aggregator>(std::string_view(b.begin(), b.size()));
  return parsedA && parsedB && parsedA->get_origin() == parsedB->get_origin();
}

kj::ArrayPtr<const char> withoutFragment(kj::StringPtr url) {
  KJ_IF_MAYBE(at, url.findFirst('#')) {
    return url.slice(0, *at);
  }
  return url;
}

}  // namespace ocapd::api
