// HostType: how instances of one API class travel over RPC, each with its tag in the byte format.
//
// The table of all is made by the room above that knows the classes, and reached through
// api::WorkerHost::hostTypes().
//
// Threads   the lane's; within a turn.
#pragma once

#include "src/api/io/io_context.h"
#include "src/channel/capability.h"
#include "src/js/turn.h"

namespace ocapd::rpc {

struct Options;

class HostWriter {
 public:
  virtual js::Turn& turn() = 0;
  virtual api::IoContext& context() = 0;
  virtual const Options& options() const = 0;
  virtual void writeUint32(uint32_t value) = 0;
  virtual void writeText(kj::StringPtr utf8) = 0;
  virtual void writeBytes(kj::ArrayPtr<const kj::byte> bytes) = 0;
  virtual void writeValue(v8::Local<v8::Value> value) = 0;
  virtual void addExternal(channel::External external) = 0;
};

class HostReader {
 public:
  virtual js::Turn& turn() = 0;
  virtual api::IoContext& context() = 0;
  virtual uint32_t readUint32() = 0;
  virtual kj::String readText() = 0;
  virtual kj::Array<kj::byte> readBytes() = 0;
  virtual v8::Local<v8::Value> readValue() = 0;
  // Throws when the next external is of another kind.
  virtual channel::External takeExternal() = 0;
};

struct HostType {
  uint32_t tag;
  // Whether the object is an instance. Runs no JavaScript.
  bool (*matches)(js::Turn& turn, v8::Local<v8::Object> object);
  void (*write)(HostWriter& writer, v8::Local<v8::Object> object);
  v8::Local<v8::Object> (*read)(HostReader& reader);
};

}  // namespace ocapd::rpc
