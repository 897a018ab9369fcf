#include "load.h"

#include "memory_filesystem.h"

#include <gtest/gtest.h>

#include <string>

namespace ocapd::config {
namespace {

constexpr kj::StringPtr kHello = R"(
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .mainWorker) ],
  sockets = [ (name = "http", address = "*:8080", http = (), service = "main") ],
);

const mainWorker :Workerd.Worker = (
  modules = [ (name = "main.js", esModule = embed "main.js") ],
  compatibilityDate = "2024-01-01",
);
)"_kj;

TEST(Load, MakesAPlanOfAPlainTextConfig) {
  MemoryFilesystem files;
  files.add("hello.capnp", kHello);
  files.add("main.js", "export default {};"_kj);
  auto result = loadText(files, {.path = "hello.capnp", .constName = {}, .importDirs = {}});
  for (auto& error : result.errors) ADD_FAILURE() << error.toString().cStr();
  ASSERT_TRUE(result.plan != nullptr);
  KJ_IF_MAYBE(plan, result.plan) {
    ASSERT_EQ(plan->services.size(), 2u);
    EXPECT_EQ(plan->services[0].name, "main");
    EXPECT_EQ(plan->services[1].name, "internet");
    auto& worker = plan->services[0].kind.get<WorkerService>();
    ASSERT_EQ(worker.modules.size(), 1u);
    EXPECT_EQ(kj::str(worker.modules[0].content.asChars()), "export default {};");
    EXPECT_EQ(worker.globalOutbound.service, 1u);
    ASSERT_EQ(plan->sockets.size(), 1u);
    EXPECT_EQ(plan->sockets[0].addressOrFd.get<Text>(), "*:8080");
    ASSERT_EQ(plan->files.size(), 2u);
    EXPECT_EQ(plan->files[0], "/work/hello.capnp");
    EXPECT_EQ(plan->files[1], "/work/main.js");
  }
}

}  // namespace
}  // namespace ocapd::config
