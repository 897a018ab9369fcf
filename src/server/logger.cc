#include "src/server/logger.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>

#include <kj/debug.h>
#include <kj/encoding.h>
#include <kj/time.h>
#include <kj/vector.h>

namespace ocapd::server {
namespace {

kj::StringPtr levelName(Logger::Level level) {
  switch (level) {
    case Logger::Level::Debug: return "debug"_kj;
    case Logger::Level::Info: return "info"_kj;
    case Logger::Level::Warning: return "warn"_kj;
    case Logger::Level::Error: return "error"_kj;
    case Logger::Level::Fatal: return "fatal"_kj;
  }
  KJ_UNREACHABLE;
}

// Human lines spell this one in full.
kj::StringPtr humanLevelName(Logger::Level level) {
  return level == Logger::Level::Warning ? "warning"_kj : levelName(level);
}

kj::String jsonLine(Logger::Level level, kj::StringPtr source, kj::StringPtr text) {
  auto now = (kj::systemPreciseCalendarClock().now() - kj::UNIX_EPOCH) / kj::MILLISECONDS;
  return kj::str("{\"timestamp\":\"", now, "\",\"level\":\"", levelName(level),
                 "\",\"source\":", jsonString(source), ",\"message\":", jsonString(text),
                 ",\"context_depth\":0}\n");
}

// Writes all of it if the reader lets us; a log that nobody reads is no reason to fail.
void writeAll(int fd, kj::StringPtr text) {
  auto* begin = text.begin();
  while (begin < text.end()) {
    ssize_t n = ::write(fd, begin, text.end() - begin);
    if (n >= 0) {
      begin += n;
    } else if (errno == EAGAIN) {
      pollfd writable{fd, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return;
    }
  }
}

}  // namespace

Logger::Logger(Detail detail, int stdoutFd, int stderrFd)
    : detail_(detail), stdoutFd_(stdoutFd), stderrFd_(stderrFd) {
  kj::_::Debug::setLogLevel(detail == Detail::Verbose ? kj::LogSeverity::INFO
                                                      : kj::LogSeverity::WARNING);
}

void Logger::log(Level level, const char* file, int line, kj::StringPtr text) {
  if (level <= Level::Info && detail_ != Detail::Verbose) return;
  if (structured_) {
    writeAll(stdoutFd_, jsonLine(level, kj::str(file, ":", line), text));
  } else {
    writeAll(stderrFd_, kj::str(file, ":", line, ": ", humanLevelName(level), ": ", text, "\n"));
  }
}

void Logger::progress(const char* file, int line, kj::StringPtr text) {
  auto detail = detail_;
  detail_ = Detail::Verbose;
  log(Level::Debug, file, line, text);
  detail_ = detail;
}

void Logger::console(kj::StringPtr level, kj::StringPtr text) {
  if (structured_) {
    auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    writeAll(stdoutFd_, kj::str("{\"timestamp\":", now.count(), ",\"level\":\"", level,
                                "\",\"message\":", jsonString(text), "}\n"));
    return;
  }
  bool isComplaint = level == "warn" || level == "error";
  writeAll(isComplaint ? stderrFd_ : stdoutFd_, kj::str(text, "\n"));
}

void Logger::configLine(Level level, kj::StringPtr text) {
  if (structured_) {
    writeAll(stderrFd_, jsonLine(level, "config:0"_kj, text));
  } else {
    writeAll(stderrFd_, kj::str(text, "\n"));
  }
}

void Logger::configErrorWithDetail(kj::StringPtr text, kj::StringPtr detail) {
  if (structured_) {
    writeAll(stderrFd_, kj::str(jsonLine(Level::Error, "config:0"_kj, text), detail, "\n"));
  } else {
    writeAll(stderrFd_, kj::str(text, "\n", detail, "\n"));
  }
}

void KjLogBridge::logMessage(kj::LogSeverity severity, const char* file, int line, int contextDepth,
                             kj::String&& text) {
  switch (severity) {
    case kj::LogSeverity::DBG: return logger_.log(Logger::Level::Debug, file, line, text);
    case kj::LogSeverity::INFO: return logger_.log(Logger::Level::Info, file, line, text);
    case kj::LogSeverity::WARNING: return logger_.log(Logger::Level::Warning, file, line, text);
    case kj::LogSeverity::ERROR: return logger_.log(Logger::Level::Error, file, line, text);
    case kj::LogSeverity::FATAL: return logger_.log(Logger::Level::Fatal, file, line, text);
  }
}

kj::String describeException(const kj::Exception& exception) {
  return kj::str(exception.getFile(), ":", exception.getLine(), ": ", exception.getType(), ": ",
                 exception.getDescription());
}

kj::String jsonString(kj::StringPtr text) {
  // Decoding and encoding replaces what is not UTF-8.
  auto clean = kj::decodeUtf16(kj::encodeUtf16(text));
  kj::Vector<char> out(clean.size() + 2);
  out.add('"');
  for (char c : clean) {
    switch (c) {
      case '"': out.addAll("\\\""_kj); break;
      case '\\': out.addAll("\\\\"_kj); break;
      case '\n': out.addAll("\\n"_kj); break;
      case '\r': out.addAll("\\r"_kj); break;
      case '\t': out.addAll("\\t"_kj); break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          constexpr char kDigits[] = "0123456789abcdef";
          out.addAll("\\u00"_kj);
          out.add(kDigits[(c >> 4) & 0xf]);
          out.add(kDigits[c & 0xf]);
        } else {
          out.add(c);
        }
    }
  }
  out.add('"');
  out.add('\0');
  return kj::String(out.releaseAsArray());
}

}  // namespace ocapd::server
