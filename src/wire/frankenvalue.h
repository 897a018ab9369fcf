// Props on the wire.
//
// Errors    values that hold capabilities have no form here and are refused.
// Spec      schema/frankenvalue.capnp
#pragma once

#include "src/channel/props.h"
#include "src/wire/schema/frankenvalue.capnp.h"

namespace ocapd::wire {

kj::Own<channel::Props> readProps(schema::Frankenvalue::Reader value);
void writeProps(channel::Props& props, schema::Frankenvalue::Builder value);

}  // namespace ocapd::wire
