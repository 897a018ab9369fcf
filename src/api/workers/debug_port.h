// The binding `workerdDebugPort`: stubs for anything of another process, or of this one.
//
// Owns      a client its connection, which belongs to the event that made it and closes with it.
// Errors    connect() does not fail: what goes wrong is told by what is sent through the stubs.
#pragma once

#include "src/api/fetch/fetcher.h"
#include "src/channel/directory.h"

namespace ocapd::api {

class DebugPortClient final : public js::Object {
 public:
  static constexpr const char* kClassName = "WorkerdDebugPortClient";
  static const js::Class kClass;

  DebugPortClient(js::Turn& turn, kj::Own<channel::Directory> directory);

  Fetcher* getEntrypoint(js::Turn& turn, kj::String service, kj::Maybe<kj::String> entrypoint,
                         v8::Local<v8::Value> props);
  Fetcher* getActor(js::Turn& turn, kj::String service, kj::String className, kj::String id);

  const js::Class& jsClass() const override { return kClass; }

 private:
  Fetcher* stub(js::Turn& turn, kj::Own<channel::ServiceChannel> channel);

  IoOwn<channel::Directory> directory_;
};

class DebugPortConnector final : public js::Object {
 public:
  static constexpr const char* kClassName = "WorkerdDebugPortConnector";
  static const js::Class kClass;

  // `finder` outlives the isolate.
  explicit DebugPortConnector(channel::DirectoryFinder& finder) : finder_(finder) {}

  DebugPortClient* connect(js::Turn& turn, kj::String address);
  DebugPortClient* current(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }

 private:
  channel::DirectoryFinder& finder_;
};

}  // namespace ocapd::api
