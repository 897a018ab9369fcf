#include "src/actor/facet_index.h"

#include <stdlib.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <kj/filesystem.h>

namespace ocapd::actor {
namespace {

class FacetIndexFile : public testing::Test {
 protected:
  FacetIndexFile() {
    char folder[] = "/tmp/facet-index-XXXXXX";
    folder_ = kj::str(mkdtemp(folder));
    path_ = kj::str(folder_, "/x.facets");
  }
  ~FacetIndexFile() noexcept override {
    unlink(path_.cStr());
    rmdir(folder_.cStr());
  }

  kj::String read() { return file().readAllText(); }
  void write(kj::StringPtr text) { file().writeAll(text); }

  kj::String path_;

 private:
  const kj::File& file() {
    disk_ = kj::newDiskFilesystem();
    file_ = disk_->getRoot().openFile(kj::Path(nullptr).evalNative(path_),
                                      kj::WriteMode::MODIFY | kj::WriteMode::CREATE);
    return *file_;
  }

  kj::String folder_;
  kj::Own<kj::Filesystem> disk_;
  kj::Own<const kj::File> file_;
};

TEST_F(FacetIndexFile, IsMadeWithTheFirstEntryAndReadAgain) {
  {
    FacetIndex index(kj::str(path_));
    EXPECT_NE(access(path_.cStr(), F_OK), 0);
    EXPECT_EQ(index.findOrAdd(FacetIndex::kRoot, "a"), 1u);
    EXPECT_EQ(index.findOrAdd(1, "a"), 2u);
    EXPECT_EQ(index.findOrAdd(FacetIndex::kRoot, "a"), 1u);
  }
  kj::StringPtr expected("\x57\xEF\xB0\xC5\x5B\xCE\xCD\xC4\0\0\1\0a\1\0\1\0a", 18);
  EXPECT_EQ(read(), expected);
  FacetIndex again(kj::str(path_));
  EXPECT_EQ(again.count(), 2u);
  EXPECT_EQ(again.findOrAdd(FacetIndex::kRoot, "b"), 3u);
  ASSERT_EQ(again.childrenOf(FacetIndex::kRoot).size(), 2u);
  EXPECT_EQ(again.childrenOf(1)[0].number, 2u);
}

TEST_F(FacetIndexFile, IsCutOffWhereAnEntryCannotBe) {
  struct Row {
    const char* why;
    kj::StringPtr tail;
  };
  for (const Row& row : {Row{"an empty name", kj::StringPtr("\0\0\0\0", 4)},
                         Row{"a name that is cut off", kj::StringPtr("\0\0\5\0ab", 6)},
                         Row{"a head that is cut off", kj::StringPtr("\0\0", 2)},
                         Row{"a parent that comes later", kj::StringPtr("\2\0\1\0b", 5)},
                         Row{"the same again", kj::StringPtr("\0\0\1\0a", 5)}}) {
    SCOPED_TRACE(row.why);
    unlink(path_.cStr());
    FacetIndex(kj::str(path_)).findOrAdd(FacetIndex::kRoot, "a");
    auto sound = read();
    write(kj::str(sound, row.tail));
    FacetIndex index(kj::str(path_));
    EXPECT_EQ(index.count(), 1u);
    EXPECT_EQ(read(), sound);
  }
}

TEST_F(FacetIndexFile, IsRefusedWhenItIsSomethingElse) {
  write("something else entirely");
  EXPECT_ANY_THROW(FacetIndex{kj::str(path_)});
}

TEST_F(FacetIndexFile, BeginsAgainWhenItHasNoEntry) {
  write("12345678");
  FacetIndex index(kj::str(path_));
  EXPECT_EQ(index.findOrAdd(FacetIndex::kRoot, "a"), 1u);
  EXPECT_EQ(read().size(), 13u);
}

}  // namespace
}  // namespace ocapd::actor
