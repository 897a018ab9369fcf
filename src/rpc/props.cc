#include "src/rpc/props.h"

#include <v8-json.h>

namespace ocapd::rpc {

v8::Local<v8::Value> readProps(js::Turn& turn, api::IoContext& context, channel::Props& props) {
  KJ_IF_MAYBE(json, props.json()) {
    return turn.check(v8::JSON::Parse(turn.context, turn.string(*json)));
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

}  // namespace ocapd::rpc
