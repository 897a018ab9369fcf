// DiskService: a directory of the machine, read and (if allowed) written over HTTP.
//
// GET and HEAD answer files and, as JSON, the names in a directory; PUT replaces a file at once or
// not at all; DELETE removes files and whole directories.
//
// Owns      the directory's descriptor: it stays the same directory when its path is moved.
// Limits    bodies are streamed, whatever their size; a listing is built in memory.
// Errors    what a client can cause is an HTTP status; what the disk does wrong is an exception.
// See       disk_path.h for what a URL may reach; spec of the statuses in docs/COMPATIBILITY.md
#pragma once

#include <kj/io.h>

#include "src/server/disk_path.h"
#include "src/server/header_ids.h"
#include "src/server/service.h"

namespace ocapd::server {

class DiskService final : public Service, private channel::RequestTarget {
 public:
  // None, after a report, if there is no such directory.
  static kj::Maybe<kj::Own<Service>> open(kj::StringPtr name, const config::DiskService& config,
                                          const HeaderIds& headerIds,
                                          const kj::HttpHeaderTable& headerTable,
                                          ErrorReporter& errors);

  DiskService(kj::AutoCloseFd directory, const config::DiskService& config,
              const HeaderIds& headerIds, const kj::HttpHeaderTable& headerTable);

  kj::Own<channel::ServiceChannel> getChannel(kj::Maybe<kj::StringPtr> entrypoint,
                                              kj::Maybe<kj::Own<channel::Props>> props) override;

 private:
  class Channel;
  enum class Body { Send, Omit };

  kj::Promise<void> request(kj::HttpMethod method, kj::StringPtr url,
                            const kj::HttpHeaders& headers, kj::AsyncInputStream& requestBody,
                            Response& response) override;
  kj::Promise<void> connect(kj::StringPtr host, const kj::HttpHeaders& headers,
                            kj::AsyncIoStream& connection, ConnectResponse& response,
                            kj::HttpConnectSettings settings) override;

  kj::Promise<void> get(kj::StringPtr url, kj::Maybe<kj::StringPtr> range, Body body,
                        Response& response);
  kj::Promise<void> sendFile(kj::AutoCloseFd file, kj::Maybe<kj::StringPtr> range, Body body,
                             Response& response);
  kj::Promise<void> sendListing(kj::AutoCloseFd directory, Body body, Response& response);
  kj::Promise<void> put(kj::String path, kj::AsyncInputStream& body, Response& response);
  kj::Promise<void> remove(kj::String path, Response& response);
  // An error whose body is its reason phrase.
  kj::Promise<void> sendStatus(kj::uint status, kj::StringPtr reason, Response& response);
  kj::Promise<void> sendText(kj::uint status, kj::StringPtr reason, const kj::HttpHeaders& headers,
                             Response& response);

  kj::AutoCloseFd directory_;
  bool writable_;
  Dotfiles dotfiles_;
  const HeaderIds& headerIds_;
  const kj::HttpHeaderTable& headerTable_;
};

}  // namespace ocapd::server
