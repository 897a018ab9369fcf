// UrlPatternRegExp: the regular expressions of URL patterns, which are JavaScript's.
//
// What ada's url_pattern asks of a "regex provider". Its functions run inside a turn; they use the
// built-in RegExp as it was before any user code.
//
// Spec      https://urlpattern.spec.whatwg.org/#component-regular-expression
#pragma once

#include <ada.h>
#include <v8-persistent-handle.h>
#include <v8-regexp.h>

#include "src/js/global_builder.h"

namespace ocapd::api {

class UrlPatternRegExp {
 public:
  // Strong, but a RegExp reaches nothing that could reach back.
  using regex_type = v8::Global<v8::Object>;
  using Groups = std::vector<std::optional<std::string>>;

  UrlPatternRegExp() = default;

  static std::optional<regex_type> create_instance(std::string_view pattern, bool ignoreCase);
  static std::optional<Groups> regex_search(std::string_view input, const regex_type& regexp);
  static bool regex_match(std::string_view input, const regex_type& regexp);
};

extern const js::Builtin kUrlPatternRegExp;

}  // namespace ocapd::api
