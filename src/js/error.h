// Error: a JavaScript exception on its way from C++ to whoever called.
//
// Two C++ types are thrown in code that runs inside a turn:
//   Error   names a class and a text; becomes a JavaScript error at the border.
//   Thrown  V8 already holds a pending exception; it only unwinds the C++ frames.
// A kj::Exception at the border becomes what tunnel.h makes of it.
//
// Threads   the lane's.
#pragma once

#include <kj/exception.h>
#include <kj/string.h>
#include <v8-exception.h>
#include <v8-isolate.h>

namespace ocapd::js {

class Turn;

class Error {
 public:
  enum class Type : uint8_t {
    Error,
    TypeError,
    RangeError,
    SyntaxError,
    ReferenceError,
    DomException,
  };

  template <typename... Parts>
  static Error plain(Parts&&... parts) {
    return Error(Type::Error, kj::str(kj::fwd<Parts>(parts)...));
  }
  template <typename... Parts>
  static Error type(Parts&&... parts) {
    return Error(Type::TypeError, kj::str(kj::fwd<Parts>(parts)...));
  }
  template <typename... Parts>
  static Error range(Parts&&... parts) {
    return Error(Type::RangeError, kj::str(kj::fwd<Parts>(parts)...));
  }
  template <typename... Parts>
  static Error syntax(Parts&&... parts) {
    return Error(Type::SyntaxError, kj::str(kj::fwd<Parts>(parts)...));
  }

  // A DOMException; `name` is a literal of https://webidl.spec.whatwg.org/#dfn-error-names-table.
  template <typename... Parts>
  static Error dom(const char* name, Parts&&... parts) {
    Error error(Type::DomException, kj::str(kj::fwd<Parts>(parts)...));
    error.name_ = name;
    return error;
  }

  Error(Type type, kj::String message) : type_(type), message_(kj::mv(message)) {}

  // A new error object, whose stack starts where the turn stands now.
  v8::Local<v8::Value> toValue(Turn& turn) const;
  kj::StringPtr message() const { return message_; }

 private:
  Type type_;
  const char* name_ = nullptr;  // DomException only
  kj::String message_;
};

struct Thrown {};

}  // namespace ocapd::js
