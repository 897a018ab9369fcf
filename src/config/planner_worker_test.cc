#include "load_testing.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

namespace ocapd::config {
namespace {

struct Row {
  const char* why;
  std::string worker;  // fields
  Lines errors;
  Lines warnings = {};
};

// The worker's fields begin in line 3.
LoadResult load(std::string worker) {
  return TestConfig().config("(services = [ (name = \"w\", worker = (\n" + worker + ")) ])").load();
}

void expectProblems(kj::ArrayPtr<const Row> rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    auto result = load(row.worker);
    EXPECT_EQ(linesOf(result.errors), row.errors);
    EXPECT_EQ(linesOf(result.warnings), row.warnings);
    EXPECT_EQ(result.plan != nullptr, row.errors.empty());
  }
}

TEST(Worker, NeedsACompatibilityDate) {
  constexpr const char* kModule = "modules = [ (name = \"m\", esModule = \"\") ]";
  Row rows[] = {
      {"none", kModule, {"main.capnp:2: service w: Worker must specify compatibilityDate."}},
      {"not a date",
       std::string(kModule) + ",\ncompatibilityDate = \"zz\"",
       {"main.capnp:4: service w: Invalid compatibility date: zz"}},
      {"empty",
       std::string(kModule) + ",\ncompatibilityDate = \"\"",
       {"main.capnp:4: service w: Invalid compatibility date: "}},
  };
  expectProblems(rows);
}

TEST(Worker, NeedsModulesThatMakeSense) {
  auto modules = [](const char* list) {
    return std::string("compatibilityDate = \"2024-01-01\", modules = [\n") + list + "]";
  };
  Row rows[] = {
      {"nothing at all",
       "compatibilityDate = \"2024-01-01\"",
       {"main.capnp:2: service w: Modules list cannot be empty."}},
      {"none", modules(""), {"main.capnp:2: service w: Modules list cannot be empty."}},
      {"two of one name",
       modules("(name = \"m\", esModule = \"\"),\n(name = \"m\", text = \"\")"),
       {"main.capnp:5: service w: Module \"m\" already added to bundle"}},
      {"no content",
       modules("(name = \"m\", esModule = \"\"),\n(name = \"n\")"),
       {"main.capnp:5: Worker \"w\"'s module \"n\" has no content; give it one of esModule, "
        "commonJsModule, text, data, wasm, json."}},
      {"main module of another kind",
       modules("(name = \"m\", text = \"\")"),
       {"main.capnp:4: service w: Uncaught TypeError: Main module must be an ES module."}},
      {"JSON that is none",
       modules("(name = \"m\", esModule = \"\"),\n(name = \"j\", json = \"{\")"),
       {},
       {"main.capnp:5: Worker \"w\"'s module \"j\" is not JSON from byte 1 on; importing it will "
        "fail."}},
      {"exports of what is not CommonJS",
       modules("(name = \"m\", esModule = \"\", namedExports = [ \"a\" ])"),
       {},
       {"main.capnp:4: Worker \"w\"'s module \"m\": namedExports says nothing of a module that is "
        "not a CommonJS one."}},
  };
  expectProblems(rows);
}

TEST(Worker, NeedsBindingsThatMakeSense) {
  auto bindings = [](const char* list) {
    return std::string(kModules) + ", bindings = [\n" + list + "]";
  };
  Row rows[] = {
      {"no value",
       bindings("(name = \"B\")"),
       {"main.capnp:4: Worker \"w\"'s binding \"B\" does not specify any binding value."}},
      {"JSON that is none",
       bindings("(name = \"B\", json = \"{bad\")"),
       {"main.capnp:4: Worker \"w\"'s binding \"B\" is not JSON: it goes wrong at byte 1 of 4."}},
      {"unknown service",
       bindings("(name = \"B\", service = \"y\")"),
       {"main.capnp:4: Worker \"w\"'s binding \"B\" refers to a service \"y\", but no such service "
        "is defined. Known: \"w\", \"internet\"."}},
      {"two of one name",
       bindings("(name = \"B\", text = \"\"),\n(name = \"B\", text = \"\")"),
       {},
       {"main.capnp:5: Worker \"w\" has several bindings named \"B\"; the last of them "
        "counts."}},
      {"a kind that is not implemented",
       bindings("(name = \"B\", parameter = (type = (text = void)))"),
       {"main.capnp:4: Worker \"w\"'s binding \"B\": parameter is not implemented yet in ocapd. "
        "Give the binding its value here."}},
      {"a group that is not implemented",
       bindings("(name = \"B\", memoryCache = (id = \"u\"))"),
       {"main.capnp:4: Worker \"w\"'s binding \"B\": memoryCache is not implemented yet in ocapd. "
        "Remove it."}},
  };
  expectProblems(rows);
}

TEST(Worker, NeedsOutboundsThatExist) {
  Row rows[] = {
      {"both unknown",
       std::string(kModules) + ",\nglobalOutbound = \"x\",\ncacheApiOutbound = \"y\"",
       {"main.capnp:4: Worker \"w\"'s globalOutbound refers to a service \"x\", but no such "
        "service is defined. Known: \"w\", \"internet\".",
        "main.capnp:5: Worker \"w\"'s cacheApiOutbound refers to a service \"y\", but no such "
        "service is defined. Known: \"w\", \"internet\"."},
       {}},
  };
  expectProblems(rows);
}

TEST(Worker, IsCarriedOver) {
  auto result = load(R"(
    compatibilityDate = "2024-01-01", compatibilityFlags = ["rpc", "url_original"],
    modules = [
      (name = "m.js", esModule = "es"), (name = "t", text = "txt"), (name = "d", data = "dat"),
      (name = "w", wasm = "wsm"), (name = "j", json = "[1]") ],
    bindings = [
      (name = "T", text = "t"), (name = "D", data = "d"), (name = "J", json = "1"),
      (name = "E", fromEnvironment = "HOME"),
      (name = "S", service = (name = "w", entrypoint = "e", props = (json = "{}"))) ],
    globalOutbound = (name = "w", entrypoint = "g"), cacheApiOutbound = "w")");
  EXPECT_EQ(linesOf(result.errors), Lines{});
  auto& plan = KJ_ASSERT_NONNULL(result.plan);
  auto& worker = plan.services[0].kind.get<WorkerService>();
  EXPECT_EQ(worker.compatibilityDate, "2024-01-01");
  EXPECT_TRUE(worker.compatibilityFlags.has(compat::CompatFlag::Rpc));
  EXPECT_TRUE(worker.compatibilityFlags.has(compat::CompatFlag::GlobalNavigator));
  EXPECT_FALSE(worker.compatibilityFlags.has(compat::CompatFlag::UrlStandard));
  EXPECT_FALSE(worker.compatibilityFlags.has(compat::CompatFlag::RpcParamsDupStubs));
  std::string modules;
  for (auto& module : worker.modules) {
    modules += kj::str(module.name, ' ', static_cast<int>(module.kind), ' ',
                       module.content.asChars(), '\n')
                   .cStr();
  }
  EXPECT_EQ(modules, "m.js 0 es\nt 2 txt\nd 3 dat\nw 4 wsm\nj 5 [1]\n");
  ASSERT_EQ(worker.bindings.size(), 5u);
  EXPECT_EQ(worker.bindings[0].value.get<Binding::TextValue>().text, "t");
  EXPECT_EQ(worker.bindings[1].value.get<Binding::DataValue>().data[0], 'd');
  EXPECT_EQ(worker.bindings[2].value.get<Binding::JsonValue>().json, "1");
  EXPECT_EQ(worker.bindings[3].value.get<Binding::FromEnvironment>().variable, "HOME");
  auto& ref = worker.bindings[4].value.get<Binding::Service>().ref;
  EXPECT_EQ(worker.bindings[4].name, "S");
  EXPECT_EQ(ref.service, 0u);
  EXPECT_EQ(KJ_ASSERT_NONNULL(ref.entrypoint), "e");
  EXPECT_EQ(KJ_ASSERT_NONNULL(ref.propsJson), "{}");
  EXPECT_EQ(KJ_ASSERT_NONNULL(worker.globalOutbound.entrypoint), "g");
  EXPECT_EQ(KJ_ASSERT_NONNULL(worker.cacheApiOutbound).service, 0u);
}

TEST(Worker, KeepsItsDurableObjectsSomewhere) {
  auto worker = [](const char* rest) {
    return std::string(kModules) +
           ",\ndurableObjectNamespaces = [(className = \"A\", uniqueKey = \"k\")],\n" + rest;
  };
  Row rows[] = {
      {"in memory", worker("durableObjectStorage = (inMemory = void)"), {}},
      {"nowhere",
       worker("bindings = []"),
       {"main.capnp:2: Worker service \"w\" implements durable object classes but has "
        "`durableObjectStorage` set to `none`."}},
      {"in a service that is not there",
       worker("durableObjectStorage = (localDisk = \"d\")"),
       {"main.capnp:5: service w: durableObjectStorage config refers to a service \"d\", but no "
        "such service is defined."}},
      {"in a service that is no disk",
       worker("durableObjectStorage = (localDisk = \"w\")"),
       {"main.capnp:5: service w: durableObjectStorage config refers to the service \"w\", but "
        "that service is not a local disk service."}},
      {"bound to a class that is not there",
       worker("durableObjectStorage = (inMemory = void),\n"
              "bindings = [(name = \"B\", durableObjectNamespace = (className = \"C\"))]"),
       {"main.capnp:6: Worker \"w\"'s binding \"B\" refers to a Durable Object namespace named "
        "\"C\", but no such Durable Object namespace is defined by this Worker."}},
      {"bound to a class of a service that has none",
       worker("durableObjectStorage = (inMemory = void),\nbindings = [(name = \"B\", "
              "durableObjectNamespace = (className = \"A\", serviceName = \"internet\"))]"),
       {"main.capnp:6: Worker \"w\"'s binding \"B\" refers to a Durable Object namespace named "
        "\"A\" in service \"internet\", but no such Durable Object namespace is defined by that "
        "service."}},
      {"with a key that is no folder",
       std::string(kModules) + ", durableObjectStorage = (inMemory = void),\n"
                               "durableObjectNamespaces = [(className = \"A\", uniqueKey = "
                               "\"../k\")]",
       {"main.capnp:4: Worker \"w\"'s Durable Object namespace \"A\" has the uniqueKey "
        "\"../k\", which cannot be the name of a folder."}},
  };
  expectProblems(rows);
}

}  // namespace
}  // namespace ocapd::config
