#include "src/js/import_attributes.h"

namespace ocapd::js {

kj::Array<ModuleFallback::Attribute> readImportAttributes(Turn& turn,
                                                          v8::Local<v8::FixedArray> attributes,
                                                          int entriesEach) {
  kj::Vector<ModuleFallback::Attribute> result;
  auto text = [&](int i) {
    return turn.utf8(attributes->Get(turn.context, i).As<v8::Value>().As<v8::String>());
  };
  for (int i = 0; i + 1 < attributes->Length(); i += entriesEach) {
    result.add(ModuleFallback::Attribute{text(i), text(i + 1)});
  }
  return result.releaseAsArray();
}

// The texts are the reference's.
void checkImportAttributes(kj::ArrayPtr<const ModuleFallback::Attribute> attributes,
                           const ModuleLoader::Options& options, kj::StringPtr specifier,
                           bool isJson) {
  if (attributes.size() == 0) return;
  if (options.registry == ModuleRegistry::Legacy) {
    if (options.refuseAttributes) throw Error::plain("Unrecognized import attributes specified");
    return;
  }
  for (auto& attribute : attributes) {
    if (attribute.name != "type") {
      throw Error::type("Unsupported import attribute: \"", attribute.name, "\"");
    }
    if (attribute.value == "text" || attribute.value == "bytes") {
      throw Error::type("Import attribute type \"", attribute.value, "\" is not yet supported");
    }
    if (attribute.value != "json") {
      throw Error::type("Unsupported import attribute type: \"", attribute.value, "\"");
    }
    if (!isJson) throw Error::type("Module \"", specifier, "\" is not of type \"json\"");
  }
}

}  // namespace ocapd::js
