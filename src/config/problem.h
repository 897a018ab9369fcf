// Problem: something wrong with a config, and where. Problems: the list of them that grows while a
// config is read, so that its author sees all of them at once.
//
// Limits    kProblemsMax of each severity are kept; one last line says that there were more. A
//           message has kMessageBytesMax bytes at most. What cannot be printed is escaped, so that
//           a problem is always one line of UTF-8.
// Errors    a config with errors has no Plan; warnings stop nothing.
#pragma once

#include <kj/string.h>
#include <kj/vector.h>

namespace ocapd::config {

using kj::uint;

inline constexpr size_t kProblemsMax = 1000;
inline constexpr size_t kMessageBytesMax = 4096;

// Lines and columns count from 1, columns in bytes; 0 means that it is not known.
struct Position {
  kj::String file;  // as shown to the author: relative to the working directory
  uint line = 0;
  uint column = 0;
  uint endColumn = 0;  // first column after what is meant
};

struct Problem {
  kj::Maybe<Position> position;
  kj::String message;

  // `file:line:column-endColumn: message`, as much of it as is known.
  kj::String toString() const;
};

// A place in a config message, as the chain of fields that leads there. Lives on the stack of
// whoever walks the message; a place must not outlive the one it was made from.
class Place {
 public:
  Place() = default;  // the Config itself
  Place field(kj::StringPtr name) const { return Place(this, name, nullptr); }
  Place item(kj::StringPtr name, uint index) const { return Place(this, name, index); }

  const Place* parent() const { return parent_; }
  kj::StringPtr name() const { return name_; }
  kj::Maybe<uint> index() const { return index_; }

 private:
  Place(const Place* parent, kj::StringPtr name, kj::Maybe<uint> index)
      : parent_(parent), name_(name), index_(index) {}

  const Place* parent_ = nullptr;
  kj::StringPtr name_;
  kj::Maybe<uint> index_;
};

// Knows where in the author's files a place was written. Binary configs have none.
class Locator {
 public:
  virtual kj::Maybe<Position> locate(const Place& place) = 0;
};

class Problems {
 public:
  // `locator` must outlive the Problems.
  explicit Problems(kj::Maybe<Locator&> locator = nullptr) : locator_(locator) {}

  void error(const Place& place, kj::String message);
  void warning(const Place& place, kj::String message);
  // What has no place in the message: syntax, files, the command line.
  void error(kj::Maybe<Position> position, kj::String message);

  bool hasErrors() const { return errors_.size() > 0; }
  kj::Vector<Problem> takeErrors() { return kj::mv(errors_); }
  kj::Vector<Problem> takeWarnings() { return kj::mv(warnings_); }

 private:
  kj::Maybe<Position> positionOf(const Place& place);
  static void add(kj::Vector<Problem>& list, kj::Maybe<Position> position, kj::String message);

  kj::Maybe<Locator&> locator_;
  kj::Vector<Problem> errors_;
  kj::Vector<Problem> warnings_;
};

}  // namespace ocapd::config
