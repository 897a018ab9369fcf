#include "src/api/forms/mime_type.h"

#include <string.h>

namespace ocapd::api {

namespace {

bool isTokenChar(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != nullptr;
}

bool isToken(std::string_view text) {
  for (char c : text) {
    if (!isTokenChar(c)) return false;
  }
  return !text.empty();
}

// https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point, of UTF-8
bool isQuotable(std::string_view text) {
  for (char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F') return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  size_t start = text.find_first_not_of(kSpace);
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(kSpace) + 1 - start);
}

kj::String toLower(std::string_view text) {
  auto result = kj::heapString(text.data(), text.size());
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = char(c + 32);
  }
  return result;
}

// The string that begins at `at`, behind its opening quote; `at` is behind the closing one, or at
// the end, afterwards.
kj::String takeQuoted(std::string_view text, size_t& at) {
  kj::Vector<char> value;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value.add(text[at]);
  }
  if (at < text.size()) ++at;
  return kj::heapString(value.begin(), value.size());
}

}  // namespace

kj::Maybe<MimeType> MimeType::parse(kj::StringPtr whole) {
  auto text = trimmed({whole.begin(), whole.size()});
  size_t slash = text.find('/');
  if (slash == text.npos || !isToken(text.substr(0, slash))) return nullptr;
  size_t at = kj::min(text.find(';', slash), text.size());
  if (!isToken(trimmed(text.substr(slash + 1, at - slash - 1)))) return nullptr;
  MimeType result;
  auto subtype = trimmed(text.substr(slash + 1, at - slash - 1));
  result.essence = kj::str(toLower(text.substr(0, slash)), '/', toLower(subtype));
  while (at < text.size()) {
    ++at;  // the semicolon
    size_t nameEnd = kj::min(text.find_first_of(";=", at), text.size());
    auto name = toLower(trimmed(text.substr(at, nameEnd - at)));
    at = nameEnd;
    if (at == text.size() || text[at] == ';') continue;
    ++at;  // the equals sign
    kj::String value;
    bool isGiven = true;
    if (at < text.size() && text[at] == '"') {
      ++at;
      value = takeQuoted(text, at);
      at = kj::min(text.find(';', at), text.size());
    } else {
      size_t end = kj::min(text.find(';', at), text.size());
      auto plain = trimmed(text.substr(at, end - at));
      value = kj::heapString(plain.data(), plain.size());
      isGiven = !plain.empty();
      at = end;
    }
    bool isValid = isToken({name.begin(), name.size()}) &&
                   isQuotable({value.begin(), value.size()}) && isGiven;
    if (isValid && result.parameter(name) == nullptr) {
      result.parameters.add(Parameter{kj::mv(name), kj::mv(value)});
    }
  }
  return kj::mv(result);
}

kj::Maybe<kj::StringPtr> MimeType::parameter(kj::StringPtr name) const {
  for (auto& each : parameters) {
    if (each.name == name) return each.value.asPtr();
  }
  return nullptr;
}

kj::String MimeType::serialized() const {
  kj::Vector<char> result;
  result.addAll(essence);
  for (auto& [name, value] : parameters) {
    result.addAll(kj::str(';', name, '='));
    if (isToken({value.begin(), value.size()})) {
      result.addAll(value);
      continue;
    }
    result.add('"');
    for (char c : value) {
      if (c == '"' || c == '\\') result.add('\\');
      result.add(c);
    }
    result.add('"');
  }
  return kj::heapString(result.begin(), result.size());
}

}  // namespace ocapd::api
