// HeaderIds: the headers that the server itself looks at, by id.
//
// There is one kj::HttpHeaderTable per server. Each room adds the names it wants to find quickly
// to the one builder, then the table is finished and passed on by reference.
#pragma once

#include <kj/compat/http.h>

namespace ocapd::server {

struct HeaderIds {
  explicit HeaderIds(kj::HttpHeaderTable::Builder& table)
      : contentRange(table.add("Content-Range")),
        expect(table.add("Expect")),
        lastModified(table.add("Last-Modified")),
        range(table.add("Range")) {}

  kj::HttpHeaderId contentRange;
  kj::HttpHeaderId expect;
  kj::HttpHeaderId lastModified;
  kj::HttpHeaderId range;
};

}  // namespace ocapd::server
