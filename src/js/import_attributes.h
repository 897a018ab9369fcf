// Import attributes: `import x from "./x.json" with {type: "json"}`.
#pragma once

#include "src/js/module_loader.h"

namespace ocapd::js {

// V8 gives three entries an attribute to static imports (with the place in the source), two to
// dynamic ones.
kj::Array<ModuleFallback::Attribute> readImportAttributes(Turn& turn,
                                                          v8::Local<v8::FixedArray> attributes,
                                                          int entriesEach);

// Throws what the registry says of attributes that it does not know.
void checkImportAttributes(kj::ArrayPtr<const ModuleFallback::Attribute> attributes,
                           const ModuleLoader::Options& options, kj::StringPtr specifier,
                           bool isJson);

}  // namespace ocapd::js
