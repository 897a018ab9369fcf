#include "src/rpc/props.h"

#include <v8-json.h>

namespace ocapd::rpc {

namespace {

v8::Local<v8::Value> readComposite(js::Turn& turn, api::IoContext& context,
                                   channel::Props::Composite& composite) {
  auto base = readProps(turn, context, *composite.base);
  KJ_REQUIRE(base->IsObject(), "props have properties but are no object");
  for (auto& property : composite.properties) {
    auto value = readProps(turn, context, *property.value);
    turn.check(
        base.As<v8::Object>()->CreateDataProperty(turn.context, turn.string(property.name), value));
  }
  return base;
}

}  // namespace

v8::Local<v8::Value> readProps(js::Turn& turn, api::IoContext& context, channel::Props& props) {
  KJ_IF_MAYBE(json, props.json()) {
    return turn.check(v8::JSON::Parse(turn.context, turn.string(*json)));
  }
  KJ_IF_MAYBE(composite, props.composite()) {
    return readComposite(turn, context, *composite);
  }
  Stubs none;
  return deserialize(turn, context, KJ_ASSERT_NONNULL(props.message()), none);
}

kj::Own<channel::Props> makeProps(js::Turn& turn, api::IoContext& context,
                                  v8::Local<v8::Object> value) {
  Stubs none;
  auto options = optionsFor(turn, Options::Purpose::Props);
  return kj::refcounted<channel::Props>(serialize(turn, context, value, options, none));
}

// Texts pinned by the reference.
kj::Maybe<kj::Own<channel::Props>> propsOption(js::Turn& turn, v8::Local<v8::Value> options,
                                               kj::StringPtr className) {
  if (!options->IsObject()) {
    throw js::Error::type("Failed to execute '(called as function)' on '", className,
                          "': parameter 1 is not of type 'Options'.");
  }
  auto given = turn.get(options.As<v8::Object>(), "props");
  if (given->IsUndefined()) return nullptr;
  if (!given->IsObject()) {
    throw js::Error::type(
        "Incorrect type for the 'props' field on 'Options': the provided value is not of type "
        "'Object'.");
  }
  return makeProps(turn, api::IoContext::current(turn), given.As<v8::Object>());
}

}  // namespace ocapd::rpc
