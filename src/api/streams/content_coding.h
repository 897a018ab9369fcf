// ContentCoding: how the bytes of a message are compressed, and streams that do and undo it.
//
// Owns      what they read from, the library's state and kInputBytes of input.
// Threads   the lane's.
// Errors    a tunnelled TypeError for data that is malformed or ends early.
// Spec      https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1
#pragma once

#include <kj/async-io.h>

namespace ocapd::api {

enum class ContentCoding : uint8_t { Identity, Gzip, Brotli };

// What `stream` says once it is decoded. Gzip may have several members; nothing at all is nothing,
// as the answer to HEAD is.
kj::Own<kj::AsyncInputStream> newDecodingStream(kj::Own<kj::AsyncInputStream> stream,
                                                ContentCoding coding);
// Bytes are not held back when `stream` has no more at the moment.
kj::Own<kj::AsyncInputStream> newEncodingStream(kj::Own<kj::AsyncInputStream> stream,
                                                ContentCoding coding);

}  // namespace ocapd::api
