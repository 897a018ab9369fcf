#include "src/server/logger.h"

#include <kj/debug.h>

#include "gtest/gtest.h"
#include "src/server/test_server.h"

namespace ocapd::server {
namespace {

TEST(Logger, PeopleGetLinesOnStderr) {
  LogCapture out, err;
  Logger logger(Logger::Detail::Normal, out.fd(), err.fd());
  logger.log(Logger::Level::Warning, "a.cc", 7, "careful");
  logger.log(Logger::Level::Info, "a.cc", 8, "not asked for");
  logger.configError("c.capnp:1: wrong");
  EXPECT_EQ(err.text(), "a.cc:7: warning: careful\nc.capnp:1: wrong\n");
  EXPECT_EQ(out.text(), "");
}

TEST(Logger, ToolsGetJsonOnStdoutAndConfigErrorsOnStderr) {
  LogCapture out, err;
  Logger logger(Logger::Detail::Verbose, out.fd(), err.fd());
  logger.setStructured(true);
  logger.log(Logger::Level::Info, "a.cc", 7, "say \"hi\"\n");
  logger.configErrorWithDetail("wrong", "plain");
  auto line = out.text();
  EXPECT_TRUE(line.startsWith("{\"timestamp\":\"")) << line.cStr();
  EXPECT_TRUE(
      line.endsWith("\",\"level\":\"info\",\"source\":\"a.cc:7\","
                    "\"message\":\"say \\\"hi\\\"\\n\",\"context_depth\":0}\n"))
      << line.cStr();
  EXPECT_TRUE(err.text().endsWith("\"message\":\"wrong\",\"context_depth\":0}\nplain\n"))
      << err.text().cStr();
}

TEST(Logger, TakesWhatKjLogs) {
  LogCapture err;
  Logger logger(Logger::Detail::Normal, -1, err.fd());
  KjLogBridge bridge(logger);
  KJ_LOG(ERROR, "from KJ");
  EXPECT_NE(strstr(err.text().cStr(), ": error: from KJ\n"), nullptr) << err.text().cStr();
}

TEST(JsonString, EscapesWhatJsonForbidsAndReplacesWhatIsNotUtf8) {
  struct Row {
    kj::StringPtr text;
    kj::StringPtr json;
  };
  for (const Row& row :
       {Row{""_kj, "\"\""_kj}, Row{"a\"b\\c"_kj, "\"a\\\"b\\\\c\""_kj},
        Row{"\n\t\r\x01\x1f"_kj, "\"\\n\\t\\r\\u0001\\u001f\""_kj},
        Row{"\xc3\xa9"_kj, "\"\xc3\xa9\""_kj}, Row{"\xff"_kj, "\"\xef\xbf\xbd\""_kj}}) {
    SCOPED_TRACE(row.json.cStr());
    EXPECT_EQ(jsonString(row.text), row.json);
  }
}

}  // namespace
}  // namespace ocapd::server
