// The schema texts that text configs can import without having them as files.
#pragma once

#include <kj/string.h>

namespace ocapd::config {

// `path` as written after `import`, e.g. "/workerd/workerd.capnp".
kj::Maybe<kj::StringPtr> findBuiltinSchema(kj::StringPtr path);

}  // namespace ocapd::config
