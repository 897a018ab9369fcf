// HTTP events sent over Cap'n Proto.
//
// Threads   its lane.
// Errors    what the peer's service failed with; a lost connection is DISCONNECTED.
// Spec      schema/http_over_capnp.capnp
#pragma once

#include <kj/compat/http.h>

#include "src/wire/schema/http_over_capnp.capnp.h"

namespace ocapd::wire {

// As kj::HttpService::request(). `table` is that of what `response` gets.
kj::Promise<void> requestOver(schema::HttpService::Client http, kj::HttpMethod method,
                              kj::StringPtr url, const kj::HttpHeaders& headers,
                              kj::AsyncInputStream& requestBody,
                              kj::HttpService::Response& response,
                              const kj::HttpHeaderTable& table);

// As kj::HttpService::connect().
kj::Promise<void> connectOver(schema::HttpService::Client http, kj::StringPtr host,
                              const kj::HttpHeaders& headers, kj::AsyncIoStream& connection,
                              kj::HttpService::ConnectResponse& response,
                              kj::HttpConnectSettings settings, const kj::HttpHeaderTable& table);

}  // namespace ocapd::wire
