// Compressor: an engine as JavaScript holds it.
//
// Owns      the engine, until close().
// Errors    a failure is a result: [message, number, code].
#pragma once

#include <span>

#include "src/api/node/compression/engine.h"
#include "src/js/global_builder.h"

namespace ocapd::api::node {

class Compressor final : public js::Object {
 public:
  static constexpr const char* kClassName = "Compressor";
  static const js::Class kClass;

  explicit Compressor(kj::Own<Engine> engine) : engine_(kj::mv(engine)) {}

  // One step; `state` becomes [what is left of the output's room, of the input]. Undefined or the
  // failure.
  v8::Local<v8::Value> write(js::Turn& turn, int32_t flush, v8::Local<v8::Value> in, double inStart,
                             double inBytes, v8::Local<v8::Value> out, double outStart,
                             double outBytes, v8::Local<v8::Value> state);
  v8::Local<v8::Value> reset(js::Turn& turn);
  // Level and strategy of a zlib engine.
  v8::Local<v8::Value> setParameters(js::Turn& turn, int32_t level, int32_t strategy);
  void close() { engine_ = nullptr; }

  const js::Class& jsClass() const override { return kClass; }

 private:
  kj::Own<Engine> engine_;
};

// What lib/ocapd/zlib_binding.js gets.
std::span<const js::Member> compressionFunctions();

}  // namespace ocapd::api::node
