#include "src/server/net/listen_socket.h"

#include <stdlib.h>
#include <unistd.h>

#include <kj/debug.h>

#include "gtest/gtest.h"

namespace ocapd::server::net {
namespace {

using Sockets = kj::Vector<ListenSocket>;

kj::String openError(kj::StringPtr address) {
  auto result = ListenSocket::open(address, 80);
  KJ_IF_MAYBE(error, result.tryGet<OpenError>()) {
    return kj::mv(error->what);
  }
  return kj::String();
}

TEST(ListenSocket, OpensEveryFormOfAddress) {
  for (kj::StringPtr address : {"*:0"_kj, "127.0.0.1:0"_kj, "[::1]:0"_kj, "localhost:0"_kj}) {
    SCOPED_TRACE(address.cStr());
    auto result = ListenSocket::open(address, 0);
    ASSERT_TRUE(result.is<Sockets>()) << result.get<OpenError>().what.cStr();
    EXPECT_GT(result.get<Sockets>()[0].port(), 0u);
  }
  auto bare = ListenSocket::open("::1", 0);
  ASSERT_TRUE(bare.is<Sockets>());
  EXPECT_GT(bare.get<Sockets>()[0].port(), 0u);
}

TEST(ListenSocket, RefusesWhatIsNoAddress) {
  for (kj::StringPtr address :
       {""_kj, ":80"_kj, "127.0.0.1:"_kj, "127.0.0.1:65536"_kj, "127.0.0.1:8o"_kj, "[::1"_kj,
        "[::1]80"_kj, "[127.0.0.1]:80"_kj, "unix:"_kj, "unix-abstract:"_kj, "127.0.0.1:-1"_kj}) {
    SCOPED_TRACE(address.cStr());
    EXPECT_TRUE(openError(address).startsWith("address \"")) << openError(address).cStr();
  }
  EXPECT_TRUE(openError(kj::str("unix:/", kj::repeat('x', 200))).startsWith("address \""));
}

TEST(ListenSocket, TellsAPortInUseInBothForms) {
  auto first = ListenSocket::open("127.0.0.1:0", 0);
  auto address = kj::str("127.0.0.1:", first.get<Sockets>()[0].port());
  auto second = ListenSocket::open(address, 0);
  ASSERT_TRUE(second.is<OpenError>());
  EXPECT_EQ(second.get<OpenError>().what, "bind(): Address already in use (os error 98)");
  EXPECT_EQ(KJ_ASSERT_NONNULL(second.get<OpenError>().detail),
            kj::str("Address already in use; toString() = ", address));
}

TEST(ListenSocket, UnixSocketsHaveNoPortAndAreNotReplaced) {
  char directory[] = "/tmp/ocapd-listen-XXXXXX";
  ASSERT_NE(::mkdtemp(directory), nullptr);
  auto path = kj::str(directory, "/socket");
  auto address = kj::str("unix:", path);
  {
    auto first = ListenSocket::open(address, 0);
    ASSERT_TRUE(first.is<Sockets>());
    EXPECT_EQ(first.get<Sockets>()[0].port(), 0u);
  }
  EXPECT_EQ(openError(address), "bind(): Address already in use (os error 98)");
  ::unlink(path.cStr());
  ::rmdir(directory);
}

TEST(ListenSocket, AcceptsConnectionsOnAnAbstractName) {
  auto io = kj::setupAsyncIo();
  auto address = kj::str("unix-abstract:ocapd-test-", ::getpid());
  auto opened = ListenSocket::open(address, 0);
  ASSERT_TRUE(opened.is<Sockets>());
  auto accepted = opened.get<Sockets>()[0].accept(io.unixEventPort);
  auto client = io.provider->getNetwork()
                    .parseAddress(address)
                    .wait(io.waitScope)
                    ->connect()
                    .wait(io.waitScope);
  EXPECT_GE(accepted.wait(io.waitScope).fd.get(), 0);
}

TEST(ListenSocket, AdoptsOnlyWhatListens) {
  int fds[2];
  KJ_SYSCALL(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  kj::AutoCloseFd one(fds[0]), other(fds[1]);
  auto result = ListenSocket::adopt(one.get());
  ASSERT_TRUE(result.is<OpenError>());
  EXPECT_EQ(result.get<OpenError>().what, "File descriptor is not a listening socket.");
  EXPECT_EQ(ListenSocket::adopt(-1).get<OpenError>().what, "File descriptor is not open.");
}

}  // namespace
}  // namespace ocapd::server::net
