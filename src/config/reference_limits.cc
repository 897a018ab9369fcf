#include "reference_limits.h"

#include <unordered_map>

namespace ocapd::config {
namespace {

using syntax::Declaration;
using syntax::Value;

// What one part of a value takes in the message, at a generous guess.
constexpr uint64_t kPartBytes = 64;

class Checker {
 public:
  Checker(const SourceTrees& trees, Problems& problems) : trees_(trees), problems_(problems) {}

  // Stops at the first excess.
  bool checkAll();

 private:
  struct Cost {
    size_t levels = 0;
    uint64_t bytes = 0;
  };

  Cost costOf(Symbol symbol, size_t levelsAbove);
  void addValue(Cost& cost, const Value& value, Symbol declaration, size_t nesting,
                size_t levelsAbove);
  void complain(Symbol symbol, kj::String message);
  void complainAboutLevels(Symbol symbol);

  const SourceTrees& trees_;
  Problems& problems_;
  bool exceeded_ = false;
  std::unordered_map<const Declaration*, Cost> known_;
};

void Checker::complain(Symbol symbol, kj::String message) {
  if (!exceeded_) {
    problems_.error(symbol.tree->positionOf(symbol.declaration->begin), kj::mv(message));
  }
  exceeded_ = true;
}

void Checker::complainAboutLevels(Symbol symbol) {
  complain(symbol, kj::str("Constants and types refer to each other too deeply; at most ",
                           kLevelsMax, " levels are followed."));
}

void Checker::addValue(Cost& cost, const Value& value, Symbol declaration, size_t nesting,
                       size_t levelsAbove) {
  if (exceeded_) return;
  nesting += 1 + value.path.size();
  cost.levels = kj::max(cost.levels, nesting);
  cost.bytes += kPartBytes;
  if (value.kind == Value::Kind::Embed) {
    KJ_IF_MAYBE(file, declaration.tree->files.find(value.file)) {
      cost.bytes += (*file)->content.size();
    }
  } else if (value.kind == Value::Kind::Name || value.kind == Value::Kind::Import) {
    Symbol scope{declaration.tree, declaration.declaration->kind == Declaration::Kind::Scope
                                       ? declaration.declaration
                                       : declaration.declaration->parent};
    for (Symbol target : SourceTrees::resolveParts(value, scope)) {
      if (target.declaration->parent == nullptr) continue;  // an imported file
      Cost inner = costOf(target, levelsAbove + nesting);
      cost.levels = kj::max(cost.levels, nesting + inner.levels);
      // Types are not copied to where they are named.
      if (target.declaration->kind != Declaration::Kind::Scope) cost.bytes += inner.bytes;
    }
  }
  for (const syntax::Member& member : value.members) {
    addValue(cost, member.value, declaration, nesting, levelsAbove);
  }
  cost.bytes = kj::min(cost.bytes, kExpandedBytesMax + 1);
}

Checker::Cost Checker::costOf(Symbol symbol, size_t levelsAbove) {
  if (exceeded_) return {};
  auto known = known_.find(symbol.declaration);
  if (known != known_.end()) return known->second;
  levelsAbove += kReferenceLevels;
  if (levelsAbove > kLevelsMax) {
    complainAboutLevels(symbol);
    return {};
  }
  known_.emplace(symbol.declaration, Cost());  // for the time being: ends circles

  Cost cost;
  addValue(cost, symbol.declaration->value, symbol, 0, levelsAbove);
  for (const Value& mention : symbol.declaration->mentions) {
    addValue(cost, mention, symbol, 0, levelsAbove);
  }
  cost.levels += kReferenceLevels;
  if (cost.levels > kLevelsMax) complainAboutLevels(symbol);
  if (cost.bytes > kExpandedBytesMax) {
    complain(symbol, kj::str("With the constants it refers to, this comes to more than ",
                             kExpandedBytesMax, " bytes."));
  }
  known_[symbol.declaration] = cost;
  return cost;
}

bool Checker::checkAll() {
  for (const auto& tree : trees_.all()) {
    forEachDeclaration(*tree->root, [&](const Declaration& declaration) {
      costOf(Symbol{tree, &declaration}, 0);
    });
  }
  return !exceeded_;
}

}  // namespace

bool checkReferences(const SourceTrees& trees, Problems& problems) {
  return Checker(trees, problems).checkAll();
}

}  // namespace ocapd::config
