// The module "cloudflare:workers".
//
// Spec https://developers.cloudflare.com/workers/runtime-apis/bindings/#importing-env-as-a-global
#pragma once

#include "src/js/global_builder.h"

namespace ocapd::api {

extern const js::Builtin kWorkersModule;

// Its exports, made when first asked for.
v8::Local<v8::Object> workersModule(js::Turn& turn);

}  // namespace ocapd::api
