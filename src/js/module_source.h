// ModuleSource: one module of a bundle as it was written.
#pragma once

#include <kj/array.h>
#include <cstdint>

#include <kj/string.h>

namespace ocapd::js {

struct ModuleSource {
  enum class Kind : uint8_t { EsModule, CommonJs, Text, Data, Json, Wasm };
  Kind kind;
  kj::String name;                       // as the bundle's author gave it, "dir/file.js"
  kj::ArrayPtr<const kj::byte> content;  // UTF-8 but for Data and Wasm; outlives the isolate
  kj::Array<kj::String> namedExports;    // CommonJs: exports beside `default`
};

}  // namespace ocapd::js
