// A body with a text in front of it.
//
// Threads   the lane's.
#pragma once

#include "src/api/fetch/body.h"

namespace ocapd::api {

// `head`, then what `body` has; its length is known if the body's was.
Body::Outgoing prefixed(kj::String head, Body::Outgoing body);

}  // namespace ocapd::api
