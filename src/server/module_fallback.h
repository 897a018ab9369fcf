// HttpModuleFallback: asks a service outside, by HTTP, for modules that a worker does not have.
//
// Owns      nothing; the address outlives it.
// Threads   find() blocks its caller: importing is synchronous. Each question has a thread of its
//           own, with an event loop.
// Limits    kAnswerBytesMax.
// Errors    what is no answer is no module; the log says why.
#pragma once

#include "src/js/module_loader.h"

namespace ocapd::server {

class HttpModuleFallback final : public js::ModuleFallback {
 public:
  static constexpr uint64_t kAnswerBytesMax = 256u << 20;

  HttpModuleFallback(kj::StringPtr address, js::ModuleRegistry registry)
      : address_(address), registry_(registry) {}

  kj::Maybe<Answer> find(const Request& request) override;

 private:
  kj::StringPtr address_;
  js::ModuleRegistry registry_;
};

}  // namespace ocapd::server
