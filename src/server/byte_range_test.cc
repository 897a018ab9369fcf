#include "src/server/byte_range.h"

#include "gtest/gtest.h"

namespace ocapd::server {
namespace {

kj::String parse(kj::StringPtr header, uint64_t bytes) {
  auto range = parseRange(header, bytes);
  if (range.is<WholeBody>()) return kj::str("whole");
  if (range.is<UnsatisfiableRange>()) return kj::str("unsatisfiable");
  return kj::str(range.get<ByteRange>().first, "-", range.get<ByteRange>().last);
}

TEST(ByteRange, IsCutToTheBody) {
  struct Row {
    kj::StringPtr header;
    kj::StringPtr result;
  };
  for (const Row& row : {
           Row{"bytes=0-1"_kj, "0-1"_kj},
           Row{"bytes=2-"_kj, "2-5"_kj},
           Row{"bytes=-2"_kj, "4-5"_kj},
           Row{"bytes=5-5"_kj, "5-5"_kj},
           Row{"bytes=4-100"_kj, "4-5"_kj},
           Row{"bytes=4-99999999999999999999999"_kj, "4-5"_kj},
           Row{"BYTES= 0 - 1 "_kj, "0-1"_kj},
           Row{"bytes=-6"_kj, "whole"_kj},
           Row{"bytes=-100"_kj, "whole"_kj},
           Row{"bytes=0-0,2-3"_kj, "whole"_kj},
           Row{"bytes=6-"_kj, "unsatisfiable"_kj},
           Row{"bytes=99999999999999999999999-"_kj, "unsatisfiable"_kj},
           Row{"bytes=-0"_kj, "unsatisfiable"_kj},
           Row{"bytes=3-2"_kj, "unsatisfiable"_kj},
           Row{"bytes="_kj, "unsatisfiable"_kj},
           Row{"bytes=-"_kj, "unsatisfiable"_kj},
           Row{"bytes=x"_kj, "unsatisfiable"_kj},
           Row{"bytes=1-x"_kj, "unsatisfiable"_kj},
           Row{"bytes=--1"_kj, "unsatisfiable"_kj},
           Row{"lines=0-1"_kj, "unsatisfiable"_kj},
           Row{""_kj, "unsatisfiable"_kj},
       }) {
    SCOPED_TRACE(row.header.cStr());
    EXPECT_EQ(parse(row.header, 6), row.result);
  }
}

TEST(ByteRange, NothingOfAnEmptyBodyCanBeHad) {
  for (kj::StringPtr header : {"bytes=0-"_kj, "bytes=-1"_kj, "bytes=0-0"_kj}) {
    EXPECT_EQ(parse(header, 0), "unsatisfiable");
  }
}

}  // namespace
}  // namespace ocapd::server
