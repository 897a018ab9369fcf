// The tables of the single-byte encodings.
//
// Made from the standard's index files of 2024-09-18.
//
// Spec      https://encoding.spec.whatwg.org/#index-single-byte
#pragma once

#include "src/api/encoding/encoding.h"

namespace ocapd::api {

struct SingleByteTable {
  char16_t upperHalf[128];  // 0: no such character
};

// Only for encodings whose Decoding is SingleByte.
const SingleByteTable& singleByteTable(Encoding encoding);

}  // namespace ocapd::api
