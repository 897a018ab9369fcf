#include "src/actor/actor_ids.h"

#include <gtest/gtest.h>
#include <kj/encoding.h>

namespace ocapd::actor {
namespace {

TEST(ActorIds, AreThoseOfTheReference) {
  struct Row {
    kj::StringPtr uniqueKey;
    kj::StringPtr name;
    kj::StringPtr id;
  };
  for (const Row& row : {
           Row{"k", "x", "9a99abd7b73f36d126a2432b3000f324afc355d111d16fc26ee55e14530d8c5e"},
           Row{"key-sql", "foo",
               "1c86707e679be3d58d4ce38f7c6509d15c65c87d4c9f02c4b83cf839e5544257"},
           Row{"key-sql", "", "2b5833d7f6d9d1e43c63bd49aa9742e637eff721999fd5afa66499155ca30fb5"},
           Row{"key-sql", "é", "6de650128f1d5c9404f733edc193e5208d700e4eaa857aa83b88f7a7df7ce83e"},
           Row{"key-sql", "\xed\xa0\x80",
               "b7561a76f10d31af05ec7d5b20b14272b8f7cd9b6ade72d41670d3b7bc990ec7"},
       }) {
    EXPECT_EQ(ActorIds(row.uniqueKey).fromName(row.name.asArray()).toHex(), row.id);
  }
}

TEST(ActorIds, AreAcceptedByTheirOwnNamespaceOnly) {
  ActorIds mine("key-sql");
  auto reference =
      kj::decodeHex("c623a23aabc8e952501fc394fc1b71a646997c7a69ee038a418bd305de6d9871"_kj);
  EXPECT_TRUE(mine.fromBytes(reference) != nullptr);
  auto unique = mine.newUnique();
  auto bytes = kj::arrayPtr(unique.bytes.data(), unique.bytes.size());
  EXPECT_TRUE(mine.fromBytes(bytes) != nullptr);
  EXPECT_TRUE(ActorIds("other").fromBytes(bytes) == nullptr);
  EXPECT_TRUE(mine.fromBytes(bytes.slice(0, 31)) == nullptr);
  unique.bytes[0] ^= 1;
  EXPECT_TRUE(mine.fromBytes(bytes) == nullptr);
}

}  // namespace
}  // namespace ocapd::actor
