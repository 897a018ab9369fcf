// The compiled code of the JavaScript files, made when the program is built, so that a worker that
// uses Node's modules spends its time running them.
//
// Lives     in the program, when //src/api:node_code_cache is linked; otherwise there is none.
// Layout    a row {start, size} for each file in the order of source_table.h, then the code, each
//           at a multiple of kCodeAlignment.
#pragma once

#include <kj/array.h>
#include <kj/map.h>
#include <kj/string.h>

#include "src/js/turn.h"

namespace ocapd::api::node {

// The code of a file by its id.
kj::Maybe<kj::ArrayPtr<const kj::byte>> findCodeCache(kj::StringPtr id);

class CodeCache {
 public:
  void add(kj::String id, kj::Array<kj::byte> code) { codes_.insert(kj::mv(id), kj::mv(code)); }
  // In the layout above.
  kj::Array<kj::byte> serialize() const;

 private:
  kj::HashMap<kj::String, kj::Array<kj::byte>> codes_;
};

// Evaluates modules in a context that has evaluated none, and keeps what V8 compiled for it.
CodeCache makeCodeCache(js::Turn& turn, kj::ArrayPtr<const kj::StringPtr> specifiers);

}  // namespace ocapd::api::node
