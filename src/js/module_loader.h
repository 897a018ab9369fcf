// ModuleLoader: the module graph of one worker: its bundle, built-in and extension modules, and
// what a fallback provides.
//
// Owns      compiled modules and the sources it was given; their content outlives the isolate.
// Lives     with its isolate.
// Threads   the lane's.
// Errors    JavaScript exceptions: SyntaxError, "Module not found …", whatever evaluation throws.
// See       docs/ARCHITECTURE.md, module_names.h
#pragma once

#include <unordered_map>

#include <kj/map.h>
#include <kj/vector.h>
#include <v8-container.h>
#include <v8-script.h>

#include "src/js/isolate.h"
#include "src/js/module_names.h"
#include "src/js/module_source.h"

namespace ocapd::js {

// Who asks for a module: a worker's own code, or code that came with the program or an extension.
enum class Importer : uint8_t { User, Internal };

// The modules that come with the program.
class BuiltInModules {
 public:
  // "fs" is "node:fs" where bare names of built-in modules count.
  virtual kj::Maybe<kj::StringPtr> canonicalName(kj::StringPtr specifier) = 0;
  // An object whose own enumerable properties are the module's exports, `default` among them; none
  // when this importer has no such module. The same object each time.
  virtual kj::Maybe<v8::Local<v8::Object>> exportsOf(Turn& turn, kj::StringPtr specifier,
                                                     Importer importer) = 0;
};

// Where modules are asked for that are found nowhere else. May block.
class ModuleFallback {
 public:
  enum class Method : uint8_t { Import, Require, Internal };
  struct Attribute {
    kj::String name;
    kj::String value;
  };
  struct Request {
    Method method;
    kj::StringPtr specifier;     // resolved; a path of the legacy registry without leading "/"
    kj::StringPtr rawSpecifier;  // as written
    kj::StringPtr referrer;
    kj::ArrayPtr<const Attribute> attributes;
  };
  struct Redirect {
    kj::String specifier;
  };
  struct Answer {
    kj::OneOf<ModuleSource, Redirect> found;
    kj::Array<kj::byte> content;  // what a source's content points into
  };
  virtual kj::Maybe<Answer> find(const Request& request) = 0;
};

class ModuleLoader {
 public:
  // A module of an extension: an ES module known by its literal name.
  struct ExtensionModule {
    kj::StringPtr name;
    kj::StringPtr source;  // outlives the isolate
    Importer visibleTo;    // Internal: not for users
  };

  struct Options {
    ModuleRegistry registry = ModuleRegistry::Urls;
    // require() gives the default export, and `import x from "./a.cjs"` module.exports.
    bool commonJsDefaultExport = true;
    bool requireForbidsTopLevelAwait = true;
    // Legacy registry: any import attribute is an error.
    bool refuseAttributes = true;
    kj::Array<ModuleSource> sources;  // the first is the main module; none: service-worker syntax
    kj::Array<ExtensionModule> extensions;
    BuiltInModules* builtIns = nullptr;
    ModuleFallback* fallback = nullptr;
  };

  // Throws Error when names of the bundle's modules cannot be or are not unique.
  ModuleLoader(Isolate& isolate, Options options);
  ~ModuleLoader() noexcept(false);
  KJ_DISALLOW_COPY_AND_MOVE(ModuleLoader);

  // Compiles, links and evaluates the main module and gives its namespace. Not to be called in a
  // turn that has I/O: a top-level await must settle by microtasks alone.
  v8::Local<v8::Object> evaluateMain(Turn& turn);

  // Runs a classic script (service-worker syntax) as the bundle's only source.
  void runScript(Turn& turn, kj::StringPtr name, kj::ArrayPtr<const kj::byte> source);

  // The namespace of a module by its full specifier, as built-in code would import it.
  kj::Maybe<v8::Local<v8::Object>> importInternal(Turn& turn, kj::StringPtr specifier);

  // What require() gives for a specifier in the module named `referrer` (createRequire()).
  v8::Local<v8::Value> require(Turn& turn, kj::StringPtr specifier, kj::StringPtr referrer);

  // `process`, `Buffer` and the like for CommonJS modules: own properties are their locals.
  v8::Global<v8::Object> commonJsLocals;

 private:
  enum class Origin : uint8_t { Bundle, BuiltIn, Extension };
  struct Record {
    kj::String name;
    Origin origin;
    const ModuleSource* source = nullptr;  // none: BuiltIn or Extension
    kj::Own<ModuleSource> ownSource;       // what the fallback gave; its bytes in fallbackContents_
    kj::StringPtr extensionSource;
    Importer visibleTo = Importer::User;
    v8::Global<v8::Module> module;  // empty until first needed
    // BuiltIn: the exports. CommonJs: the `module` object, once it has begun to run. Other values:
    // the value.
    v8::Global<v8::Value> value;
    Importer importer() const {
      return origin == Origin::Bundle ? Importer::User : Importer::Internal;
    }
  };
  struct Request {
    kj::StringPtr specifier;
    Record& referrer;
    ModuleFallback::Method method;
    kj::ArrayPtr<const ModuleFallback::Attribute> attributes = nullptr;
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
  static void describeImportMeta(v8::Local<v8::Context> context, v8::Local<v8::Module> module,
                                 v8::Local<v8::Object> meta);

  Record& add(kj::Own<Record> record);
  kj::Maybe<Record&> findRecord(kj::StringPtr name, Importer importer);
  kj::Maybe<Record&> findBuiltIn(Turn& turn, kj::StringPtr name, Importer importer);
  kj::Maybe<Record&> findBundled(kj::StringPtr name);
  kj::Maybe<Record&> askFallback(Turn& turn, const Request& request);
  kj::Maybe<Record&> tryFind(Turn& turn, const Request& request);
  Record& find(Turn& turn, const Request& request);
  Record& recordOf(v8::Local<v8::Module> module);
  Record& referrerOf(kj::StringPtr name);
  Record& loadFor(Turn& turn, kj::StringPtr specifier, Record& referrer, bool isStatic,
                  kj::ArrayPtr<const ModuleFallback::Attribute> attributes);

  v8::Local<v8::Module> compiled(Turn& turn, Record& record);
  v8::Local<v8::Module> compileSynthetic(Turn& turn, Record& record);
  v8::Local<v8::Promise> linkAndEvaluate(Turn& turn, v8::Local<v8::Module> module);
  v8::Local<v8::Object> evaluateNow(Turn& turn, Record& record);
  void setExports(Turn& turn, Record& record, v8::Local<v8::Module> module);
  v8::Local<v8::Value> valueOf(Turn& turn, Record& record);
  v8::Local<v8::Value> runCommonJs(Turn& turn, Record& record);
  v8::Local<v8::Value> requireFrom(Turn& turn, kj::StringPtr specifier, Record& referrer);
  v8::Local<v8::Value> required(Turn& turn, Record& record);

  Isolate& isolate_;
  ModuleNames names_;
  Options options_;
  kj::Vector<kj::Own<Record>> records_;
  kj::HashMap<kj::StringPtr, Record*> byName_;  // keys are the records' names
  kj::HashMap<kj::String, const ModuleSource*> bundle_;
  std::unordered_multimap<int, Record*> byModule_;  // V8's identity hash
  kj::Vector<kj::Array<kj::byte>> fallbackContents_;
  kj::Own<Record> script_;  // who the importer is in a classic script
};

}  // namespace ocapd::js
