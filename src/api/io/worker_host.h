// WorkerHost: what API objects need of the worker they live in, beyond a single event.
//
// Lives     as long as the isolate; js::Isolate::owner points to it.
// Threads   its lane.
#pragma once

#include <kj/string.h>

#include "src/js/isolate.h"

namespace ocapd::api {

class WorkerHost {
 public:
  enum class LogLevel : uint8_t { Debug, Info, Log, Warn, Error };

  static WorkerHost& of(js::Turn& turn) { return *static_cast<WorkerHost*>(turn.isolate().owner); }

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
