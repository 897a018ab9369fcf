// WorkerHost: what API objects need of the worker they live in, beyond a single event.
//
// Lives     as long as the isolate; js::Isolate::owner points to it.
// Threads   its lane.
#pragma once

#include <kj/string.h>

#include "src/channel/props.h"
#include "src/compat/compat_flags.h"
#include "src/js/isolate.h"

namespace ocapd::rpc {
struct HostType;
}

namespace ocapd::api {

class WorkerHost {
 public:
  enum class LogLevel : uint8_t { Debug, Info, Log, Warn, Error };

  virtual ~WorkerHost() noexcept(false) = default;

  static WorkerHost& of(js::Turn& turn) { return *static_cast<WorkerHost*>(turn.isolate().owner); }

  // The compatibility flags of the worker.
  virtual const compat::CompatFlags& flags() const = 0;
  bool has(compat::CompatFlag flag) const { return flags().has(flag); }
  // What handlers get as `env`.
  virtual v8::Local<v8::Object> env(js::Turn& turn) = 0;
  // What is `ctx.exports`.
  virtual v8::Local<v8::Object> exports(js::Turn& turn) = 0;

  // A channel to an entrypoint of this same worker.
  virtual kj::Own<channel::ServiceChannel> loopback(kj::StringPtr entrypoint,
                                                    kj::Maybe<kj::Own<channel::Props>> props) = 0;

  // How objects of API classes travel over RPC.
  virtual kj::ArrayPtr<const rpc::HostType> hostTypes() = 0;

  // Whether console output is looked at on a terminal that shows colours.
  virtual bool wantsConsoleColors() = 0;
  // A new object with what process.env begins with: texts by their names.
  virtual v8::Local<v8::Object> processEnvironment(js::Turn& turn) {
    return v8::Object::New(turn.v8);
  }
  // One console call, formatted, without its newline.
  virtual void writeConsole(LogLevel level, kj::StringPtr text) = 0;
};

}  // namespace ocapd::api
