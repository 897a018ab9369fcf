// SourceMap: finds the line where a part of a config was written, through constants and imports.
#pragma once

#include "source_tree.h"

namespace ocapd::config {

class SourceMap final : public Locator {
 public:
  // `trees` may still be empty; it must outlive the map.
  explicit SourceMap(const SourceTrees& trees) : trees_(trees) {}

  // The constant that the config is, by its dotted name in the main file.
  void setConfig(kj::StringPtr constName);

  // Where the innermost part of `place` begins that was written at all.
  kj::Maybe<Position> locate(const Place& place) override;

 private:
  struct Spot {
    Symbol scope;
    const syntax::Value* value;
  };
  static Spot followConstants(Spot spot);
  static kj::Maybe<Spot> step(Spot spot, const Place& to);

  const SourceTrees& trees_;
  kj::Maybe<Spot> config_;
};

}  // namespace ocapd::config
