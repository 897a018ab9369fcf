// HttpListener: an http or https socket of the config; every request is a fetch event.
//
// The url of the event is put together from Host header and request target (style host) or is the
// target itself (style proxy). See HeaderRules for what else the options do.
#pragma once

#include <kj/list.h>

#include "src/channel/service_channel.h"
#include "src/server/header_rules.h"
#include "src/server/http_connection.h"
#include "src/server/listener.h"

namespace ocapd::server {

class HttpListener final : public Listener {
 public:
  // `context` must outlive the listener.
  HttpListener(kj::UnixEventPort& eventPort, kj::Maybe<kj::Own<kj::TlsContext>> tls,
               HeaderRules rules, kj::Maybe<kj::StringPtr> capnpConnectHost,
               kj::Own<channel::ServiceChannel> channel, const HttpContext& context);
  ~HttpListener() noexcept(false) { stop(); }

 private:
  class Connection;

  kj::Promise<void> serve(kj::Own<kj::AsyncIoStream> stream, Peer peer) override;
  void drainConnections() override;

  HeaderRules rules_;
  kj::Maybe<kj::StringPtr> capnpConnectHost_;
  kj::Own<channel::ServiceChannel> channel_;
  const HttpContext& context_;
  bool draining_ = false;
  Connection* firstConnection_ = nullptr;  // head of a list threaded through the connections
};

}  // namespace ocapd::server
