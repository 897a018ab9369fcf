#include "src/api/transfer/host_types.h"

#include "src/api/transfer/transfers.h"

namespace ocapd::api {

kj::ArrayPtr<const rpc::HostType> hostTypes() {
  static const rpc::HostType kTypes[] = {kWritableTransfer,  kReadableTransfer, kHeadersTransfer,
                                         kRequestTransfer,   kResponseTransfer, kFetcherTransfer,
                                         kActorClassTransfer};
  return kTypes;
}

}  // namespace ocapd::api
