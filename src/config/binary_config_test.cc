#include "binary_config.h"

#include "load_testing.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <gtest/gtest.h>
#include <kj/debug.h>
#include <kj/io.h>

#include <random>

namespace ocapd::config {
namespace {

LoadResult load(kj::ArrayPtr<const kj::byte> bytes, const Overrides& overrides = {}) {
  kj::ArrayInputStream in(bytes);
  return loadBinary(in, "<stdin>", overrides);
}

kj::Array<kj::byte> framed(capnp::MessageBuilder& message) {
  kj::VectorOutputStream out;
  capnp::writeMessage(out, message);
  return kj::heapArray(out.getArray());
}

void fillHello(schema::Config::Builder config) {
  auto services = config.initServices(2);
  services[0].setName("main");
  auto worker = services[0].initWorker();
  worker.setCompatibilityDate("2024-01-01");
  auto module = worker.initModules(1)[0];
  module.setName("m.js");
  module.setEsModule("export default {};");
  auto bindings = worker.initBindings(2);
  bindings[0].setName("A");
  bindings[0].setText("text");
  bindings[1].setName("S");
  bindings[1].initService().setName("main");
  services[1].setName("files");
  services[1].initDisk().setPath("/tmp");
  auto socket = config.initSockets(1)[0];
  socket.setName("http");
  socket.setAddress("*:80");
  socket.initHttp();
  socket.initService().setName("main");
}

kj::Array<kj::byte> hello() {
  // Small segments, so that there are many and far pointers between them.
  capnp::MallocMessageBuilder message(8, capnp::AllocationStrategy::FIXED_SIZE);
  fillHello(message.initRoot<schema::Config>());
  return framed(message);
}

TEST(BinaryConfig, BecomesAPlan) {
  auto result = load(hello());
  EXPECT_EQ(linesOf(result.errors), Lines{});
  auto& plan = KJ_ASSERT_NONNULL(result.plan);
  ASSERT_EQ(plan.services.size(), 3u);
  EXPECT_EQ(plan.services[0].name, "main");
  EXPECT_EQ(kj::str(plan.services[0].kind.get<WorkerService>().modules[0].content.asChars()),
            "export default {};");
  EXPECT_EQ(plan.services[1].kind.get<DiskService>().path, "/tmp");
  EXPECT_EQ(plan.sockets[0].addressOrFd.get<Text>(), "*:80");
  EXPECT_EQ(plan.files.size(), 0u);
}

TEST(BinaryConfig, IsReadNoFurtherThanItsEnd) {
  auto bytes = hello();
  auto more = kj::heapArray<kj::byte>(bytes.size() + 3);
  memcpy(more.begin(), bytes.begin(), bytes.size());
  kj::ArrayInputStream in(more);
  EXPECT_EQ(linesOf(loadBinary(in, "<stdin>").errors), Lines{});
  kj::byte rest[8];
  EXPECT_EQ(in.tryRead(rest, 1, sizeof(rest)), 3u);
}

TEST(BinaryConfig, ComesFromAFileAsWell) {
  MemoryFilesystem files;
  files.add("c.bin", hello().asChars());
  auto result = loadBinary(files, "c.bin");
  EXPECT_EQ(linesOf(result.errors), Lines{});
  ASSERT_EQ(result.files.size(), 1u);
  EXPECT_EQ(result.files[0], "/work/c.bin");
  EXPECT_EQ(linesOf(loadBinary(files, "no.bin").errors), (Lines{"no.bin: No such file."}));
  EXPECT_EQ(linesOf(loadBinary(files, "../work").errors),
            (Lines{"../work: Config path is not a file."}));
}

TEST(BinaryConfig, MayBeLargerThanWhatIsReadAtOnce) {
  capnp::MallocMessageBuilder message;
  auto config = message.initRoot<schema::Config>();
  fillHello(config);
  auto binding = config.getServices()[0].getWorker().getBindings()[0];
  constexpr size_t kBytes = 20u << 20;
  memset(binding.initData(kBytes).begin(), 'x', kBytes);
  auto result = load(framed(message));
  EXPECT_EQ(linesOf(result.errors), Lines{});
  auto& plan = KJ_ASSERT_NONNULL(result.plan);
  auto& bindings = plan.services[0].kind.get<WorkerService>().bindings;
  auto data = bindings[0].value.get<Binding::DataValue>().data;
  ASSERT_EQ(data.size(), kBytes);
  EXPECT_EQ(data[0], 'x');
  EXPECT_EQ(data[kBytes - 1], 'x');
  EXPECT_EQ(plan.sockets[0].name, "http");
}

TEST(BinaryConfig, HasProblemsWithoutLines) {
  capnp::MallocMessageBuilder message;
  auto config = message.initRoot<schema::Config>();
  config.initServices(1)[0].setName("x");
  config.initSockets(1)[0].setName("s");
  EXPECT_EQ(linesOf(load(framed(message)).errors),
            (Lines{"Service named \"x\" does not specify what to serve.",
                   "Socket \"s\" has no address in the config, so must be specified on the command "
                   "line with `--socket-addr`.",
                   "Socket \"s\" refers to a service \"\", but no such service is defined. Known: "
                   "\"x\", \"internet\"."}));
}

TEST(BinaryConfig, TakesOverrides) {
  capnp::MallocMessageBuilder message;
  auto config = message.initRoot<schema::Config>();
  auto external = config.initServices(1)[0];
  external.setName("loopback");
  external.initExternal().initHttp();
  Plan plan;
  {
    // The command line need not live as long as the Plan.
    auto name = kj::str("loopback");
    auto address = kj::str("127.0.0.1:5");
    Overrides::Value externals[] = {{name, address}};
    auto result = load(framed(message), {nullptr, externals, nullptr});
    EXPECT_EQ(linesOf(result.errors), Lines{});
    plan = kj::mv(KJ_ASSERT_NONNULL(result.plan));
  }
  EXPECT_EQ(plan.services[0].kind.get<ExternalService>().address, "127.0.0.1:5");
}

TEST(BinaryConfig, ThatIsCutShortOrNoMessageIsAnError) {
  auto words = [](std::initializer_list<uint32_t> list) {
    auto bytes = kj::heapArray<kj::byte>(list.size() * 4);
    if (list.size() > 0) memcpy(bytes.begin(), list.begin(), bytes.size());
    return bytes;
  };
  struct Row {
    const char* why;
    kj::Array<kj::byte> bytes;
    const char* error;
  };
  Row rows[] = {
      {"nothing", words({}), "<stdin>: Premature end of file"},
      {"half a header", words({0}), "<stdin>: failed to fill the whole buffer"},
      {"no segments", words({0xffffffff, 0}),
       "<stdin>: Too many or too few segments 0; is this a binary config?"},
      {"too many segments", words({512, 0}),
       "<stdin>: Too many or too few segments 513; is this a binary config?"},
      {"as many as can be", words({511, 0}), "<stdin>: failed to fill the whole buffer"},
      {"table cut short", words({3, 1, 1}), "<stdin>: failed to fill the whole buffer"},
      {"no body", words({0, 1}), "<stdin>: failed to fill the whole buffer"},
      {"body cut short", words({0, 2, 0, 0, 0}), "<stdin>: failed to fill the whole buffer"},
      {"a claim of a gigabyte", words({0, 1u << 27, 1, 2, 3}),
       "<stdin>: failed to fill the whole buffer"},
      {"a claim of more", words({0, (1u << 27) + 1, 1, 2, 3}),
       "<stdin>: the message claims to have 1073741832 bytes; at most 1073741824 are read. Is this "
       "a binary config?"},
      {"a claim of as much as can be", words({1, 0xffffffff, 0xffffffff, 0}),
       "<stdin>: the message claims to have 68719476720 bytes; at most 1073741824 are read. Is "
       "this a binary config?"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.why);
    auto result = load(row.bytes);
    EXPECT_EQ(linesOf(result.errors), (Lines{row.error}));
    EXPECT_TRUE(result.plan == nullptr);
  }
}

TEST(BinaryConfig, OfAMessageWithoutARootIsEmpty) {
  capnp::MallocMessageBuilder message;
  message.initRoot<schema::Config>();
  auto result = load(framed(message));
  EXPECT_EQ(linesOf(result.errors), Lines{});
  EXPECT_TRUE(result.plan != nullptr);
}

TEST(BinaryConfig, WithPointersToNowhereIsAnError) {
  capnp::MallocMessageBuilder message;
  message.getRoot<capnp::AnyPointer>().setAs<capnp::Text>("not a struct");
  auto errors = linesOf(load(framed(message)).errors);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].rfind("<stdin>: not a valid config message: ", 0), 0u) << errors[0];
}

