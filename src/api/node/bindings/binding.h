// Binding: one of Node's internal bindings, the part of it that is C++.
//
// lib/binding/<name>.js makes of it what Node's files get from internalBinding(name).
//
// Threads   the isolate's lane.
#pragma once

#include <span>

#include "src/js/class.h"

namespace ocapd::api::node {

struct Binding {
  const char* name;
  std::span<const js::Member> functions;
};

// All of them.
std::span<const Binding* const> bindings();

}  // namespace ocapd::api::node
