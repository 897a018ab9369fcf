#include "source_map.h"

namespace ocapd::config {
namespace {

using syntax::Declaration;
using syntax::Value;

// Constants that stand for constants; the real parser has refused circles by now.
constexpr size_t kConstantsMax = 100;

std::string_view viewOf(kj::StringPtr text) {
  return {text.begin(), text.size()};
}

}  // namespace

void SourceMap::setConfig(kj::StringPtr constName) {
  KJ_IF_MAYBE(tree, trees_.main()) {
    const Declaration* at = tree->root;
    for (auto rest = viewOf(constName); at != nullptr;) {
      size_t dot = rest.find('.');
      at = at->find(rest.substr(0, dot));
      if (dot == rest.npos) break;
      rest = rest.substr(dot + 1);
    }
    if (at == nullptr || at->kind != Declaration::Kind::Const) return;
    config_ = Spot{Symbol{tree, at->parent}, &at->value};
  }
}

SourceMap::Spot SourceMap::followConstants(Spot spot) {
  for (size_t i = 0; i < kConstantsMax; ++i) {
    KJ_IF_MAYBE(symbol, SourceTrees::resolve(*spot.value, spot.scope)) {
      if (symbol->declaration->kind != Declaration::Kind::Const) return spot;
      spot = Spot{Symbol{symbol->tree, symbol->declaration->parent}, &symbol->declaration->value};
    } else {
      return spot;
    }
  }
  return spot;
}

kj::Maybe<SourceMap::Spot> SourceMap::step(Spot spot, const Place& to) {
  spot = followConstants(spot);
  if (spot.value->kind != Value::Kind::Tuple) return nullptr;
  const Value* field = nullptr;
  for (const syntax::Member& member : spot.value->members) {
    if (member.name == viewOf(to.name())) field = &member.value;
  }
  if (field == nullptr) return nullptr;
  spot.value = field;
  KJ_IF_MAYBE(index, to.index()) {
    Spot list = followConstants(spot);
    if (list.value->kind == Value::Kind::List && *index < list.value->members.size()) {
      return Spot{list.scope, &list.value->members[*index].value};
    }
  }
  return spot;
}

kj::Maybe<Position> SourceMap::locate(const Place& place) {
  KJ_IF_MAYBE(config, config_) {
    kj::Vector<const Place*> steps;
    for (auto at = &place; at->parent() != nullptr; at = at->parent()) steps.add(at);
    Spot spot = *config;
    for (size_t i = steps.size(); i > 0; --i) {
      KJ_IF_MAYBE(next, step(spot, *steps[i - 1])) {
        spot = *next;
      } else {
        break;
      }
    }
    spot = followConstants(spot);
    return spot.scope.tree->positionOf(spot.value->begin);
  }
  return nullptr;
}

}  // namespace ocapd::config