TEST(BinaryConfig, NeverEndsTheProcessWhateverItsBytes) {
  std::mt19937 random(1);  // the same bytes in every run
  auto good = hello();
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = kj::heapArray(good.asPtr());
    for (int flips = random() % 4; flips >= 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<kj::byte>(random());
    }
    load(bytes.slice(0, i % 8 == 0 ? random() % bytes.size() : bytes.size()));
  }
  for (int i = 0; i < 2'000; ++i) {
    auto bytes = kj::heapArray<kj::byte>(8 + random() % 200);
    for (auto& b : bytes) b = static_cast<kj::byte>(random());
    // A plausible header, so that the body is looked at.
    uint32_t head[2] = {0, static_cast<uint32_t>(bytes.size() / 8 - 1)};
    memcpy(bytes.begin(), head, sizeof(head));
    load(bytes);
  }
}

TEST(BinaryConfig, CannotMultiplyByPointingToOnePlaceAgain) {
  // A list of very many structs that take no space at all.
  uint64_t words[] = {
      (uint64_t(8) << 48),                             // root: a struct of eight pointers
      0x1 | (uint64_t(7) << 2) | (uint64_t(7) << 32),  // services: a composite list of no words
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      uint64_t(0x1fffffff) << 2,  // its tag: that many elements
  };
  uint32_t head[2] = {0, std::size(words)};
  auto bytes = kj::heapArray<kj::byte>(sizeof(head) + sizeof(words));
  memcpy(bytes.begin(), head, sizeof(head));
  memcpy(bytes.begin() + sizeof(head), words, sizeof(words));
  auto errors = linesOf(load(bytes).errors);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_NE(errors[0].find("traversal limit"), std::string::npos) << errors[0];
}

}  // namespace
}  // namespace ocapd::config
