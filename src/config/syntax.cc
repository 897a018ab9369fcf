#include "syntax.h"

#include <kj/debug.h>

namespace ocapd::config::syntax {
namespace {

bool isNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isNamePart(char c) {
  return isNameStart(c) || isDigit(c);
}

// What a string token says. File names need no more than the simple escapes.
kj::String unquote(std::string_view token) {
  kj::Vector<char> result;
  for (size_t i = 1; i + 1 < token.size(); ++i) {
    if (token[i] == '\\' && i + 2 < token.size()) ++i;
    result.add(token[i]);
  }
  result.add('\0');
  return kj::String(result.releaseAsArray());
}

}  // namespace

// ---- tokens ----

void Lexer::skipSpaceAndComments() {
  while (at_ < text_.size()) {
    char c = text_[at_];
    if (c == '#') {
      at_ = kj::min(text_.find('\n', at_), text_.size());
    } else if (c == ' ' || (c >= '\t' && c <= '\r')) {
      ++at_;
    } else if (text_.substr(at_).starts_with("\xef\xbb\xbf")) {
      at_ += 3;
    } else {
      return;
    }
  }
}

size_t Lexer::endOfString(char quote) const {
  if (quote == '`') return kj::min(text_.find('\n', at_), text_.size());
  for (size_t i = at_ + 1; i < text_.size(); ++i) {
    if (text_[i] == '\n') return i;  // not closed: the real parser stops here as well
    if (text_[i] == quote) return i + 1;
    if (text_[i] == '\\') ++i;
  }
  return text_.size();
}

Token Lexer::next() {
  skipSpaceAndComments();
  if (at_ >= text_.size()) return Token{Token::Kind::End, {}, text_.size()};
  size_t begin = at_;
  char c = text_[at_];
  Token::Kind kind;
  if (isNamePart(c)) {
    kind = isDigit(c) ? Token::Kind::Number : Token::Kind::Name;
    while (at_ < text_.size() && isNamePart(text_[at_])) ++at_;
    // A blob: 0x"12 34"
    if (text_.substr(begin, at_ - begin) == "0x" && at_ < text_.size() && text_[at_] == '"') {
      kind = Token::Kind::String;
      at_ = endOfString('"');
    }
  } else if (c == '"' || c == '`') {
    kind = Token::Kind::String;
    at_ = endOfString(c);
  } else {
    kind = Token::Kind::Symbol;
    ++at_;
  }
  return Token{kind, text_.substr(begin, at_ - begin), begin};
}

kj::Maybe<Excess> findExcess(std::string_view text) {
  Lexer lexer(text);
  size_t depth = 0;
  size_t chains[kNestingMax + 1] = {};  // per depth: applications since the last separator
  for (;;) {
    Token token = lexer.next();
    if (token.kind == Token::Kind::End) return nullptr;
    if (token.kind != Token::Kind::Symbol) continue;
    char c = token.text[0];
    if (c == '.' || c == '(' || c == '[') {
      if (++chains[depth] > kChainMax) {
        return Excess{token.begin, kj::str("More than ", kChainMax,
                                           " names or applications in "
                                           "a row.")};
      }
    } else if (c == ',' || c == ';' || c == '=' || c == ':' || c == '{' || c == '}' || c == '$') {
      chains[depth] = 0;
    }
    if (c == '(' || c == '[' || c == '{') {
      if (depth == kNestingMax) {
        return Excess{token.begin, kj::str("Brackets nest more than ", kNestingMax, " deep.")};
      }
      chains[++depth] = 0;
    } else if (c == ')' || c == ']' || c == '}') {
      if (depth > 0) --depth;
    }
  }
}

// ---- the tree ----

namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) { advance(); }

  void parseFile(Declaration& root);

 private:
  void advance() { token_ = lexer_.next(); }
  bool take(char symbol) {
    if (!token_.is(symbol)) return false;
    advance();
    return true;
  }
  bool atStatementEnd() const {
    return token_.kind == Token::Kind::End || token_.is(';') || token_.is('{') || token_.is('}');
  }

  // Declarations up to the bracket that closes the scope, or the end.
  void parseScope(Declaration& scope);
  void parseStatement(Declaration& scope);
  void parseConst(Declaration& scope, size_t begin);
  void parseUsing(Declaration& scope, size_t begin);
  void parseOther(Declaration& scope, std::string_view keyword, size_t begin);
  void parseMentions(Declaration& into);
  Declaration& addChild(Declaration& scope, Declaration::Kind kind, std::string_view name,
                        size_t begin);

  Value parseValue();
  void takeScalar();
  void parsePath(Value& value);
  void parseMembers(kj::Vector<Member>& members, char close);
  void parseFileName(Value& value, Value::Kind kind);

  Lexer lexer_;
  Token token_;
};

void Parser::parseFile(Declaration& root) {
  do {
    parseScope(root);
  } while (take('}'));  // one that closes nothing
}

void Parser::parseScope(Declaration& scope) {
  while (token_.kind != Token::Kind::End && !token_.is('}')) parseStatement(scope);
}

