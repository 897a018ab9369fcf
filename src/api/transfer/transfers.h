// The rows of the table in host_types.cc, a file a standard. Tags are those of the byte format.
#pragma once

#include "src/rpc/host_type.h"

namespace ocapd::api {

extern const rpc::HostType kWritableTransfer;
extern const rpc::HostType kReadableTransfer;
extern const rpc::HostType kHeadersTransfer;
extern const rpc::HostType kRequestTransfer;
extern const rpc::HostType kResponseTransfer;
extern const rpc::HostType kFetcherTransfer;
extern const rpc::HostType kActorClassTransfer;

}  // namespace ocapd::api
