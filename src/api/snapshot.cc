#include "src/api/install.h"

// Symbols of snapshot_bytes.S.
extern "C" const unsigned char ocapdSnapshotStart[];
extern "C" const unsigned char ocapdSnapshotEnd[];

namespace ocapd::api {

kj::ArrayPtr<const kj::byte> snapshot() {
  return kj::arrayPtr(ocapdSnapshotStart, ocapdSnapshotEnd);
}

}  // namespace ocapd::api
