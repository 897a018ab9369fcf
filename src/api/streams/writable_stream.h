// WritableStream over a native sink, for sockets and the like.
//
// Threads   the lane's.
// Errors    a failing sink errors the stream with the failure, translated.
// Spec      https://streams.spec.whatwg.org/#ws-class
#pragma once

#include <kj/async-io.h>

#include "src/api/io/io_context.h"
#include "src/js/class.h"

namespace ocapd::api {

// Where a native WritableStream's bytes go. One call at a time.
class ByteSink {
 public:
  virtual ~ByteSink() noexcept(false) {}
  // The bytes stay where they are until the promise resolves.
  virtual kj::Promise<void> write(kj::ArrayPtr<const kj::byte> bytes) = 0;
  // Everything `source` has; by default in pieces, with write().
  virtual kj::Promise<void> pumpFrom(kj::AsyncInputStream& source);
  // No more come.
  virtual kj::Promise<void> end() = 0;
  // Whoever writes has given up; nothing is called after this.
  virtual void abort(kj::Exception reason) = 0;
};

// end() drops the stream, abort() as well.
kj::Own<ByteSink> newByteSink(kj::Own<kj::AsyncOutputStream> stream);

class NativeSink final : public js::Object {
 public:
  static constexpr const char* kClassName = "NativeSink";
  static const js::Class kClass;

  explicit NativeSink(IoOwn<ByteSink> sink) : sink_(kj::mv(sink)) {}

  ByteSink& get(const IoContext& current) { return sink_.get(current); }

  // ---- for the script ----
  // `controller` is told of the outcome.
  void write(js::Turn& turn, v8::Local<v8::Value> buffer, v8::Local<v8::Object> controller);
  js::Promise end(js::Turn& turn);
  void abort(js::Turn& turn, v8::Local<v8::Value> reason);

  const js::Class& jsClass() const override { return kClass; }

 private:
  IoOwn<ByteSink> sink_;
};

// The JavaScript object.
v8::Local<v8::Object> newWritableStream(js::Turn& turn, kj::Own<ByteSink> sink);

}  // namespace ocapd::api
