// URLPattern: a pattern that URLs match or do not match, part by part.
//
// Owns      the compiled pattern (ada's).
// Errors    TypeError for a pattern that does not parse; what is no URL does not match.
// Spec      https://urlpattern.spec.whatwg.org/#urlpattern-class
#pragma once

#include "src/api/url/url_pattern_regexp.h"
#include "src/js/class.h"

namespace ocapd::api {

class UrlPattern final : public js::Object {
 public:
  static constexpr const char* kClassName = "URLPattern";
  static const js::Class kClass;

  using Compiled = ada::url_pattern<UrlPatternRegExp>;

  struct Init {
    static constexpr const char* kDictionaryName = "URLPatternInit";
    kj::Maybe<js::UsvString> protocol;
    kj::Maybe<js::UsvString> username;
    kj::Maybe<js::UsvString> password;
    kj::Maybe<js::UsvString> hostname;
    kj::Maybe<js::UsvString> port;
    kj::Maybe<js::UsvString> pathname;
    kj::Maybe<js::UsvString> search;
    kj::Maybe<js::UsvString> hash;
    kj::Maybe<js::UsvString> baseUrl;
  };
  // A text or a dictionary.
  struct Input {
    std::string text;  // meaningful if `init` is none
    kj::Maybe<ada::url_pattern_init> init;
  };
  struct Options {
    static constexpr const char* kDictionaryName = "URLPatternOptions";
    bool ignoreCase = false;
  };

  explicit UrlPattern(Compiled pattern) : pattern_(kj::mv(pattern)) {}

  // ---- JavaScript ----
  static UrlPattern* create(js::Turn& turn, kj::Maybe<Input> input,
                            v8::Local<v8::Value> baseUrlOrOptions, kj::Maybe<Options> options);
  std::string_view protocol() const { return pattern_.get_protocol(); }
  std::string_view username() const { return pattern_.get_username(); }
  std::string_view password() const { return pattern_.get_password(); }
  std::string_view hostname() const { return pattern_.get_hostname(); }
  std::string_view port() const { return pattern_.get_port(); }
  std::string_view pathname() const { return pattern_.get_pathname(); }
  std::string_view search() const { return pattern_.get_search(); }
  std::string_view hash() const { return pattern_.get_hash(); }
  bool hasRegExpGroups() const { return pattern_.has_regexp_groups(); }
  bool test(js::Turn& turn, kj::Maybe<Input> input, kj::Maybe<js::UsvString> baseUrl);
  v8::Local<v8::Value> exec(js::Turn& turn, kj::Maybe<Input> input,
                            kj::Maybe<js::UsvString> baseUrl);

  const js::Class& jsClass() const override { return kClass; }

 private:
  Compiled pattern_;
};

}  // namespace ocapd::api
