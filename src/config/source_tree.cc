#include "source_tree.h"

#include <kj/debug.h>

#include <algorithm>

namespace ocapd::config {
namespace {

using syntax::Declaration;
using syntax::Value;

// How many `using` may stand for each other, and how many steps their paths may take in all, before
// a name counts as unknown.
struct AliasBudget {
  size_t depth = 32;
  size_t steps = 1000;
};

std::string_view viewOf(const TextFile& file) {
  return {file.content.begin(), file.content.size()};
}

kj::Maybe<Symbol> dealias(Symbol symbol, AliasBudget& budget);

kj::Maybe<Symbol> findChild(Symbol scope, std::string_view name) {
  const Declaration* found = scope.declaration->find(name);
  if (found == nullptr) return nullptr;
  return Symbol{scope.tree, found};
}

kj::Maybe<Symbol> findFirst(const Value& value, Symbol scope) {
  if (value.kind == Value::Kind::Import) {
    KJ_IF_MAYBE(tree, scope.tree->imports.find(value.file)) {
      return Symbol{*tree, (*tree)->root};
    }
    return nullptr;
  }
  if (value.kind != Value::Kind::Name || value.path.size() == 0) return nullptr;
  if (value.absolute) return findChild(Symbol{scope.tree, scope.tree->root}, value.path[0]);
  for (auto at = scope.declaration; at != nullptr; at = at->parent) {
    if (const Declaration* found = at->find(value.path[0])) return Symbol{scope.tree, found};
  }
  return nullptr;
}

// The last of the symbols along the path, itself not seen through; calls `onPart` for each.
template <typename Function>
kj::Maybe<Symbol> walkPath(const Value& value, Symbol scope, AliasBudget& budget,
                           Function&& onPart) {
  kj::Maybe<Symbol> found = findFirst(value, scope);
  size_t next = value.kind == Value::Kind::Import ? 0 : 1;
  for (;; ++next) {
    KJ_IF_MAYBE(symbol, found) {
      onPart(*symbol);
      if (next >= value.path.size()) return found;
      KJ_IF_MAYBE(target, dealias(*symbol, budget)) {
        found = findChild(*target, value.path[next]);
      } else {
        return nullptr;
      }
    } else {
      return nullptr;
    }
  }
}

// Sees through `using`.
kj::Maybe<Symbol> dealias(Symbol symbol, AliasBudget& budget) {
  if (symbol.declaration->kind != Declaration::Kind::Using) return symbol;
  if (budget.depth == 0 || budget.steps == 0) return nullptr;
  --budget.depth;
  --budget.steps;
  KJ_DEFER(++budget.depth);
  // A `using X.y;` is called y itself, so its path is looked up from outside.
  auto target = walkPath(symbol.declaration->value, Symbol{symbol.tree, symbol.declaration->parent},
                         budget, [](Symbol) {});
  KJ_IF_MAYBE(found, target) return dealias(*found, budget);
  return nullptr;
}

}  // namespace

Position SourceTree::positionOf(size_t offset) const {
  auto text = viewOf(file).substr(0, offset);
  return Position{kj::str(file.displayName),
                  static_cast<uint>(std::count(text.begin(), text.end(), '\n') + 1)};
}

bool SourceTrees::scan(TextFiles& files, TextFile& main, Problems& problems) {
  size_t next = trees_.size();
  if (add(main, problems) == nullptr) return false;
  bool withinLimits = true;
  for (; next < trees_.size(); ++next) {
    SourceTree& tree = *trees_[next];
    openMentioned(tree, files, problems);
    for (auto& entry : tree.imports) {
      if (entry.value != nullptr) continue;
      auto& imported = *KJ_ASSERT_NONNULL(tree.files.find(entry.key));
      entry.value = add(imported, problems);
      if (entry.value == nullptr) withinLimits = false;
    }
    // Names never lead to a file that was refused.
    tree.imports.eraseAll(
        [](const kj::String&, SourceTree* const& imported) { return imported == nullptr; });
  }
  return withinLimits;
}

SourceTree* SourceTrees::add(TextFile& file, Problems& problems) {
  KJ_IF_MAYBE(known, byFile_.find(&file)) return *known;
  auto tree = kj::heap<SourceTree>(SourceTree{file, {}, {}, {}});
  KJ_IF_MAYBE(excess, syntax::findExcess(viewOf(file))) {
    problems.error(tree->positionOf(excess->begin), kj::mv(excess->message));
    return nullptr;
  }
  tree->root = syntax::parse(viewOf(file));
  auto result = tree.get();
  byFile_.insert(&file, result);
  trees_.add(kj::mv(tree));
  return result;
}

// Reads what the tree imports and embeds. Imports that are not built in get an entry in
// `tree.imports`, still without a tree.
void SourceTrees::openMentioned(SourceTree& tree, TextFiles& files, Problems& problems) {
  auto open = [&](const Value& value) {
    bool isImport = value.kind == Value::Kind::Import;
    if (!isImport && value.kind != Value::Kind::Embed) return;
    auto use = isImport ? TextFiles::Use::Schema : TextFiles::Use::Embed;
    if (tree.files.find(value.file) == nullptr) {
      KJ_IF_MAYBE(file, files.open(tree.file, value.file, use)) {
        tree.files.insert(kj::str(value.file), file);
      }
    }
    if (isImport && tree.imports.find(value.file) == nullptr) {
      KJ_IF_MAYBE(file, tree.files.find(value.file)) {
        if ((*file)->path != nullptr) tree.imports.insert(kj::str(value.file), nullptr);
      }
    }
  };
  forEachDeclaration(*tree.root, [&](const Declaration& declaration) {
    forEachValue(declaration.value, open);
    for (const Value& mention : declaration.mentions) forEachValue(mention, open);
  });
}

kj::Maybe<TextFile&> SourceTrees::findImported(const TextFile& importer, kj::StringPtr name) const {
  KJ_IF_MAYBE(tree, byFile_.find(&importer)) {
    KJ_IF_MAYBE(file, (*tree)->files.find(name)) return **file;
  }
  return nullptr;
}

kj::Maybe<Symbol> SourceTrees::resolve(const Value& value, Symbol scope) {
  AliasBudget budget;
  KJ_IF_MAYBE(symbol, walkPath(value, scope, budget, [](Symbol) {})) {
    return dealias(*symbol, budget);
  }
  return nullptr;
}

kj::Vector<Symbol> SourceTrees::resolveParts(const Value& value, Symbol scope) {
  kj::Vector<Symbol> parts;
  AliasBudget budget;
  walkPath(value, scope, budget, [&](Symbol symbol) { parts.add(symbol); });
  return parts;
}

kj::Maybe<const SourceTree&> SourceTrees::main() const {
  if (trees_.size() == 0) return nullptr;
  return *trees_[0];
}

}  // namespace ocapd::config
