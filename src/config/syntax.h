// A tolerant reading of the schema language: just enough structure to tell where a value was
// written and what it refers to. What is wrong with a text is for the real parser to say.
//
// Owns      the tree; names in it are slices of the text, which must outlive it.
// Limits    kNestingMax brackets within each other, kChainMax names or applications in a row
//           (`a.b.c(d)`): the real parser recurses on both.
#pragma once

#include <kj/memory.h>
#include <kj/string.h>
#include <kj/vector.h>

#include <string_view>
#include <unordered_map>

namespace ocapd::config::syntax {

inline constexpr size_t kNestingMax = 64;
inline constexpr size_t kChainMax = 64;

struct Token {
  enum class Kind { End, Name, String, Number, Symbol };
  Kind kind = Kind::End;
  std::string_view text;  // with its quotes; a Symbol is always one character
  size_t begin = 0;

  bool is(char symbol) const { return kind == Kind::Symbol && text[0] == symbol; }
};

class Lexer {
 public:
  explicit Lexer(std::string_view text, size_t begin = 0) : text_(text), at_(begin) {}
  Token next();

 private:
  void skipSpaceAndComments();
  size_t endOfString(char quote) const;

  std::string_view text_;
  size_t at_;
};

struct Member;

// An expression: a value, a type, an annotation's argument.
struct Value {
  enum class Kind {
    Scalar,  // and whatever else has no parts
    Tuple,   // ( name = value, … )
    List,    // [ value, … ]
    Name,    // a.b.c or .a.b.c
    Import,  // import "file", maybe with .a.b behind it
    Embed,   // embed "file"
  };
  Kind kind = Kind::Scalar;
  size_t begin = 0;
  bool absolute = false;              // Name: begins with a dot
  kj::Vector<std::string_view> path;  // Name, Import
  kj::String file;                    // Import, Embed
  kj::Vector<Member> members;         // Tuple, List; of others, the arguments applied to it
};

struct Member {
  std::string_view name;  // empty in lists
  size_t begin;
  Value value;
};

struct Declaration {
  enum class Kind { Const, Using, Scope };
  Kind kind = Kind::Scope;
  std::string_view name;
  size_t begin = 0;
  const Declaration* parent = nullptr;
  Value value;                 // Const: its value. Using: what the name stands for
  kj::Vector<Value> mentions;  // all other expressions in it: types, annotations, defaults
  kj::Vector<kj::Own<Declaration>> children;
  std::unordered_map<std::string_view, const Declaration*> byName;  // the first of each name

  const Declaration* find(std::string_view child) const {
    auto found = byName.find(child);
    return found == byName.end() ? nullptr : found->second;
  }
};

// Where and why the text is beyond the limits.
struct Excess {
  size_t begin;
  kj::String message;
};
kj::Maybe<Excess> findExcess(std::string_view text);

// The declarations of a whole file. The text must be within the limits.
kj::Own<Declaration> parse(std::string_view text);

}  // namespace ocapd::config::syntax
