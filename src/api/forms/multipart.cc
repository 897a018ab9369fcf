#include "src/api/forms/multipart.h"

#include <string.h>
#include <sys/random.h>
#include <string_view>

#include <kj/debug.h>
#include <kj/encoding.h>

#include "src/js/error.h"

namespace ocapd::api {

namespace {

constexpr size_t kBoundaryBytes = 16;  // random ones, as hexadecimal digits

// In linear time, whatever the text is.
size_t find(std::string_view text, kj::StringPtr wanted) {
  auto* found =
      static_cast<const char*>(memmem(text.data(), text.size(), wanted.begin(), wanted.size()));
  return found == nullptr ? text.npos : size_t(found - text.data());
}

bool startsWithIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = char(c + 32);
    if (c != lower[i]) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  size_t start = text.find_first_not_of(" \t");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \t") + 1 - start);
}

kj::String toString(std::string_view text) {
  return kj::heapString(text.data(), text.size());
}

// Takes the line `text` begins with, without its end. None when it does not end.
bool takeLine(std::string_view& text, std::string_view& line) {
  size_t end = text.find('\n');
  if (end == text.npos) return false;
  line = text.substr(0, end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  text.remove_prefix(end + 1);
  return true;
}

// The three characters that must not stand in a quoted name, as MultipartWriter writes them.
kj::String unescaped(std::string_view text) {
  kj::Vector<char> result(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    auto code = text.substr(i, 3);
    char plain = code == "%22" ? '"' : code == "%0D" ? '\r' : code == "%0A" ? '\n' : '\0';
    if (plain != '\0') {
      result.add(plain);
      i += 2;
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    result.add(text[i]);
  }
  return kj::heapString(result.begin(), result.size());
}

// `name="a"; filename="b"`. What is not quoted is passed over.
void readParameters(std::string_view text, MultipartPart& part, bool& isNamed) {
  while (true) {
    size_t equals = text.find('=');
    if (equals == text.npos) return;
    auto name = trimmed(text.substr(0, equals));
    text = trimmed(text.substr(equals + 1));
    if (text.empty() || text[0] != '"') {
      text.remove_prefix(kj::min(text.find(';'), text.size() - 1) + 1);
      continue;
    }
    size_t end = 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) return;
    auto value = text.substr(1, end - 1);
    if (name == "name") {
      part.name = unescaped(value);
      isNamed = true;
    } else if (name == "filename" && !value.empty()) {
      part.filename = unescaped(value);
    }
    text.remove_prefix(kj::min(text.find(';', end), text.size() - 1) + 1);
  }
}

void readDisposition(std::string_view value, MultipartPart& part) {
  size_t semicolon = kj::min(value.find(';'), value.size());
  auto kind = trimmed(value.substr(0, semicolon));
  if (kind != "form-data") {
    throw js::Error::type(
        "Content-Disposition header for FormData part must have the value \"form-data\", possibly "
        "followed by parameters. Got: \"",
        toString(kind), "\"");
  }
  bool isNamed = false;
  if (semicolon < value.size()) readParameters(value.substr(semicolon + 1), part, isNamed);
  if (!isNamed) {
    throw js::Error::type("Content-Disposition header in FormData part is missing a name.");
  }
}

// Takes a part's headers and the empty line behind them.
void takeHeaders(std::string_view& rest, MultipartPart& part) {
  constexpr std::string_view kDisposition = "content-disposition:";
  constexpr std::string_view kType = "content-type:";
  bool hasDisposition = false;
  std::string_view disposition;
  while (true) {
    std::string_view line;
    if (!takeLine(rest, line)) {
      throw js::Error::type("No multipart message header termination found.");
    }
    if (line.empty()) break;
    if (startsWithIgnoringCase(line, kDisposition)) {
      hasDisposition = true;
      disposition = trimmed(line.substr(kDisposition.size()));
    } else if (startsWithIgnoringCase(line, kType)) {
      part.contentType = toString(trimmed(line.substr(kType.size())));
    }
  }
  if (!hasDisposition) {
    throw js::Error::type("No valid Content-Disposition header found in FormData part.");
  }
  readDisposition(disposition, part);
}

// Takes what follows a boundary; false when that was the last one.
bool takeBoundaryEnd(std::string_view& rest) {
  if (rest.starts_with("\r\n")) {
    rest.remove_prefix(2);
    return true;
  }
  if (rest.starts_with("\n")) {
    rest.remove_prefix(1);
    return true;
  }
  if (rest.starts_with("--")) return false;
  throw js::Error::type("Boundary string was not succeeded by CRLF, LF, or '--'.");
}

}  // namespace

kj::Vector<MultipartPart> parseMultipart(kj::ArrayPtr<const kj::byte> body,
                                         kj::StringPtr boundary) {
  kj::Vector<MultipartPart> parts;
  auto first = kj::str("--", boundary);
  auto next = kj::str("\n--", boundary);
  std::string_view rest(reinterpret_cast<const char*>(body.begin()), body.size());
  size_t start = find(rest, first);
  if (start == rest.npos || rest.size() - start - first.size() == 0) {
    throw js::Error::type("No initial boundary string (or you have a truncated message).");
  }
  rest.remove_prefix(start + first.size());
  while (takeBoundaryEnd(rest)) {
    auto& part = parts.add();
    takeHeaders(rest, part);
    size_t end = find(rest, next);
    if (end == rest.npos) {
      throw js::Error::type("No subsequent boundary string after multipart message.");
    }
    auto content = rest.substr(0, end);
    if (!content.empty() && content.back() == '\r') content.remove_suffix(1);
    part.content = kj::arrayPtr(content.data(), content.size()).asBytes();
    rest.remove_prefix(end + next.size());
  }
  return parts;
}

MultipartWriter::MultipartWriter() {
  kj::byte random[kBoundaryBytes];
  // Never short for so few bytes, once the system has started.
  KJ_ASSERT(getrandom(random, sizeof(random), 0) == ssize_t(sizeof(random)));
  boundary_ = kj::encodeHex(random);
}

void MultipartWriter::addQuoted(kj::StringPtr text) {
  add("\""_kj);
  for (char c : text) {
    switch (c) {
      case '"': add("%22"_kj); break;
      case '\r': add("%0D"_kj); break;
      case '\n': add("%0A"_kj); break;
      default: bytes_.add(kj::byte(c));
    }
  }
  add("\""_kj);
}

void MultipartWriter::addHead(kj::StringPtr name) {
  add(kj::str("--", boundary_, "\r\nContent-Disposition: form-data; name="));
  addQuoted(name);
}

void MultipartWriter::addText(kj::StringPtr name, kj::StringPtr value) {
  addHead(name);
  add("\r\n\r\n"_kj);
  add(value);
  add("\r\n"_kj);
}

void MultipartWriter::addFile(kj::StringPtr name, kj::StringPtr filename, kj::StringPtr contentType,
                              kj::ArrayPtr<const kj::byte> content) {
  addHead(name);
  add("; filename="_kj);
  addQuoted(filename);
  add("\r\nContent-Type: "_kj);
  add(contentType.size() == 0 ? "application/octet-stream"_kj : contentType);
  add("\r\n\r\n"_kj);
  bytes_.addAll(content);
  add("\r\n"_kj);
}

kj::Array<kj::byte> MultipartWriter::finish() {
  add(kj::str("--", boundary_, "--"));
  return bytes_.releaseAsArray();
}

}  // namespace ocapd::api
