// Logger: where the process says what happens to it, for people or for tools.
//
// People get `file:line: level: text` lines on stderr. With structured logging, tools get one JSON
// object per line on stdout instead (config errors: on stderr, where tools look when a start
// fails). Info and debug lines appear only if asked for.
//
// Lives     as long as anything that may log.
// Threads   the lane that made it.
#pragma once

#include <kj/exception.h>
#include <kj/string.h>

namespace ocapd::server {

class Logger final {
 public:
  enum class Level { Debug, Info, Warning, Error, Fatal };
  enum class Detail { Normal, Verbose };

  explicit Logger(Detail detail, int stdoutFd = 1, int stderrFd = 2);

  // From the Plan, which is not there yet when the first errors are to be told.
  void setStructured(bool structured) { structured_ = structured; }

  void debug(const char* file, int line, kj::StringPtr text) {
    log(Level::Debug, file, line, text);
  }
  void log(Level level, const char* file, int line, kj::StringPtr text);

  // What a command does, for those who wait: said however quiet the log is.
  void progress(const char* file, int line, kj::StringPtr text);

  // One error in the config or the command line: the text alone, on stderr.
  void configError(kj::StringPtr text) { configLine(Level::Error, text); }
  void configWarning(kj::StringPtr text) { configLine(Level::Warning, text); }
  // A config error followed by a line that stays plain whatever the mode, both in one write, as
  // some tools match a text within a single chunk of stderr.
  void configErrorWithDetail(kj::StringPtr text, kj::StringPtr detail);

  // One console.* call of a worker: the text and a newline, to stderr for warnings and errors,
  // else to stdout; with structured logging a JSON line to stdout. `level` is the method's name.
  void console(kj::StringPtr level, kj::StringPtr text);

 private:
  void configLine(Level level, kj::StringPtr text);

  Detail detail_;
  int stdoutFd_;
  int stderrFd_;
  bool structured_ = false;
};

// While it lives, what KJ logs goes to the logger. KJ wants it on the stack.
class KjLogBridge final : public kj::ExceptionCallback {
 public:
  explicit KjLogBridge(Logger& logger) : logger_(logger) {}

  void logMessage(kj::LogSeverity severity, const char* file, int line, int contextDepth,
                  kj::String&& text) override;

 private:
  Logger& logger_;
};

// `file:line: type: description` of an exception, without its stack.
kj::String describeException(const kj::Exception& exception);

// `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
kj::String jsonString(kj::StringPtr text);

}  // namespace ocapd::server
