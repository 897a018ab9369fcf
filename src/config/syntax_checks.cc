#include "syntax_checks.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace ocapd::config {
namespace {

constexpr size_t kUnixPathBytesMax = sizeof(sockaddr_un::sun_path) - 1;

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isAlphanumeric(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string_view viewOf(kj::ArrayPtr<const char> text) {
  return {text.begin(), text.size()};
}

// inet_pton() wants a terminated string.
bool isIp(int family, std::string_view text) {
  char buffer[INET6_ADDRSTRLEN + 1];
  if (text.size() >= sizeof(buffer)) return false;
  memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  unsigned char parsed[sizeof(in6_addr)];
  return inet_pton(family, buffer, parsed) == 1;
}

// A number, or the name of a service that the resolver will know.
kj::Maybe<kj::String> whatIsWrongWithPort(std::string_view port) {
  if (port.empty()) return kj::str("ends with a colon; add a port, or drop the colon");
  if (std::all_of(port.begin(), port.end(), isDigit)) {
    uint number = 0;
    for (char c : port) {
      number = number * 10 + (c - '0');
      if (number > 65535) return kj::str("has a port above 65535");
    }
    return nullptr;
  }
  for (char c : port) {
    if (!isAlphanumeric(c) && c != '-') {
      return kj::str("has something other than a port behind its colon");
    }
  }
  return nullptr;
}

kj::Maybe<kj::String> whatIsWrongWithUnixName(std::string_view name) {
  if (name.empty()) return kj::str("names no socket behind \"unix:\"");
  if (name.size() > kUnixPathBytesMax) {
    return kj::str("has ", name.size(), " bytes of path; Unix sockets take ", kUnixPathBytesMax);
  }
  return nullptr;
}

kj::Maybe<kj::String> whatIsWrongWithHost(std::string_view host) {
  if (host.empty()) return kj::str("has no host; use * for all interfaces");
  if (host == "*") return nullptr;
  for (char c : host) {
    bool usual = isAlphanumeric(c) || c == '-' || c == '.' || c == '_' ||
                 static_cast<unsigned char>(c) >= 0x80;
    if (!usual) return kj::str("has a host with a character that none can have");
  }
  return nullptr;
}

}  // namespace

kj::Maybe<kj::String> whatIsWrongWithAddress(kj::StringPtr address) {
  std::string_view text = viewOf(address);
  if (text.empty()) return kj::str("is empty");
  if (text.find('\0') != text.npos) return kj::str("contains a NUL byte");
  if (text.starts_with("unix:")) return whatIsWrongWithUnixName(text.substr(5));
  if (text.starts_with("unix-abstract:")) return whatIsWrongWithUnixName(text.substr(14));
  if (text.find("://") != text.npos) {
    return kj::str("is a URL; write only host:port");
  }
  if (text.starts_with("[")) {
    size_t close = text.find(']');
    if (close == text.npos) return kj::str("has no ] after its IPv6 address");
    if (!isIp(AF_INET6, text.substr(1, close - 1))) {
      return kj::str("has no IPv6 address between its brackets");
    }
    auto rest = text.substr(close + 1);
    if (rest.empty()) return nullptr;
    if (rest[0] != ':') return kj::str("continues after ] with something other than a port");
    return whatIsWrongWithPort(rest.substr(1));
  }
  size_t colon = text.find(':');
  if (colon == text.npos) return whatIsWrongWithHost(text);
  if (text.find(':', colon + 1) != text.npos) {
    if (isIp(AF_INET6, text)) return nullptr;
    return kj::str("has several colons but is no IPv6 address; write [address]:port for those");
  }
  KJ_IF_MAYBE(wrong, whatIsWrongWithHost(text.substr(0, colon))) return kj::mv(*wrong);
  return whatIsWrongWithPort(text.substr(colon + 1));
}

kj::Maybe<kj::String> whatIsWrongWithFilter(kj::StringPtr entry, FilterList list) {
  for (kj::StringPtr name : {"local"_kj, "private"_kj, "unix"_kj, "unix-abstract"_kj}) {
    if (entry == name) return nullptr;
  }
  if (entry == "network" || entry == "public") {
    if (list == FilterList::Allow) return nullptr;
    return kj::str("don't deny '", entry, "', allow '", entry == "network" ? "local" : "private",
                   "' instead");
  }
  std::string_view text = viewOf(entry);
  size_t slash = text.find('/');
  auto invalid = [&]() {
    return kj::str("invalid CIDR: ", entry,
                   " (an entry is address/bits or one of public, "
                   "private, local, network, unix, unix-abstract)");
  };
  if (slash == text.npos) return invalid();
  auto ip = text.substr(0, slash);
  auto bits = text.substr(slash + 1);
  int family = ip.find(':') == ip.npos ? AF_INET : AF_INET6;
  if (!isIp(family, ip) || bits.empty() || bits.size() > 3 ||
      !std::all_of(bits.begin(), bits.end(), isDigit)) {
    return invalid();
  }
  int count = 0;
  for (char c : bits) count = count * 10 + (c - '0');
  if (count > (family == AF_INET ? 32 : 128)) return invalid();
  return nullptr;
}

bool isHeaderName(kj::StringPtr name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  if (name.size() == 0) return false;
  for (char c : name) {
    if (!isAlphanumeric(c) && kMarks.find(c) == kMarks.npos) return false;
  }
  return true;
}

bool isHeaderValue(kj::StringPtr value) {
  for (char c : value) {
    if (c == '\r' || c == '\n' || c == '\0') return false;
  }
  return true;
}

}  // namespace ocapd::config
