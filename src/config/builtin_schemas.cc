#include "builtin_schemas.h"

namespace ocapd::config {
namespace {

constexpr kj::StringPtr kWorkerdSchema =
#include "src/config/workerd_capnp_text.inc"
    ""_kj;

// The annotations that schemas written for C++ carry; ids are those of Cap'n Proto itself.
constexpr kj::StringPtr kCxxSchema = R"(@0xbdf87d7bb8304e81;
$namespace("capnp::annotations");
annotation namespace @0xb9c6f99ebf805f2c (file) :Text;
annotation name @0xf264a779fef191ce
    (field, enumerant, struct, enum, interface, method, param, group, union) :Text;
annotation allowCancellation @0xac7096ff8cfc9dce (interface, method, file) :Void;
)"_kj;

}  // namespace

kj::Maybe<kj::StringPtr> findBuiltinSchema(kj::StringPtr path) {
  if (path == "/workerd/workerd.capnp") return kWorkerdSchema;
  if (path == "/capnp/c++.capnp") return kCxxSchema;
  return nullptr;
}

}  // namespace ocapd::config
