// Reads a text config: the schema language's own parser, our imports, one constant of type Config.
#pragma once

#include "load.h"
#include "source_map.h"
#include "src/config/workerd.capnp.h"
#include "text_files.h"

#include <capnp/schema-parser.h>

namespace ocapd::config {

class TextConfigReader {
 public:
  // The arguments must outlive this object, and this object what read() returns. `map` will know
  // where things are, as soon as there is a config.
  TextConfigReader(TextFiles& files, SourceTrees& trees, SourceMap& map, Problems& problems);

  // Nothing if there were errors; they are in the Problems.
  kj::Maybe<schema::Config::Reader> read(const TextConfig& config);

 private:
  kj::Maybe<capnp::ParsedSchema> parse(TextFile& main);
  kj::Maybe<capnp::ParsedSchema> selectNamed(capnp::ParsedSchema file, kj::StringPtr name);
  kj::Maybe<capnp::ParsedSchema> selectOnly(capnp::ParsedSchema file);
  void complain(kj::StringPtr message);

  TextFiles& files_;
  SourceTrees& trees_;
  SourceMap& map_;
  Problems& problems_;
  capnp::SchemaParser parser_;
  kj::StringPtr path_;
};

}  // namespace ocapd::config
