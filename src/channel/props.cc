#include "src/channel/props.h"

#include <kj/debug.h>

namespace ocapd::channel {

kj::Maybe<kj::StringPtr> Props::json() {
  if (value_.is<kj::String>()) return kj::StringPtr(value_.get<kj::String>());
  return nullptr;
}

kj::Maybe<Message> Props::message() {
  if (!value_.is<Message>()) return nullptr;
  auto& mine = value_.get<Message>();
  Message copy;
  copy.data = mine.data.asPtr().attach(addRef());
  copy.externals = KJ_MAP(external, mine.externals)->External {
    KJ_SWITCH_ONEOF(external) {
      KJ_CASE_ONEOF(service, kj::Own<ServiceChannel>) {
        return service->addRef();
      }
      KJ_CASE_ONEOF(actorClass, kj::Own<ActorClassChannel>) {
        return actorClass->addRef();
      }
      KJ_CASE_ONEOF_DEFAULT {}
    }
    KJ_FAIL_REQUIRE("props hold something that is no channel");
  };
  return kj::mv(copy);
}

}  // namespace ocapd::channel
