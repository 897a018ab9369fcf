#include <ada.h>

#include "src/api/node/bindings/tables.h"

namespace ocapd::api::node {

namespace {

// What a URL's host would be; empty when it cannot be one.
std::string toHost(std::string_view domain) {
  auto url = ada::parse<ada::url_aggregator>("ws://x");
  if (!url || !url->set_hostname(domain)) return {};
  return std::string(url->get_hostname());
}

std::string domainToAscii(js::UsvString domain) {
  return toHost(domain);
}

std::string domainToUnicode(js::UsvString domain) {
  return ada::idna::to_unicode(toHost(domain));
}

std::string toAscii(js::UsvString domain) {
  return ada::idna::to_ascii(domain);
}

std::string toUnicode(js::UsvString domain) {
  return ada::idna::to_unicode(domain);
}

// https://nodejs.org/api/url.html#urlformaturl-options
v8::Local<v8::Value> format(js::Turn& turn, js::UsvString href, bool fragment, bool unicode,
                            bool search, bool auth) {
  auto url = ada::parse<ada::url>(std::string_view(href));
  if (!url) return turn.string(href.text);
  if (!fragment) url->hash = std::nullopt;
  if (unicode && url->has_hostname()) url->host = ada::idna::to_unicode(url->get_hostname());
  if (!search) url->query = std::nullopt;
  if (!auth) {
    url->username = "";
    url->password = "";
  }
  return js::Convert<std::string>::to(turn, url->get_href());
}

constexpr js::Member kFunctions[] = {
    js::function<&domainToAscii>("domainToASCII"),
    js::function<&domainToUnicode>("domainToUnicode"),
    js::function<&toAscii>("toASCII"),
    js::function<&toUnicode>("toUnicode"),
    js::function<&format>("format"),
};

}  // namespace

constinit const Binding kUrl{"url", kFunctions};

}  // namespace ocapd::api::node
