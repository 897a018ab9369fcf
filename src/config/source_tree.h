// SourceTrees: the schema texts of a config as syntax trees, and what the names in them mean.
//
// Owns      the trees; they are slices of the TextFiles, which must outlive them.
// Threads   one.
// Limits    those of syntax.h per file; all files are looked at before the real parser sees any.
#pragma once

#include "problem.h"
#include "syntax.h"
#include "text_files.h"

#include <kj/map.h>

namespace ocapd::config {

struct SourceTree {
  TextFile& file;
  kj::Own<syntax::Declaration> root;
  kj::HashMap<kj::String, SourceTree*> imports;  // by the name in the text; no built-ins
  kj::HashMap<kj::String, TextFile*> files;      // everything imported or embedded, likewise

  Position positionOf(size_t offset) const;  // without column
};

// A declaration and the tree it is in. A tree's root declaration stands for the file.
struct Symbol {
  const SourceTree* tree;
  const syntax::Declaration* declaration;
};

class SourceTrees {
 public:
  // Reads `main` and all that it imports. False if something is beyond the limits, which is then
  // among the problems; what is merely wrong or missing is left to the real parser.
  bool scan(TextFiles& files, TextFile& main, Problems& problems);

  // What `name` after `import` or `embed` in `importer` was found to be by scan().
  kj::Maybe<TextFile&> findImported(const TextFile& importer, kj::StringPtr name) const;

  // What a Name or Import value in `scope` refers to; sees through `using`.
  static kj::Maybe<Symbol> resolve(const syntax::Value& value, Symbol scope);
  // What each part of its path names, the last one last; `using` declarations stay themselves.
  static kj::Vector<Symbol> resolveParts(const syntax::Value& value, Symbol scope);

  kj::Maybe<const SourceTree&> main() const;
  kj::ArrayPtr<const kj::Own<SourceTree>> all() const { return trees_; }

 private:
  // Built-in schemas are within all limits and never what an error is about: they get no tree.
  SourceTree* add(TextFile& file, Problems& problems);
  void openMentioned(SourceTree& tree, TextFiles& files, Problems& problems);

  kj::Vector<kj::Own<SourceTree>> trees_;
  kj::HashMap<const TextFile*, SourceTree*> byFile_;
};

// Calls `function` for a value and everything in it.
template <typename Function>
void forEachValue(const syntax::Value& value, Function&& function) {
  function(value);
  for (const syntax::Member& member : value.members) forEachValue(member.value, function);
}

// Calls `function` for every declaration in a tree, `from` included.
template <typename Function>
void forEachDeclaration(const syntax::Declaration& from, Function&& function) {
  function(from);
  for (const auto& child : from.children) forEachDeclaration(*child, function);
}

}  // namespace ocapd::config
