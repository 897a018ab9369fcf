// HTTP headers and methods on the wire: names that many use as numbers, all others as text.
//
// Errors    names and numbers that are none throw.
// Spec      schema/http_over_capnp.capnp
#pragma once

#include <kj/compat/http.h>

#include "src/wire/schema/http_over_capnp.capnp.h"

namespace ocapd::wire {

using HeaderList = capnp::List<schema::HttpHeader, capnp::Kind::STRUCT>;

size_t countHeaders(const kj::HttpHeaders& headers);
// `list` has room for all. What is written refers to `headers` no longer than this call.
void writeHeaders(const kj::HttpHeaders& headers, HeaderList::Builder list);
// What is read has its own copy.
kj::HttpHeaders readHeaders(HeaderList::Reader list, const kj::HttpHeaderTable& table);

schema::HttpMethod methodToWire(kj::HttpMethod method);
kj::HttpMethod methodFromWire(schema::HttpMethod method);

}  // namespace ocapd::wire
