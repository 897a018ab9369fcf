#include "src/api/fetch/data_url.h"

#include <string_view>

#include <kj/encoding.h>

#include "src/api/forms/mime_type.h"

namespace ocapd::api {

namespace {

constexpr std::string_view kScheme = "data:";
constexpr kj::StringPtr kDefaultType = "text/plain;charset=US-ASCII"_kj;

std::string_view trimmed(std::string_view text) {
  size_t start = text.find_first_not_of(' ');
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(' ') + 1 - start);
}

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// https://url.spec.whatwg.org/#string-percent-decode
kj::Array<kj::byte> percentDecoded(std::string_view text) {
  kj::Vector<kj::byte> result(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    int high = text[i] == '%' && i + 2 < text.size() ? hexDigit(text[i + 1]) : -1;
    int low = high >= 0 ? hexDigit(text[i + 2]) : -1;
    if (low < 0) {
      result.add(kj::byte(text[i]));
    } else {
      result.add(kj::byte(high * 16 + low));
      i += 2;
    }
  }
  return result.releaseAsArray();
}

// https://infra.spec.whatwg.org/#forgiving-base64-decode
kj::Maybe<kj::Array<kj::byte>> base64Decoded(kj::ArrayPtr<const kj::byte> text) {
  kj::Vector<char> digits(text.size());
  for (kj::byte c : text) {
    bool isSpace = c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
    if (!isSpace) digits.add(char(c));
  }
  if (digits.size() % 4 == 0) {
    for (int i = 0; i < 2 && digits.size() > 0 && digits.back() == '='; ++i) digits.removeLast();
  }
  if (digits.size() % 4 == 1) return nullptr;
  for (char c : digits) {
    bool isDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   c == '+' || c == '/';
    if (!isDigit) return nullptr;
  }
  while (digits.size() % 4 != 0) digits.add('=');
  auto decoded = kj::decodeBase64(digits);
  return kj::Array<kj::byte>(kj::mv(decoded));
}

// Takes "; base64" off the end, if it is there.
bool takeBase64(std::string_view& type) {
  constexpr std::string_view kBase64 = "base64";
  if (type.size() < kBase64.size()) return false;
  auto tail = type.substr(type.size() - kBase64.size());
  for (size_t i = 0; i < tail.size(); ++i) {
    if ((tail[i] | (i < 4 ? 0x20 : 0)) != kBase64[i]) return false;
  }
  auto rest = type.substr(0, type.size() - kBase64.size());
  while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  if (rest.empty() || rest.back() != ';') return false;
  type = rest.substr(0, rest.size() - 1);
  return true;
}

}  // namespace

bool isDataUrl(kj::StringPtr url) {
  return url.startsWith("data:");
}

kj::Maybe<DataUrl> parseDataUrl(kj::StringPtr url) {
  std::string_view text(url.begin(), url.size());
  text = text.substr(kScheme.size());
  text = text.substr(0, kj::min(text.find('#'), text.size()));
  size_t comma = text.find(',');
  if (comma == text.npos) return nullptr;
  auto type = trimmed(text.substr(0, comma));
  DataUrl result;
  result.body = percentDecoded(text.substr(comma + 1));
  if (takeBase64(type)) {
    KJ_IF_MAYBE(decoded, base64Decoded(result.body)) {
      result.body = kj::mv(*decoded);
    } else {
      return nullptr;
    }
  }
  auto typeText =
      kj::str(type.starts_with(';') ? "text/plain" : "", kj::heapString(type.data(), type.size()));
  KJ_IF_MAYBE(parsed, MimeType::parse(typeText)) {
    result.mimeType = parsed->serialized();
  } else {
    result.mimeType = kj::str(kDefaultType);
  }
  return kj::mv(result);
}

}  // namespace ocapd::api
