// TestController: the first parameter of a test() handler.
#pragma once

#include "src/js/class.h"

namespace ocapd::api {

class TestController final : public js::Object {
 public:
  static constexpr const char* kClassName = "TestController";
  static const js::Class kClass;
  const js::Class& jsClass() const override { return kClass; }
};

}  // namespace ocapd::api
