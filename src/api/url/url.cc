#include "src/api/url/url.h"

namespace ocapd::api {

namespace {

// https://url.spec.whatwg.org/#api-url-parser; none is failure.
kj::Maybe<ada::url_aggregator> parseWith(std::string_view url,
                                         const kj::Maybe<js::UsvString>& base) {
  ada::result<ada::url_aggregator> parsedBase;
  const ada::url_aggregator* against = nullptr;
  KJ_IF_MAYBE(text, base) {
    parsedBase = ada::parse<ada::url_aggregator>(*text);
    if (!parsedBase) return nullptr;
    against = &parsedBase.value();
  }
  auto parsed = ada::parse<ada::url_aggregator>(url, against);
  if (!parsed) return nullptr;
  return kj::mv(parsed.value());
}

}  // namespace

// https://url.spec.whatwg.org/#dom-url-url
Url* Url::create(js::Turn& turn, js::UsvString url, kj::Maybe<js::UsvString> base) {
  if (Url* made = parse(turn, kj::mv(url), kj::mv(base))) return made;
  throw js::Error::type("Invalid URL string.");  // pinned by the reference
}

// https://url.spec.whatwg.org/#dom-url-parse
Url* Url::parse(js::Turn& turn, js::UsvString url, kj::Maybe<js::UsvString> base) {
  KJ_IF_MAYBE(parsed, parseWith(url, base)) {
    return turn.make<Url>(kj::mv(*parsed));
  }
  return nullptr;
}

// https://url.spec.whatwg.org/#dom-url-canparse
bool Url::canParse(js::UsvString url, kj::Maybe<js::UsvString> base) {
  KJ_IF_MAYBE(text, base) {
    std::string_view view = *text;
    return ada::can_parse(url, &view);
  }
  return ada::can_parse(url);
}

// Texts pinned by the reference.
void Url::createObjectUrl(js::Turn& turn, v8::Local<v8::Value> object) {
  auto* native = turn.unwrapAny(object);
  std::string_view name = native == nullptr ? "" : native->jsClass().name;
  if (name != "Blob" && name != "File") {
    throw js::Error::type(
        "Failed to execute 'createObjectURL' on 'URL': parameter 1 is not of type 'File or Blob'.");
  }
  throw js::Error::plain("URL.createObjectURL() is not implemented");
}

void Url::revokeObjectUrl(js::UsvString) {
  throw js::Error::plain("URL.revokeObjectURL() is not implemented");
}

// https://url.spec.whatwg.org/#dom-url-href
void Url::setHref(js::UsvString value) {
  if (!url_.set_href(value)) {
    // Pinned by the reference.
    throw js::Error::type(
        "Failed to set the 'href' property on 'URL': the provided value is not "
        "of type 'valid URL string'.");
  }
  tellSearchParams();
}

// https://url.spec.whatwg.org/#dom-url-search
void Url::setSearch(js::UsvString value) {
  url_.set_search(value);
  tellSearchParams();
}

void Url::tellSearchParams() {
  if (searchParams_) searchParams_->reset(url_.get_search());
}

UrlSearchParams* Url::searchParams(js::Turn& turn) {
  if (!searchParams_) searchParams_ = turn.make<UrlSearchParams>(url_.get_search(), this);
  return searchParams_.Get();
}

void Url::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(searchParams_);
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&Url::create>(),
    js::function<&Url::parse>("parse"),
    js::function<&Url::canParse>("canParse"),
    js::function<&Url::createObjectUrl>("createObjectURL"),
    js::function<&Url::revokeObjectUrl>("revokeObjectURL"),
    js::accessor<&Url::href, &Url::setHref>("href"),
    js::method<&Url::href>("toString"),
    js::getter<&Url::origin>("origin"),
    js::accessor<&Url::protocol, &Url::setProtocol>("protocol"),
    js::accessor<&Url::username, &Url::setUsername>("username"),
    js::accessor<&Url::password, &Url::setPassword>("password"),
    js::accessor<&Url::host, &Url::setHost>("host"),
    js::accessor<&Url::hostname, &Url::setHostname>("hostname"),
    js::accessor<&Url::port, &Url::setPort>("port"),
    js::accessor<&Url::pathname, &Url::setPathname>("pathname"),
    js::accessor<&Url::search, &Url::setSearch>("search"),
    js::getter<&Url::searchParams>("searchParams"),
    js::accessor<&Url::hash, &Url::setHash>("hash"),
    js::method<&Url::href>("toJSON"),
};

}  // namespace

constinit const js::Class Url::kClass{
    .name = kClassName,
    .spec = "https://url.spec.whatwg.org/#url-class",
    .members = kMembers,
};

}  // namespace ocapd::api
