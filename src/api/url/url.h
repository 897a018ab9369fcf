// URL: an absolute URL that JavaScript reads and changes part by part.
//
// Owns      the parsed URL (ada's).
// Errors    TypeError when a URL does not parse; setters of parts ignore what does not fit.
// Spec      https://url.spec.whatwg.org/#url-class
#pragma once

#include <ada.h>

#include "src/api/url/url_search_params.h"
#include "src/js/class.h"

namespace ocapd::api {

class Url final : public js::Object {
 public:
  static constexpr const char* kClassName = "URL";
  static const js::Class kClass;

  explicit Url(ada::url_aggregator url) : url_(kj::mv(url)) {}

  // ---- JavaScript ----
  static Url* create(js::Turn& turn, js::UsvString url, kj::Maybe<js::UsvString> base);
  static Url* parse(js::Turn& turn, js::UsvString url, kj::Maybe<js::UsvString> base);
  // There is no store of blobs: both throw, as in the reference.
  static void createObjectUrl(js::Turn& turn, v8::Local<v8::Value> object);
  static void revokeObjectUrl(js::UsvString url);
  static bool canParse(js::UsvString url, kj::Maybe<js::UsvString> base);
  std::string_view href() const { return url_.get_href(); }
  std::string origin() const { return url_.get_origin(); }
  std::string_view protocol() const { return url_.get_protocol(); }
  std::string_view username() const { return url_.get_username(); }
  std::string_view password() const { return url_.get_password(); }
  std::string_view host() const { return url_.get_host(); }
  std::string_view hostname() const { return url_.get_hostname(); }
  std::string_view port() const { return url_.get_port(); }
  std::string_view pathname() const { return url_.get_pathname(); }
  std::string_view search() const { return url_.get_search(); }
  std::string_view hash() const { return url_.get_hash(); }
  void setHref(js::UsvString value);
  void setProtocol(js::UsvString value) { url_.set_protocol(value); }
  void setUsername(js::UsvString value) { url_.set_username(value); }
  void setPassword(js::UsvString value) { url_.set_password(value); }
  void setHost(js::UsvString value) { url_.set_host(value); }
  void setHostname(js::UsvString value) { url_.set_hostname(value); }
  void setPort(js::UsvString value) { url_.set_port(value); }
  void setPathname(js::UsvString value) { url_.set_pathname(value); }
  void setSearch(js::UsvString value);
  void setHash(js::UsvString value) { url_.set_hash(value); }
  UrlSearchParams* searchParams(js::Turn& turn);

  // ---- native ----
  // What its URLSearchParams became; they are not told.
  void searchParamsChanged(std::string_view serialized) { url_.set_search(serialized); }

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  void tellSearchParams();

  ada::url_aggregator url_;
  cppgc::Member<UrlSearchParams> searchParams_;  // made when first asked for
};

}  // namespace ocapd::api
