// ModuleLoader: the module graph of one bundle: ES modules and modules that only hold a value.
//
// First cut (issue #2): names as the reference's legacy registry has them; built-in modules,
// CommonJS and the new registry come with issue #3.
//
// Owns      compiled modules; not their sources, which outlive the isolate.
// Lives     with its isolate.
// Threads   the lane's.
// Errors    JavaScript exceptions: SyntaxError, "No such module …", whatever evaluation throws.
#pragma once

#include <kj/array.h>
#include <kj/string.h>
#include <kj/vector.h>
#include <v8-script.h>

#include "src/js/isolate.h"

namespace ocapd::js {

struct ModuleSource {
  enum class Kind : uint8_t { EsModule, Text, Data, Json, Wasm };
  Kind kind;
  kj::String name;                       // path within the bundle, "dir/file.js"
  kj::ArrayPtr<const kj::byte> content;  // UTF-8 for EsModule, Text and Json
};

class ModuleLoader {
 public:
  // `sources` is never empty; the first is the main module.
  ModuleLoader(Isolate& isolate, kj::Array<ModuleSource> sources);
  ~ModuleLoader() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(ModuleLoader);

  // Compiles, links and evaluates the main module and gives its namespace. Not to be called in a
  // turn that has I/O: a top-level await must settle by microtasks alone.
  v8::Local<v8::Object> evaluateMain(Turn& turn);

  // "a/../b.js" without the dots; none when it leaves the bundle.
  static kj::Maybe<kj::String> normalize(kj::StringPtr path);

 private:
  struct Entry {
    ModuleSource source;
    v8::Global<v8::Module> module;  // empty until first needed
  };

  static ModuleLoader& of(v8::Isolate* isolate);
  static v8::MaybeLocal<v8::Module> resolve(v8::Local<v8::Context> context,
                                            v8::Local<v8::String> specifier,
                                            v8::Local<v8::FixedArray> attributes,
                                            v8::Local<v8::Module> referrer);
  static v8::MaybeLocal<v8::Promise> importDynamically(v8::Local<v8::Context> context,
                                                       v8::Local<v8::Data> hostOptions,
                                                       v8::Local<v8::Value> referrerName,
                                                       v8::Local<v8::String> specifier,
                                                       v8::Local<v8::FixedArray> attributes);
  static v8::MaybeLocal<v8::Value> evaluateSynthetic(v8::Local<v8::Context> context,
                                                     v8::Local<v8::Module> module);

  Entry& find(kj::StringPtr specifier, kj::StringPtr referrer);
  Entry& entryOf(v8::Isolate* isolate, v8::Local<v8::Module> module);
  v8::Local<v8::Module> compiled(Turn& turn, Entry& entry);
  v8::Local<v8::Value> valueOf(Turn& turn, const ModuleSource& source);
  v8::Local<v8::Promise> linkAndEvaluate(Turn& turn, v8::Local<v8::Module> module);

  Isolate& isolate_;
  kj::Vector<Entry> entries_;
};

}  // namespace ocapd::js
