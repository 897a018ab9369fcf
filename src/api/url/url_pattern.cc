#include "src/api/url/url_pattern.h"

#include <v8-container.h>

#include "src/js/dictionary.h"

namespace ocapd::js {

using ocapd::api::UrlPattern;

// Differs: the reference reads them in this order, Web IDL would in that of their names.
inline constexpr Field<UrlPattern::Init> kUrlPatternInit[] = {
    field<&UrlPattern::Init::protocol>("protocol"), field<&UrlPattern::Init::username>("username"),
    field<&UrlPattern::Init::password>("password"), field<&UrlPattern::Init::hostname>("hostname"),
    field<&UrlPattern::Init::port>("port"),         field<&UrlPattern::Init::pathname>("pathname"),
    field<&UrlPattern::Init::search>("search"),     field<&UrlPattern::Init::hash>("hash"),
    field<&UrlPattern::Init::baseUrl>("baseURL"),
};
template <>
struct Convert<UrlPattern::Init> : DictionaryConvert<UrlPattern::Init, kUrlPatternInit> {};

inline constexpr Field<UrlPattern::Options> kUrlPatternOptions[] = {
    field<&UrlPattern::Options::ignoreCase>("ignoreCase"),
};
template <>
struct Convert<UrlPattern::Options> : DictionaryConvert<UrlPattern::Options, kUrlPatternOptions> {};

namespace {

void take(kj::Maybe<UsvString>& from, std::optional<std::string>& into) {
  KJ_IF_MAYBE(text, from) {
    into = std::string(*text);
  }
}

}  // namespace

// https://urlpattern.spec.whatwg.org/#typedefdef-urlpatterninput
template <>
struct Convert<UrlPattern::Input> {
  static constexpr const char* kName = "string or URLPatternInit";
  static UrlPattern::Input from(Turn& turn, v8::Local<v8::Value> value) {
    UrlPattern::Input result;
    if (!value->IsNull() && (!value->IsObject() || turn.unwrapAny(value) != nullptr)) {
      result.text = Convert<UsvString>::from(turn, value);
      return result;
    }
    auto given = Convert<UrlPattern::Init>::from(turn, value);
    ada::url_pattern_init init;
    take(given.protocol, init.protocol);
    take(given.username, init.username);
    take(given.password, init.password);
    take(given.hostname, init.hostname);
    take(given.port, init.port);
    take(given.pathname, init.pathname);
    take(given.search, init.search);
    take(given.hash, init.hash);
    take(given.baseUrl, init.base_url);
    result.init = kj::mv(init);
    return result;
  }
};

}  // namespace ocapd::js

namespace ocapd::api {

namespace {

using AdaInput = ada::url_pattern_input;

// The text of the result is that of the parameter.
AdaInput toAda(const kj::Maybe<UrlPattern::Input>& input) {
  KJ_IF_MAYBE(given, input) {
    KJ_IF_MAYBE(init, given->init) {
      return *init;
    }
    return std::string_view(given->text);
  }
  return ada::url_pattern_init();
}

class BaseUrl {
 public:
  explicit BaseUrl(const kj::Maybe<js::UsvString>& given) {
    KJ_IF_MAYBE(text, given) {
      text_ = *text;
      isGiven_ = true;
    }
  }
  const std::string_view* get() const { return isGiven_ ? &text_ : nullptr; }

