#include "src/server/url_parts.h"

namespace ocapd::server {

kj::Maybe<UrlParts> findUrlParts(kj::StringPtr url) {
  const char* p = url.begin();
  while (p < url.end() && *p != ':' && *p != '/' && *p != '?' && *p != '#') p++;
  if (p == url.begin() || url.end() - p < 3 || p[0] != ':' || p[1] != '/' || p[2] != '/') {
    return nullptr;
  }
  UrlParts parts;
  parts.scheme = kj::arrayPtr(url.begin(), p);
  const char* hostBegin = p + 3;
  const char* hostEnd = hostBegin;
  while (hostEnd < url.end() && *hostEnd != '/' && *hostEnd != '?' && *hostEnd != '#') hostEnd++;
  for (const char* at = hostBegin; at < hostEnd; at++) {
    if (*at == '@') hostBegin = at + 1;
  }
  parts.host = kj::arrayPtr(hostBegin, hostEnd);
  const char* targetEnd = hostEnd;
  while (targetEnd < url.end() && *targetEnd != '#') targetEnd++;
  parts.target = kj::arrayPtr(hostEnd, targetEnd);
  return parts;
}

kj::String requestTarget(const UrlParts& parts) {
  bool hasSlash = parts.target.size() > 0 && parts.target[0] != '?';
  return hasSlash ? kj::heapString(parts.target) : kj::str("/", parts.target);
}

}  // namespace ocapd::server
