#include "src/cli/command_line.h"

#include <kj/debug.h>

#include "gtest/gtest.h"

namespace ocapd::cli {
namespace {

using Words = std::initializer_list<kj::StringPtr>;

CommandLine parse(Words words) {
  auto parsed = parseCommandLine(kj::arrayPtr(words.begin(), words.size()));
  KJ_IF_MAYBE(error, parsed.tryGet<UsageError>()) {
    KJ_FAIL_ASSERT("refused", error->text);
  }
  return kj::mv(parsed.get<CommandLine>());
}

kj::String refusal(Words words) {
  auto parsed = parseCommandLine(kj::arrayPtr(words.begin(), words.size()));
  return kj::mv(parsed.get<UsageError>().text);
}

TEST(CommandLine, OptionsMayStandAnywhere) {
  // As Miniflare calls it.
  auto line = parse({"serve", "--binary", "--experimental", "--socket-addr=entry=127.0.0.1:0",
                     "--external-addr=loopback=127.0.0.1:1", "--control-fd=1", "-", "--verbose"});
  EXPECT_EQ(line.command, Command::Serve);
  EXPECT_TRUE(line.binary);
  EXPECT_TRUE(line.experimental);
  EXPECT_TRUE(line.verbose);
  EXPECT_FALSE(line.watch);
  EXPECT_EQ(line.configFile, "-");
  EXPECT_EQ(KJ_ASSERT_NONNULL(line.controlFd), 1);
  ASSERT_EQ(line.sockets.size(), 1u);
  EXPECT_EQ(line.sockets[0].name, "entry");
  EXPECT_EQ(line.sockets[0].addressOrFd.get<kj::StringPtr>(), "127.0.0.1:0");
  ASSERT_EQ(line.externalAddresses.size(), 1u);
  EXPECT_EQ(line.externalAddresses[0].value, "127.0.0.1:1");
}

TEST(CommandLine, ValuesAreWrittenInFourWays) {
  for (Words words :
       {Words{"serve", "c", "--directory-path", "a=b=c"},
        Words{"serve", "c", "--directory-path=a=b=c"}, Words{"serve", "-d", "a=b=c", "c"},
        Words{"serve", "-bda=b=c", "c"}, Words{"serve", "-d=a=b=c", "c"}}) {
    auto line = parse(words);
    ASSERT_EQ(line.directoryPaths.size(), 1u);
    EXPECT_EQ(line.directoryPaths[0].name, "a");
    EXPECT_EQ(line.directoryPaths[0].value, "b=c");
  }
}

TEST(CommandLine, ListOptionsAreRepeatedAndKeepTheirOrder) {
  auto line = parse({"--verbose", "serve", "-sa=1", "-sb=2", "c", "-sa=3"});
  ASSERT_EQ(line.sockets.size(), 3u);
  EXPECT_EQ(line.sockets[2].name, "a");
  EXPECT_EQ(line.sockets[2].addressOrFd.get<kj::StringPtr>(), "3");
  EXPECT_TRUE(line.verbose);
}

TEST(CommandLine, TwoDashesEndTheOptions) {
  auto line = parse({"serve", "--", "--odd-name", "-x"});
  EXPECT_EQ(line.configFile, "--odd-name");
  EXPECT_EQ(KJ_ASSERT_NONNULL(line.constName), "-x");
}

TEST(CommandLine, TestHasItsOwnOptions) {
  auto line = parse({"test", "c", "svc:entry", "--predictable", "--no-verbose", "--compat-date",
                     "2026-01-01", "--gc-stress", "--all-autogates"});
  EXPECT_EQ(line.command, Command::Test);
  EXPECT_EQ(KJ_ASSERT_NONNULL(line.filter), "svc:entry");
  EXPECT_EQ(KJ_ASSERT_NONNULL(line.compatibilityDate), "2026-01-01");
  EXPECT_TRUE(line.predictable && line.quiet && line.gcStress && line.allAutogates);
  EXPECT_TRUE(refusal({"serve", "c", "--predictable"}).startsWith("error: unexpected argument"));
}

TEST(CommandLine, RefusesWhatItDoesNotUnderstand) {
  for (Words words :
       {Words{""}, Words{"serve", "c", "--="}, Words{"serve", "c", "---"},
        Words{"serve", "c", "--control-fd="}, Words{"serve", "c", "--control-fd=99999999999"},
        Words{"help", "help"}, Words{"--binary", "serve", "c"}}) {
    EXPECT_TRUE(refusal(words).startsWith("error: ")) << refusal(words).cStr();
  }
}

}  // namespace
}  // namespace ocapd::cli
