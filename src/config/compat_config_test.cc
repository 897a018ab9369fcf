#include "load_testing.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

namespace ocapd::config {
namespace {

using compat::CompatFlag;

// 2026-11-22T12:00:00Z
constexpr kj::Date kNow = kj::UNIX_EPOCH + 1795348800 * kj::SECONDS;

class StoppedClock final : public kj::Clock {
 public:
  kj::Date now() const override { return kNow; }
};

constexpr const char* kNeedsExperimental =
    " is experimental and may break or be removed in a future version of workerd. To use this "
    "flag, you must pass --experimental on the command line.";
constexpr const char* kNotYet =
    "ocapd does not implement what these compatibility flags ask for yet, so they have no "
    "effect: ";

// The worker's fields begin in line 3.
LoadResult load(std::string worker, bool experimental, kj::Maybe<kj::StringPtr> date = nullptr) {
  StoppedClock clock;
  return TestConfig()
      .config(
          "(services = [ (name = \"w\", worker = (modules = [ (name = \"m\", esModule = "
          "\"\") ],\n" +
          worker + ")) ])")
      .load({}, nullptr, nullptr,
            {.experimental = experimental, .compatibilityDate = date, .calendar = clock});
}

TEST(CompatConfig, SaysWhereAndOfWhichWorker) {
  constexpr const char* kWorker =
      "compatibilityDate = \"2026-11-23\",\ncompatibilityFlags = [\n\"zz\",\n\"rpc\",\n"
      "\"r2_binding_jsrpc\"]";
  auto result = load(kWorker, false);
  EXPECT_EQ(linesOf(result.errors),
            (Lines{"main.capnp:3: service w: Can't set compatibility date in the future: "
                   "\"2026-11-23\". Today's date (UTC) is \"2026-11-22\".",
                   std::string("main.capnp:7: service w: The compatibility flag r2_binding_jsrpc") +
                       kNeedsExperimental,
                   "main.capnp:5: service w: No such compatibility flag: zz"}));
  EXPECT_EQ(linesOf(result.warnings),
            (Lines{"main.capnp:6: service w: The compatibility flag rpc became the default as of "
                   "2024-04-03 so does not need to be specified anymore.",
                   std::string("main.capnp:7: service w: ") + kNotYet + "r2_binding_jsrpc."}));
}

TEST(CompatConfig, LetsExperimentalFlagsThroughWhenToldSo) {
  constexpr const char* kWorker =
      "compatibilityDate = \"2024-01-01\", compatibilityFlags = [\"experimental\"]";
  EXPECT_TRUE(load(kWorker, false).plan == nullptr);
  auto result = load(kWorker, true);
  auto& plan = KJ_ASSERT_NONNULL(result.plan);
  auto& worker = plan.services[0].kind.get<WorkerService>();
  EXPECT_TRUE(worker.compatibilityFlags.has(CompatFlag::Experimental));
}

TEST(CompatConfig, HasNoDateOfItsOwnBesideThatOfTheCommandLine) {
  {
    auto date = kj::str("2999-01-01");
    auto result = load("compatibilityFlags = [\"url_standard\"]", false, kj::StringPtr(date));
    date = nullptr;
    EXPECT_EQ(linesOf(result.warnings), Lines{});
    auto& worker = KJ_ASSERT_NONNULL(result.plan).services[0].kind.get<WorkerService>();
    EXPECT_EQ(worker.compatibilityDate, "2999-01-01");
    EXPECT_TRUE(worker.compatibilityFlags.has(CompatFlag::Temporal));
  }
  auto result = load("compatibilityDate = \"2024-01-01\"", false, "zz"_kj);
  EXPECT_EQ(linesOf(result.errors),
            (Lines{"main.capnp:3: service w: Worker specifies compatibilityDate but --compat-date "
                   "was provided. When using --compat-date, workers must not specify "
                   "compatibilityDate in the config. Use compatibilityFlags to enable/disable "
                   "specific flags if needed.",
                   "main.capnp:3: service w: Invalid compatibility date: zz"}));
}

}  // namespace
}  // namespace ocapd::config