Declaration& Parser::addChild(Declaration& scope, Declaration::Kind kind, std::string_view name,
                              size_t begin) {
  auto child = kj::heap<Declaration>();
  child->kind = kind;
  child->name = name;
  child->begin = begin;
  child->parent = &scope;
  scope.byName.emplace(name, child.get());
  return *scope.children.add(kj::mv(child));
}

void Parser::parseStatement(Declaration& scope) {
  size_t begin = token_.begin;
  std::string_view keyword = token_.kind == Token::Kind::Name ? token_.text : std::string_view();
  if (keyword == "const") {
    advance();
    parseConst(scope, begin);
  } else if (keyword == "using") {
    advance();
    parseUsing(scope, begin);
  } else {
    parseOther(scope, keyword, begin);
  }
  if (take('{')) {
    // A bracket that belongs to nothing known opens a scope without a name.
    parseScope(addChild(scope, Declaration::Kind::Scope, {}, begin));
    take('}');
  } else {
    take(';');
  }
}

void Parser::parseConst(Declaration& scope, size_t begin) {
  if (token_.kind != Token::Kind::Name) return parseMentions(scope);
  auto& constant = addChild(scope, Declaration::Kind::Const, token_.text, begin);
  advance();
  while (!atStatementEnd() && !token_.is('=')) {
    if (!take(':') && !take('@') && !take('$')) constant.mentions.add(parseValue());
  }
  if (take('=')) constant.value = parseValue();
  parseMentions(constant);
}

void Parser::parseUsing(Declaration& scope, size_t begin) {
  Value first = parseValue();
  std::string_view name = first.path.size() > 0 ? first.path.back() : std::string_view();
  auto& alias = addChild(scope, Declaration::Kind::Using, name, begin);
  alias.value = take('=') ? parseValue() : kj::mv(first);
  parseMentions(alias);
}

void Parser::parseOther(Declaration& scope, std::string_view keyword, size_t begin) {
  if (keyword == "struct" || keyword == "enum" || keyword == "interface") {
    advance();
    if (token_.kind == Token::Kind::Name) {
      auto& type = addChild(scope, Declaration::Kind::Scope, token_.text, begin);
      advance();
      parseMentions(type);
      if (take('{')) {
        parseScope(type);
        take('}');
      }
      return;
    }
  }
  // A field, a method, an annotation, an id: no scope of its own, but it may mention things.
  parseMentions(scope);
}

void Parser::parseMentions(Declaration& into) {
  while (!atStatementEnd()) into.mentions.add(parseValue());
}

// Always takes at least one token, unless the statement ends here.
Value Parser::parseValue() {
  Value value;
  value.begin = token_.begin;
  if (atStatementEnd()) return value;
  if (take('(')) {
    value.kind = Value::Kind::Tuple;
    parseMembers(value.members, ')');
  } else if (take('[')) {
    value.kind = Value::Kind::List;
    parseMembers(value.members, ']');
  } else if (take('.')) {
    value.kind = Value::Kind::Name;
    value.absolute = true;
    if (token_.kind == Token::Kind::Name) {
      value.path.add(token_.text);
      advance();
    }
    parsePath(value);
  } else if (token_.kind == Token::Kind::Name && token_.text == "import") {
    parseFileName(value, Value::Kind::Import);
  } else if (token_.kind == Token::Kind::Name && token_.text == "embed") {
    parseFileName(value, Value::Kind::Embed);
  } else if (token_.kind == Token::Kind::Name) {
    value.kind = Value::Kind::Name;
    value.path.add(token_.text);
    advance();
    parsePath(value);
  } else {
    takeScalar();
  }
  return value;
}

void Parser::takeScalar() {
  bool isString = token_.kind == Token::Kind::String;
  bool isSign = token_.is('-');
  advance();
  if (isSign && (token_.kind == Token::Kind::Number || token_.kind == Token::Kind::Name)) advance();
  // Pieces of a text may follow each other.
  while (isString && token_.kind == Token::Kind::String) advance();
}

void Parser::parseFileName(Value& value, Value::Kind kind) {
  advance();
  if (token_.kind == Token::Kind::String) {
    value.kind = kind;
    value.file = unquote(token_.text);
    advance();
    parsePath(value);
  } else {
    value.kind = Value::Kind::Name;  // somebody named a thing "import"
  }
}

void Parser::parsePath(Value& value) {
  for (;;) {
    if (take('.')) {
      if (token_.kind != Token::Kind::Name) return;
      value.path.add(token_.text);
      advance();
    } else if (take('(')) {
      parseMembers(value.members, ')');
    } else {
      return;
    }
  }
}

void Parser::parseMembers(kj::Vector<Member>& members, char close) {
  while (!atStatementEnd() && !take(close)) {
    if (take(',')) continue;
    Member member{{}, token_.begin, parseValue()};
    if (token_.is('=') && member.value.kind == Value::Kind::Name && member.value.path.size() == 1) {
      member.name = member.value.path[0];
      advance();
      member.value = parseValue();
    }
    members.add(kj::mv(member));
  }
}

}  // namespace

kj::Own<Declaration> parse(std::string_view text) {
  auto root = kj::heap<Declaration>();
  Parser(text).parseFile(*root);
  return root;
}

}  // namespace ocapd::config::syntax
