#include "src/api/node/bindings/tables.h"
#include "src/api/node/compression/compressor.h"

namespace ocapd::api::node {

const Binding kZlib{"zlib", compressionFunctions()};

}  // namespace ocapd::api::node