 private:
  std::string_view text_;
  bool isGiven_ = false;
};

v8::Local<v8::Value> toJs(js::Turn& turn, std::string_view text) {
  return js::Convert<std::string_view>::to(turn, text);
}

void define(js::Turn& turn, v8::Local<v8::Object> object, std::string_view name,
            v8::Local<v8::Value> value) {
  auto key = toJs(turn, name).As<v8::String>();
  turn.check(object->CreateDataProperty(turn.context, key, value));
}

v8::Local<v8::Value> toJs(js::Turn& turn, const ada::url_pattern_init& init) {
  auto object = v8::Object::New(turn.v8);
  auto add = [&](kj::StringPtr name, const std::optional<std::string>& value) {
    if (value) define(turn, object, {name.begin(), name.size()}, toJs(turn, *value));
  };
  add("protocol", init.protocol);
  add("username", init.username);
  add("password", init.password);
  add("hostname", init.hostname);
  add("port", init.port);
  add("pathname", init.pathname);
  add("search", init.search);
  add("hash", init.hash);
  add("baseURL", init.base_url);
  return object;
}

// https://urlpattern.spec.whatwg.org/#create-a-component-match-result, in the pattern's order.
v8::Local<v8::Value> toJs(js::Turn& turn, const ada::url_pattern_component_result& result,
                          const std::vector<std::string>& names) {
  auto groups = v8::Object::New(turn.v8);
  for (auto& name : names) {
    auto found = result.groups.find(name);
    if (found == result.groups.end()) continue;
    v8::Local<v8::Value> value = turn.undefined();
    if (found->second) value = toJs(turn, *found->second);
    define(turn, groups, name, value);
  }
  auto object = v8::Object::New(turn.v8);
  define(turn, object, "input", toJs(turn, result.input));
  define(turn, object, "groups", groups);
  return object;
}

}  // namespace

// https://urlpattern.spec.whatwg.org/#dom-urlpattern-urlpattern
UrlPattern* UrlPattern::create(js::Turn& turn, kj::Maybe<Input> input,
                               v8::Local<v8::Value> baseUrlOrOptions, kj::Maybe<Options> options) {
  kj::Maybe<js::UsvString> baseUrl;
  if (baseUrlOrOptions->IsObject()) {
    options = js::Convert<Options>::from(turn, baseUrlOrOptions);
  } else if (!baseUrlOrOptions->IsNullOrUndefined()) {
    baseUrl = js::Convert<js::UsvString>::from(turn, baseUrlOrOptions);
  }
  ada::url_pattern_options adaOptions{.ignore_case = options.orDefault(Options()).ignoreCase};
  auto compiled =
      ada::parse_url_pattern<UrlPatternRegExp>(toAda(input), BaseUrl(baseUrl).get(), &adaOptions);
  if (!compiled) throw js::Error::type("Failed to construct URLPattern");  // pinned
  return turn.make<UrlPattern>(kj::mv(*compiled));
}

// https://urlpattern.spec.whatwg.org/#dom-urlpattern-test
bool UrlPattern::test(js::Turn&, kj::Maybe<Input> input, kj::Maybe<js::UsvString> baseUrl) {
  auto matches = pattern_.test(toAda(input), BaseUrl(baseUrl).get());
  if (!matches) throw js::Error::type("Failed to test URLPattern");  // pinned
  return *matches;
}

// https://urlpattern.spec.whatwg.org/#dom-urlpattern-exec
v8::Local<v8::Value> UrlPattern::exec(js::Turn& turn, kj::Maybe<Input> input,
                                      kj::Maybe<js::UsvString> baseUrl) {
  auto executed = pattern_.exec(toAda(input), BaseUrl(baseUrl).get());
  if (!executed) throw js::Error::type("Failed to exec URLPattern");  // pinned
  if (!*executed) return v8::Null(turn.v8);
  auto& result = **executed;
  auto inputs = v8::Array::New(turn.v8);
  for (auto& each : result.inputs) {
    auto value =
        std::visit([&](auto& one) -> v8::Local<v8::Value> { return toJs(turn, one); }, each);
    turn.check(inputs->CreateDataProperty(turn.context, inputs->Length(), value));
  }
  auto object = v8::Object::New(turn.v8);
  define(turn, object, "inputs", inputs);
  auto add = [&](std::string_view name, const ada::url_pattern_component_result& part,
                 const ada::url_pattern_component<UrlPatternRegExp>& component) {
    define(turn, object, name, toJs(turn, part, component.group_name_list));
  };
  add("protocol", result.protocol, pattern_.protocol_component);
  add("username", result.username, pattern_.username_component);
  add("password", result.password, pattern_.password_component);
  add("hostname", result.hostname, pattern_.hostname_component);
  add("port", result.port, pattern_.port_component);
  add("pathname", result.pathname, pattern_.pathname_component);
  add("search", result.search, pattern_.search_component);
  add("hash", result.hash, pattern_.hash_component);
  return object;
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&UrlPattern::create>(),
    js::getter<&UrlPattern::protocol>("protocol"),
    js::getter<&UrlPattern::username>("username"),
    js::getter<&UrlPattern::password>("password"),
    js::getter<&UrlPattern::hostname>("hostname"),
    js::getter<&UrlPattern::port>("port"),
    js::getter<&UrlPattern::pathname>("pathname"),
    js::getter<&UrlPattern::search>("search"),
    js::getter<&UrlPattern::hash>("hash"),
    js::getter<&UrlPattern::hasRegExpGroups>("hasRegExpGroups"),
    js::method<&UrlPattern::test>("test"),
    js::method<&UrlPattern::exec>("exec"),
};

}  // namespace

constinit const js::Class UrlPattern::kClass{
    .name = kClassName,
    .spec = "https://urlpattern.spec.whatwg.org/#urlpattern-class",
    .members = kMembers,
};

}  // namespace ocapd::api
