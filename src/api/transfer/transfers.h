// The rows of the table in host_types.cc, a file a standard. Tags are those of the byte format.
#pragma once

#include "src/rpc/host_type.h"

namespace ocapd::api {

extern const rpc::HostType kFetcherTransfer;

}  // namespace ocapd::api
