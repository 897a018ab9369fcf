#include "schema_layout.h"
#include "src/config/workerd.capnp.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ocapd::config {
namespace {

// Binary configs depend on every id, ordinal, offset and default. The file holds those of the
// reference, as its published schema gives them.
TEST(Schema, HasTheLayoutOfTheReference) {
  SchemaLayout layout;
  layout.add(capnp::Schema::from<schema::Config>());
  layout.add(capnp::Schema::from<schema::FallbackServiceRequest>());
  std::ifstream file("src/config/schema_layout.txt");
  ASSERT_TRUE(file.good());
  std::stringstream expected;
  expected << file.rdbuf();
  EXPECT_EQ(layout.toString(), expected.str());
}

}  // namespace
}  // namespace ocapd::config
