// The table of API classes whose instances travel over RPC.
#pragma once

#include "src/rpc/host_type.h"

namespace ocapd::api {

kj::ArrayPtr<const rpc::HostType> hostTypes();

}  // namespace ocapd::api
