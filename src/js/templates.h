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
v8::Local<v8::FunctionTemplate> makeGlobalFunction(v8::Isolate* isolate, const Member& function);

}  // namespace ocapd::js
