#include "src/api/url/url_pattern_regexp.h"

#include <v8-container.h>

#include "src/api/url/url_pattern_regexp_js.h"
#include "src/js/convert.h"
#include "src/js/isolate.h"

namespace ocapd::api {

namespace {

v8::Local<v8::String> toJs(js::Turn& turn, std::string_view text) {
  return turn.string(kj::arrayPtr(text.data(), text.size()));
}

v8::Local<v8::Value> call(js::Turn& turn, kj::StringPtr function,
                          std::initializer_list<v8::Local<v8::Value>> parameters) {
  auto builtin = turn.isolate().builtin(turn, kUrlPatternRegExp);
  auto called = turn.get(builtin, function).As<v8::Function>();
  return turn.check(called->Call(turn.context, turn.undefined(), int(parameters.size()),
                                 const_cast<v8::Local<v8::Value>*>(parameters.begin())));
}

// What `body` gives; nothing if JavaScript cannot do it (no stack left, say). Never throws: ada's
// callers are noexcept. A termination stays pending.
template <typename Body>
auto quietly(js::Turn& turn, Body&& body) noexcept -> decltype(body()) {
  v8::TryCatch tryCatch(turn.v8);
  try {
    return body();
  } catch (...) {
    if (tryCatch.HasTerminated()) tryCatch.ReThrow();
    return {};
  }
}

// The match, or nothing.
v8::MaybeLocal<v8::Array> search(js::Turn& turn, std::string_view input,
                                 const UrlPatternRegExp::regex_type& regexp) {
  auto result = call(turn, "search", {regexp.Get(turn.v8), toJs(turn, input)});
  if (!result->IsArray()) return {};
  return result.As<v8::Array>();
}

}  // namespace

std::optional<UrlPatternRegExp::regex_type> UrlPatternRegExp::create_instance(
    std::string_view pattern, bool ignoreCase) {
  js::Turn turn(v8::Isolate::GetCurrent());
  v8::HandleScope handles(turn.v8);
  return quietly(turn, [&]() -> std::optional<regex_type> {
    auto made = call(turn, "make", {toJs(turn, pattern), turn.name(ignoreCase ? "vi" : "v")});
    return regex_type(turn.v8, made.As<v8::Object>());
  });
}

std::optional<UrlPatternRegExp::Groups> UrlPatternRegExp::regex_search(std::string_view input,
                                                                       const regex_type& regexp) {
  js::Turn turn(v8::Isolate::GetCurrent());
  v8::HandleScope handles(turn.v8);
  return quietly(turn, [&]() -> std::optional<Groups> {
    v8::Local<v8::Array> match;
    if (!search(turn, input, regexp).ToLocal(&match)) return std::nullopt;
    Groups groups;
    // The first element is the whole.
    for (uint32_t i = 1; i < match->Length(); ++i) {
      auto group = turn.check(match->Get(turn.context, i));
      if (!group->IsString()) {
        groups.push_back(std::nullopt);
        continue;
      }
      auto text = turn.utf8(group.As<v8::String>());
      groups.emplace_back(std::string(text.begin(), text.size()));
    }
    return groups;
  });
}

bool UrlPatternRegExp::regex_match(std::string_view input, const regex_type& regexp) {
  js::Turn turn(v8::Isolate::GetCurrent());
  v8::HandleScope handles(turn.v8);
  return quietly(turn, [&] { return !search(turn, input, regexp).IsEmpty(); });
}

constinit const js::Builtin kUrlPatternRegExp{.name = "urlPatternRegExp",
                                              .source = kUrlPatternRegexpJs};

}  // namespace ocapd::api
