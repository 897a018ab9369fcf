#include "src/server/net/listen_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include <kj/debug.h>

namespace ocapd::server::net {
namespace {

constexpr int kBacklog = 511;
// How long accepting rests when the process has no descriptor left.
constexpr kj::Duration kExhaustedPause = 50 * kj::MILLISECONDS;

struct Address {
  sockaddr_storage storage{};
  socklen_t bytes = 0;
  bool dualStack = false;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

using AddressesOrError = kj::OneOf<kj::Vector<Address>, OpenError>;

OpenError systemError(kj::StringPtr call, int error, kj::StringPtr address) {
  kj::StringPtr text = strerror(error);
  return {kj::str(call, "(): ", text, " (os error ", error, ")"),
          kj::str(text, "; toString() = ", address)};
}

OpenError invalid(kj::StringPtr address, kj::StringPtr why) {
  return {kj::str("address \"", address, "\" ", why,
                  "; write host:port, *:port, [ipv6]:port, unix:path or unix-abstract:name"),
          nullptr};
}

kj::Maybe<kj::uint> parsePort(kj::ArrayPtr<const char> text) {
  if (text.size() == 0 || text.size() > 5) return nullptr;
  kj::uint port = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return nullptr;
    port = port * 10 + (c - '0');
  }
  if (port > 65535) return nullptr;
  return port;
}

AddressesOrError one(Address address) {
  kj::Vector<Address> result;
  result.add(address);
  return kj::mv(result);
}

AddressesOrError unixAddress(kj::StringPtr whole, kj::StringPtr name, bool abstract) {
  Address result;
  auto* un = reinterpret_cast<sockaddr_un*>(&result.storage);
  un->sun_family = AF_UNIX;
  size_t prefix = abstract ? 1 : 0;
  if (name.size() == 0 || name.size() + 1 > sizeof(un->sun_path)) {
    return invalid(whole, "has an empty or overlong socket name"_kj);
  }
  memcpy(un->sun_path + prefix, name.begin(), name.size());
  // One more for the leading (abstract) or the trailing NUL (path).
  result.bytes = offsetof(sockaddr_un, sun_path) + name.size() + 1;
  return one(result);
}

Address inet6(const in6_addr& ip, kj::uint port) {
  Address result;
  auto* in = reinterpret_cast<sockaddr_in6*>(&result.storage);
  in->sin6_family = AF_INET6;
  in->sin6_addr = ip;
  in->sin6_port = htons(port);
  result.bytes = sizeof(*in);
  return result;
}

Address inet4(const in_addr& ip, kj::uint port) {
  Address result;
  auto* in = reinterpret_cast<sockaddr_in*>(&result.storage);
  in->sin_family = AF_INET;
  in->sin_addr = ip;
  in->sin_port = htons(port);
  result.bytes = sizeof(*in);
  return result;
}

AddressesOrError lookUp(kj::StringPtr whole, kj::StringPtr host, kj::uint port) {
  // The reference listens on IPv4 only for this one, and tools connect accordingly.
  if (host == "localhost") {
    in_addr loopback{htonl(INADDR_LOOPBACK)};
    return one(inet4(loopback, port));
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  int error = getaddrinfo(host.cStr(), nullptr, &hints, &list);
  if (error != 0) {
    return OpenError{kj::str("host \"", host, "\" cannot be resolved: ", gai_strerror(error)),
                     nullptr};
  }
  KJ_DEFER(freeaddrinfo(list));
  kj::Vector<Address> result;
  for (auto* info = list; info != nullptr; info = info->ai_next) {
    if (info->ai_family == AF_INET) {
      result.add(inet4(reinterpret_cast<sockaddr_in*>(info->ai_addr)->sin_addr, port));
    } else if (info->ai_family == AF_INET6) {
      result.add(inet6(reinterpret_cast<sockaddr_in6*>(info->ai_addr)->sin6_addr, port));
    }
  }
  if (result.empty()) return invalid(whole, "names a host without an IP address"_kj);
  return kj::mv(result);
}

AddressesOrError parse(kj::StringPtr text, kj::uint defaultPort) {
  if (text.startsWith("unix:")) return unixAddress(text, text.slice(5), false);
  if (text.startsWith("unix-abstract:")) return unixAddress(text, text.slice(14), true);

  kj::String host;
  kj::uint port = defaultPort;
  kj::Maybe<kj::ArrayPtr<const char>> portText;
  in6_addr ip6;
  if (inet_pton(AF_INET6, text.cStr(), &ip6) == 1) return one(inet6(ip6, port));
  if (text.startsWith("[")) {
    KJ_IF_MAYBE(close, text.findFirst(']')) {
      host = kj::heapString(text.slice(1, *close));
      auto rest = text.slice(*close + 1);
      if (rest.startsWith(":")) {
        portText = rest.slice(1).asArray();
      } else if (rest.size() > 0) {
        return invalid(text, "has something other than a port behind its ]"_kj);
      }
    } else {
      return invalid(text, "lacks a closing ]"_kj);
    }
    if (inet_pton(AF_INET6, host.cStr(), &ip6) != 1) {
      return invalid(text, "holds no IPv6 address between its brackets"_kj);
    }
  } else KJ_IF_MAYBE(colon, text.findLast(':')) {
    host = kj::heapString(text.slice(0, *colon));
    portText = text.slice(*colon + 1).asArray();
  } else {
    host = kj::heapString(text);
  }
  KJ_IF_MAYBE(digits, portText) {
    KJ_IF_MAYBE(number, parsePort(*digits)) {
      port = *number;
    } else {
      return invalid(text, "has no valid port (0 to 65535)"_kj);
    }
  }
  if (text.startsWith("[")) return one(inet6(ip6, port));
  if (host.size() == 0) return invalid(text, "names no host"_kj);
  if (host == "*") {
    auto result = inet6(in6addr_any, port);
    result.dualStack = true;
    return one(result);
  }
  in_addr ip4;
  if (inet_pton(AF_INET, host.cStr(), &ip4) == 1) return one(inet4(ip4, port));
  return lookUp(text, host, port);
}

bool isLocal(const Address& address) {
  switch (address.get()->sa_family) {
    case AF_UNIX: return true;
    case AF_INET: {
      auto* in = reinterpret_cast<const sockaddr_in*>(address.get());
      return (ntohl(in->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
    }
    case AF_INET6: {
      auto* in = reinterpret_cast<const sockaddr_in6*>(address.get());
      return IN6_IS_ADDR_LOOPBACK(&in->sin6_addr);
    }
    default: return false;
  }
}

kj::OneOf<kj::AutoCloseFd, OpenError> bindAndListen(Address address) {
  auto display = describeAddress(address.get(), address.bytes);
  int family = address.get()->sa_family;
  int raw = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (raw < 0 && address.dualStack && errno == EAFNOSUPPORT) {
    // A machine without IPv6: `*` means all of IPv4.
    auto port = ntohs(reinterpret_cast<sockaddr_in6*>(address.get())->sin6_port);
    return bindAndListen(inet4(in_addr{htonl(INADDR_ANY)}, port));
  }
  if (raw < 0) return systemError("socket", errno, display);
  kj::AutoCloseFd fd(raw);
  int on = 1;
  int off = 0;
  if (family != AF_UNIX) ::setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (family == AF_INET6) {
    ::setsockopt(raw, IPPROTO_IPV6, IPV6_V6ONLY, address.dualStack ? &off : &on, sizeof(int));
  }
  if (::bind(raw, address.get(), address.bytes) < 0) return systemError("bind", errno, display);
  if (::listen(raw, kBacklog) < 0) return systemError("listen", errno, display);
  return kj::mv(fd);
}

}  // namespace

kj::String describeAddress(const sockaddr* address, socklen_t bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  switch (address->sa_family) {
    case AF_INET: {
      auto* in = reinterpret_cast<const sockaddr_in*>(address);
      inet_ntop(AF_INET, &in->sin_addr, text, sizeof(text));
      return kj::str(text, ":", ntohs(in->sin_port));
    }
    case AF_INET6: {
      auto* in = reinterpret_cast<const sockaddr_in6*>(address);
      inet_ntop(AF_INET6, &in->sin6_addr, text, sizeof(text));
      return kj::str("[", text, "]:", ntohs(in->sin6_port));
    }
    case AF_UNIX: {
      auto* un = reinterpret_cast<const sockaddr_un*>(address);
      size_t size = bytes - offsetof(sockaddr_un, sun_path);
      if (size == 0) return kj::str("unix:");
      if (un->sun_path[0] == '\0') {
        return kj::str("unix-abstract:", kj::arrayPtr(un->sun_path + 1, size - 1));
      }
      return kj::str("unix:", kj::arrayPtr(un->sun_path, strnlen(un->sun_path, size)));
    }
    default: return kj::str("(address family ", address->sa_family, ")");
  }
}

kj::OneOf<kj::Vector<ListenSocket>, OpenError> ListenSocket::open(kj::StringPtr address,
                                                                  kj::uint defaultPort,
                                                                  Reach reach) {
  auto parsed = parse(address, defaultPort);
  KJ_IF_MAYBE(error, parsed.tryGet<OpenError>()) {
    return kj::mv(*error);
  }
  kj::Vector<ListenSocket> sockets;
  for (auto& each : parsed.get<kj::Vector<Address>>()) {
    if (reach == Reach::Local && !isLocal(each)) {
      return OpenError{kj::str("address \"", address, "\" can be reached from other machines"),
                       nullptr};
    }
    // Port 0 of a host with several addresses: all take the port that the first one was given.
    if (!sockets.empty() && each.get()->sa_family == AF_INET) {
      reinterpret_cast<sockaddr_in*>(each.get())->sin_port = htons(sockets[0].port());
    } else if (!sockets.empty() && each.get()->sa_family == AF_INET6) {
      reinterpret_cast<sockaddr_in6*>(each.get())->sin6_port = htons(sockets[0].port());
    }
    auto bound = bindAndListen(each);
    KJ_IF_MAYBE(error, bound.tryGet<OpenError>()) {
      return kj::mv(*error);
    }
    sockets.add(ListenSocket(kj::mv(bound.get<kj::AutoCloseFd>())));
  }
  return kj::mv(sockets);
}

kj::OneOf<ListenSocket, OpenError> ListenSocket::adopt(int fd) {
  int listening = 0;
  socklen_t bytes = sizeof(listening);
  if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &bytes) < 0) {
    return OpenError{errno == ENOTSOCK ? kj::str("File descriptor is not a socket.")
                                       : kj::str("File descriptor is not open."),
                     nullptr};
  }
  if (!listening) return OpenError{kj::str("File descriptor is not a listening socket."), nullptr};
  int flags = ::fcntl(fd, F_GETFL);
  KJ_SYSCALL(::fcntl(fd, F_SETFL, flags | O_NONBLOCK));
  return ListenSocket(kj::AutoCloseFd(fd));
}

kj::uint ListenSocket::port() const {
  Address address;
  address.bytes = sizeof(address.storage);
  KJ_SYSCALL(::getsockname(fd_.get(), address.get(), &address.bytes));
  if (address.get()->sa_family == AF_INET) {
    return ntohs(reinterpret_cast<sockaddr_in*>(address.get())->sin_port);
  }
  if (address.get()->sa_family == AF_INET6) {
    return ntohs(reinterpret_cast<sockaddr_in6*>(address.get())->sin6_port);
  }
  return 0;
}

kj::Promise<ListenSocket::Accepted> ListenSocket::accept(kj::UnixEventPort& eventPort) {
  if (observer_.get() == nullptr) {
    observer_ = kj::heap<kj::UnixEventPort::FdObserver>(
        eventPort, fd_.get(), kj::UnixEventPort::FdObserver::OBSERVE_READ);
  }
  for (;;) {
    Accepted accepted{};
    accepted.peerBytes = sizeof(accepted.peer);
    int fd = ::accept4(fd_.get(), reinterpret_cast<sockaddr*>(&accepted.peer), &accepted.peerBytes,
                       SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      accepted.fd = kj::AutoCloseFd(fd);
      if (accepted.peer.ss_family != AF_UNIX) {
        int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      }
      co_return kj::mv(accepted);
    }
    switch (errno) {
      case EAGAIN: co_await observer_->whenBecomesReadable(); break;
      case EINTR:
      case ECONNABORTED:
      case EPROTO:
      case ENETDOWN:
      case EHOSTDOWN:
      case EHOSTUNREACH:
      case ENETUNREACH: break;  // that connection is gone; there may be others
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM:
        // Connections wait in the backlog until some descriptor is free again.
        co_await eventPort.getTimer().afterDelay(kExhaustedPause);
        break;
      default: {
        int error = errno;
        KJ_FAIL_SYSCALL("accept4", error);
      }
    }
  }
}

}  // namespace ocapd::server::net
