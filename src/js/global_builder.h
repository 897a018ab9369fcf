// GlobalBuilder: the list of what every isolate's global object is born with.
//
// Rooms add their classes, functions and built-in scripts in install() functions; the list is made
// the same way, in the same order, when the startup snapshot is built and when it is used: order is
// identity. The snapshot holds the templates, the functions and the scripts' results ready-made.
//
// Owns      nothing: rows and sources are constants.
// Threads   immutable once built.
#pragma once

#include <cstdint>

#include <kj/string.h>
#include <kj/vector.h>

#include "src/js/class.h"
#include "src/js/native_function.h"

namespace ocapd::js {

// A script evaluated once, while the snapshot is built: a function expression
// `(native, builtins) => value`, called with an object that has the functions of `natives` and one
// that has the values of the scripts before it by their names. Its value, an object or a function,
// is kept and handed out by Isolate::builtin(). It keeps the primordials it needs; user code runs
// later.
struct Builtin {
  const char* name;
  const char* source;
  std::span<const Member> natives = {};
};

class GlobalBuilder {
 public:
  GlobalBuilder();  // with what js/ itself needs

  // Parents before children.
  GlobalBuilder& add(const Class& cls) {
    classes_.add(&cls);
    return *this;
  }
  // A function of globalThis; enumerable, as Web IDL has operations of the global.
  GlobalBuilder& add(const Member& function) {
    functions_.add(&function);
    return *this;
  }
  GlobalBuilder& add(const Builtin& builtin) {
    builtins_.add(&builtin);
    return *this;
  }

  kj::ArrayPtr<const Class* const> classes() const { return classes_; }
  kj::ArrayPtr<const Member* const> functions() const { return functions_; }
  kj::ArrayPtr<const Builtin* const> builtins() const { return builtins_; }

  // Every native address the snapshot may hold, in a fixed order, ending in 0.
  kj::Array<intptr_t> externalReferences() const;

 private:
  kj::Vector<const Class*> classes_;
  kj::Vector<const Member*> functions_;
  kj::Vector<const Builtin*> builtins_;
};

}  // namespace ocapd::js
