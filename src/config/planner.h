// The planner: from a config message to a Plan, or to the list of everything that is wrong with it.
//
// The texts of the complaints are the reference's where spec and tools know them by heart; what
// helps the author beyond that follows behind.
#pragma once

#include "load.h"
#include "src/config/workerd.capnp.h"

namespace ocapd::config {

// The Plan points into `config`, whose message must live as long as it. Nothing if `problems` has
// errors afterwards. Throws what reading a hostile message throws.
kj::Maybe<Plan> makePlan(schema::Config::Reader config, const Overrides& overrides,
                         const LoadOptions& options, Problems& problems);

}  // namespace ocapd::config
