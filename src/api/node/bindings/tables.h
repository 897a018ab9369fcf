// The bindings of this folder, each defined in the file of its name.
#pragma once

#include "src/api/node/bindings/binding.h"

namespace ocapd::api::node {

extern const Binding kAsyncContext;
extern const Binding kBuffer;
extern const Binding kCrypto;
extern const Binding kStringDecoder;
extern const Binding kTypes;
extern const Binding kUrl;
extern const Binding kUtil;
extern const Binding kZlib;

}  // namespace ocapd::api::node
