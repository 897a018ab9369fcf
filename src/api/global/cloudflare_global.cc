#include "src/api/global/cloudflare_global.h"

#include <v8-external.h>

#include "src/api/fetch/fetcher.h"
#include "src/api/timers/performance.h"
#include "src/js/isolate.h"

namespace ocapd::api {

namespace {

// `Cloudflare`, made when first looked at: 205 properties that hardly anybody reads.
void makeCloudflare(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value>& info) {
  js::Turn turn(info.GetIsolate());
  auto& flags = *static_cast<const compat::CompatFlags*>(info.Data().As<v8::External>()->Value());
  auto all = v8::Object::New(turn.v8, v8::Null(turn.v8), nullptr, nullptr, 0);
  for (auto& entry : flags.entries()) {
    turn.set(all, entry.enableName, v8::Boolean::New(turn.v8, entry.on));
  }
  turn.check(all->SetIntegrityLevel(turn.context, v8::IntegrityLevel::kFrozen));
  auto type = v8::FunctionTemplate::New(turn.v8);
  type->SetClassName(turn.name("Cloudflare"));
  auto made = turn.check(type->InstanceTemplate()->NewInstance(turn.context));
  turn.set(made, "compatibilityFlags", all);
  info.GetReturnValue().Set(made);
}

void removeMember(js::Turn& turn, const js::Class& cls, kj::StringPtr name) {
  auto constructor = turn.check(turn.isolate().classTemplate(cls)->GetFunction(turn.context));
  auto prototype = turn.get(constructor, "prototype").As<v8::Object>();
  turn.check(prototype->Delete(turn.context, turn.name(name)));
}

}  // namespace

void installFlags(js::Turn& turn, const compat::CompatFlags& flags) {
  auto data = v8::External::New(turn.v8, const_cast<compat::CompatFlags*>(&flags));
  auto global = turn.context->Global();
  turn.check(
      global->SetLazyDataProperty(turn.context, turn.name("Cloudflare"), &makeCloudflare, data));
  using Flag = compat::CompatFlag;
  if (flags.has(Flag::NodejsCompat) && flags.has(Flag::EnableNodejsPerfHooksModule)) {
    installPerformanceTimeline(turn, Timeline::OfNode);
  } else if (flags.has(Flag::EnableGlobalPerformanceClasses)) {
    installPerformanceTimeline(turn, Timeline::OfTheWeb);
  }
  if (!flags.has(Flag::ServiceBindingExtraHandlers)) {
    for (auto name : {"queue", "scheduled"}) removeMember(turn, Fetcher::kClass, name);
  }
  if (!flags.has(Flag::GlobalNavigator)) {
    turn.check(global->Delete(turn.context, turn.name("navigator")));
  }
}

}  // namespace ocapd::api
