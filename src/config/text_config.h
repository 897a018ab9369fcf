// Reads a text config: the schema language's own parser, our imports, one constant of type Config.
#pragma once

#include "load.h"
#include "src/config/workerd.capnp.h"
#include "text_files.h"

#include <capnp/schema-parser.h>

namespace ocapd::config {

class TextConfigReader {
 public:
  // `files` and `problems` must outlive this object, and this object what read() returns.
  TextConfigReader(TextFiles& files, Problems& problems);

  // Nothing if there were errors; they are in the Problems.
  kj::Maybe<schema::Config::Reader> read(const TextConfig& config);

 private:
  kj::Maybe<capnp::ParsedSchema> parse(TextFile& main);
  kj::Maybe<capnp::ParsedSchema> selectNamed(capnp::ParsedSchema file, kj::StringPtr name);
  kj::Maybe<capnp::ParsedSchema> selectOnly(capnp::ParsedSchema file);
  void complain(kj::StringPtr message);

  TextFiles& files_;
  Problems& problems_;
  capnp::SchemaParser parser_;
  kj::StringPtr path_;
};

}  // namespace ocapd::config
