#include "src/worker/trace.h"

#include <stdio.h>

namespace ocapd::worker {

namespace {

int64_t milliseconds(kj::Date time) {
  return (time - kj::UNIX_EPOCH) / kj::MILLISECONDS;
}

kj::Date now() {
  return kj::systemPreciseCalendarClock().now();
}

}  // namespace

kj::String jsonText(kj::StringPtr text) {
  kj::Vector<char> out(text.size() + 2);
  out.add('"');
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out.add('\\');
      out.add(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[7];
      snprintf(escaped, sizeof(escaped), "\\u%04x", c);
      out.addAll(kj::StringPtr(escaped));
    } else {
      out.add(c);
    }
  }
  out.add('"');
  out.add('\0');
  return kj::String(out.releaseAsArray());
}

Trace::Trace(kj::Maybe<kj::String> entrypoint) : entrypoint_(kj::mv(entrypoint)), begun_(now()) {}

bool Trace::takesMore(size_t bytes) {
  textBytes_ += bytes;
  bool fits = textBytes_ <= kTextBytesMax && logs_.size() + exceptions_.size() < kLogsMax;
  truncated_ = truncated_ || !fits;
  return fits;
}

void Trace::addLog(kj::StringPtr level, kj::StringPtr messageJson) {
  if (!takesMore(messageJson.size())) return;
  logs_.add(kj::str("{\"message\":", messageJson, ",\"level\":\"", level,
                    "\",\"timestamp\":", milliseconds(now()), "}"));
}

void Trace::addException(kj::StringPtr name, kj::StringPtr message,
                         kj::Maybe<kj::StringPtr> stack) {
  if (!takesMore(message.size())) return;
  auto stackJson = kj::str();
  KJ_IF_MAYBE(text, stack) {
    stackJson = kj::str("\"stack\":", jsonText(*text), ",");
  }
  exceptions_.add(kj::str("{", stackJson, "\"name\":", jsonText(name), ",\"message\":",
                          jsonText(message), ",\"timestamp\":", milliseconds(now()), "}"));
}

kj::String Trace::toJson() const {
  auto entrypoint = kj::str();
  KJ_IF_MAYBE(name, entrypoint_) {
    entrypoint = kj::str("\"entrypoint\":", jsonText(*name), ",");
  }
  auto response = kj::str();
  KJ_IF_MAYBE(status, status_) {
    response = kj::str(",\"response\":{\"status\":", *status, "}");
  }
  auto event = event_.size() > 0 ? kj::str("{", event_, response, "}") : kj::str("null");
  auto wallTime = milliseconds(now()) - milliseconds(begun_);
  return kj::str("{\"wallTime\":", wallTime, ",\"cpuTime\":0,\"truncated\":", truncated_,
                 ",\"executionModel\":\"stateless\",\"outcome\":\"", channel::outcomeName(outcome_),
                 "\",", entrypoint,
                 "\"scriptName\":null,\"diagnosticsChannelEvents\":[],\"exceptions\":[",
                 kj::strArray(exceptions_, ","), "],\"logs\":[", kj::strArray(logs_, ","),
                 "],\"eventTimestamp\":", milliseconds(begun_), ",\"event\":", event, "}");
}

}  // namespace ocapd::worker
