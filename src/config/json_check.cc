#include "json_check.h"

#include <kj/vector.h>

#include <cctype>
#include <string_view>

namespace ocapd::config {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool scan();
  size_t position() const { return at_; }

 private:
  enum class Container : char { Array, Object };

  void skipSpace() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").contains(text_[at_])) ++at_;
  }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool takeDigits();
  bool takeNumber();
  bool takeString();
  bool takeWord(std::string_view word);
  bool takeScalar();
  bool takeKey();

  std::string_view text_;
  size_t at_ = 0;
  kj::Vector<Container> open_;
};

bool Scanner::takeDigits() {
  size_t begin = at_;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  return at_ > begin;
}

bool Scanner::takeNumber() {
  take('-');
  if (!take('0') && !takeDigits()) return false;
  if (take('.') && !takeDigits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    return takeDigits();
  }
  return true;
}

bool Scanner::takeString() {
  if (!take('"')) return false;
  while (at_ < text_.size()) {
    unsigned char c = text_[at_];
    if (c < 0x20) return false;
    ++at_;
    if (c == '"') return true;
    if (c != '\\') continue;
    if (at_ >= text_.size()) return false;
    char escaped = text_[at_];
    if (!std::string_view("\"\\/bfnrtu").contains(escaped)) return false;
    ++at_;
    if (escaped != 'u') continue;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (at_ >= text_.size() || !isxdigit(static_cast<unsigned char>(text_[at_]))) return false;
    }
  }
  return false;
}

bool Scanner::takeWord(std::string_view word) {
  if (!text_.substr(at_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool Scanner::takeScalar() {
  if (at_ >= text_.size()) return false;
  switch (text_[at_]) {
    case '"': return takeString();
    case 't': return takeWord("true");
    case 'f': return takeWord("false");
    case 'n': return takeWord("null");
    default: return takeNumber();
  }
}

bool Scanner::takeKey() {
  skipSpace();
  if (!takeString()) return false;
  skipSpace();
  return take(':');
}

bool Scanner::scan() {
  for (;;) {
    // Here a value begins.
    skipSpace();
    bool closed = true;
    if (take('[')) {
      skipSpace();
      if (!take(']')) {
        open_.add(Container::Array);
        closed = false;
      }
    } else if (take('{')) {
      skipSpace();
      if (!take('}')) {
        open_.add(Container::Object);
        if (!takeKey()) return false;
        closed = false;
      }
    } else if (!takeScalar()) {
      return false;
    }
    // Here one has ended, and maybe those around it too.
    while (closed) {
      skipSpace();
      if (open_.empty()) return at_ == text_.size();
      Container container = open_.back();
      if (take(',')) {
        if (container == Container::Object && !takeKey()) return false;
        closed = false;
      } else if (take(container == Container::Array ? ']' : '}')) {
        open_.removeLast();
      } else {
        return false;
      }
    }
  }
}

}  // namespace

kj::Maybe<size_t> findJsonError(kj::StringPtr text) {
  Scanner scanner(std::string_view(text.begin(), text.size()));
  if (scanner.scan()) return nullptr;
  return scanner.position();
}

}  // namespace ocapd::config
