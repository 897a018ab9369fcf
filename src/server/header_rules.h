// HeaderRules: a config's HttpOptions with its header names turned into ids.
//
// Lives     as long as the header table and the Plan it was made from.
// See       listener and external service, which apply them in opposite directions.
#pragma once

#include <kj/compat/http.h>

#include "src/config/plan.h"
#include "src/server/service.h"

namespace ocapd::server {

class HeaderRules {
 public:
  // Adds the names to the table being built. What cannot be a header is reported, with `context`
  // in front.
  HeaderRules(const config::HttpOptions& options, kj::HttpHeaderTable::Builder& table,
              kj::StringPtr context, ErrorReporter& errors);

  config::HttpOptions::Style style;
  kj::Maybe<kj::HttpHeaderId> forwardedProto;
  kj::Maybe<kj::HttpHeaderId> cfBlob;

  bool injectsIntoRequests() const { return request_.size() > 0; }
  bool injectsIntoResponses() const { return response_.size() > 0; }
  void injectIntoRequest(kj::HttpHeaders& headers) const { inject(request_, headers); }
  void injectIntoResponse(kj::HttpHeaders& headers) const { inject(response_, headers); }

 private:
  struct Injection {
    kj::HttpHeaderId id;
    kj::Maybe<kj::StringPtr> value;  // none: remove
  };

  static void inject(kj::ArrayPtr<const Injection> injections, kj::HttpHeaders& headers);

  kj::Array<Injection> request_;
  kj::Array<Injection> response_;
};

// Adds the rules' headers to whatever is answered.
class InjectingResponse final : public kj::HttpService::Response {
 public:
  InjectingResponse(const HeaderRules& rules, kj::HttpService::Response& inner)
      : rules_(rules), inner_(inner) {}

  kj::Own<kj::AsyncOutputStream> send(kj::uint statusCode, kj::StringPtr statusText,
                                      const kj::HttpHeaders& headers,
                                      kj::Maybe<uint64_t> expectedBodySize) override;
  kj::Own<kj::WebSocket> acceptWebSocket(const kj::HttpHeaders& headers) override;

 private:
  const HeaderRules& rules_;
  kj::HttpService::Response& inner_;
};

}  // namespace ocapd::server
