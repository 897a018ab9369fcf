// Turns class tables into V8 templates. Used while the snapshot is built, never after.
//
// Threads   the isolate's lane.
#pragma once

#include <v8-template.h>

#include "src/js/class.h"

namespace ocapd::js {

// `parent` is the template of cls.parent, or empty.
v8::Local<v8::FunctionTemplate> makeTemplate(v8::Isolate* isolate, const Class& cls,
                                             v8::Local<v8::FunctionTemplate> parent);
// `owner` is what its errors say it belongs to.
v8::Local<v8::FunctionTemplate> makeFunction(v8::Isolate* isolate, const Member& function,
                                             const char* owner);

}  // namespace ocapd::js
