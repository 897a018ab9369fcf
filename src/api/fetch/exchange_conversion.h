// Requests and responses of JavaScript as exchange() has them.
//
// Threads   the lane's.
#pragma once

#include "src/api/fetch/exchange.h"
#include "src/api/fetch/response.h"

namespace ocapd::api {

// The body counts as used.
ExchangeRequest toExchange(js::Turn& turn, Request& request);

// `source` is the response's body afterwards, or null.
Response* toResponse(js::Turn& turn, IoContext& context, ExchangeResponse response,
                     NativeSource*& source);

}  // namespace ocapd::api
