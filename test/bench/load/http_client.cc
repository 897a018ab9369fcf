#include "http_client.h"

#include <stdlib.h>
#include <strings.h>

#include <algorithm>

namespace ocapd::bench {

namespace {

constexpr size_t kHeadBytesMax = 64 * 1024;

// The value of a header in a whole head, or an empty view.
std::string_view findHeader(std::string_view head, std::string_view name) {
  size_t at = head.find("\r\n");
  while (at != std::string_view::npos && at + 2 < head.size()) {
    std::string_view line = head.substr(at + 2);
    line = line.substr(0, line.find("\r\n"));
    if (line.size() > name.size() && line[name.size()] == ':' &&
        strncasecmp(line.data(), name.data(), name.size()) == 0) {
      line.remove_prefix(name.size() + 1);
      while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
      return line;
    }
    at = head.find("\r\n", at + 2);
  }
  return {};
}

}  // namespace

void ResponseReader::reset() {
  state_ = State::Head;
  left_ = 0;
  bodyBytes_ = 0;
  text_.clear();
}

void ResponseReader::readHead() {
  std::string_view head = text_;
  if (!head.starts_with("HTTP/1.1 ") || head.size() < 12) {
    state_ = State::Broken;
    return;
  }
  status_ = atoi(text_.c_str() + 9);
  if (strncasecmp(findHeader(head, "transfer-encoding").data() ?: "", "chunked", 7) == 0) {
    state_ = State::ChunkSize;
  } else if (std::string_view length = findHeader(head, "content-length"); !length.empty()) {
    left_ = strtoull(std::string(length).c_str(), nullptr, 10);
    state_ = left_ == 0 ? State::Done : State::Body;
  } else {
    state_ = State::Broken;
  }
  text_.clear();
}

void ResponseReader::readLine(std::string_view line) {
  if (state_ == State::ChunkSize) {
    left_ = strtoull(std::string(line).c_str(), nullptr, 16);
    state_ = left_ == 0 ? State::Trailer : State::ChunkData;
  } else if (state_ == State::ChunkEnd) {
    state_ = State::ChunkSize;
  } else if (line.empty()) {  // Trailer
    state_ = State::Done;
  }
}

size_t ResponseReader::takeLine(std::string_view bytes) {
  size_t end = bytes.find('\n');
  if (end == std::string_view::npos) {
    text_ += bytes;
    if (text_.size() > kHeadBytesMax) state_ = State::Broken;
    return bytes.size();
  }
  text_ += bytes.substr(0, end);
  if (!text_.empty() && text_.back() == '\r') text_.pop_back();
  readLine(text_);
  text_.clear();
  return end + 1;
}

size_t ResponseReader::feed(std::string_view bytes) {
  size_t taken = 0;
  while (taken < bytes.size() && state_ != State::Done && state_ != State::Broken) {
    std::string_view rest = bytes.substr(taken);
    switch (state_) {
      case State::Head: {
        // The end may straddle portions: look again at the last three bytes of the former one.
        size_t from = text_.size() < 3 ? 0 : text_.size() - 3;
        size_t before = text_.size();
        text_ += rest;
        size_t end = text_.find("\r\n\r\n", from);
        if (end == std::string::npos) {
          if (text_.size() > kHeadBytesMax) state_ = State::Broken;
          return bytes.size();
        }
        text_.resize(end + 4);
        taken += end + 4 - before;
        readHead();
        break;
      }
      case State::Body:
      case State::ChunkData: {
        size_t part = std::min<uint64_t>(left_, rest.size());
        left_ -= part;
        bodyBytes_ += part;
        taken += part;
        if (left_ == 0) state_ = state_ == State::Body ? State::Done : State::ChunkEnd;
        break;
      }
      default: taken += takeLine(rest);
    }
  }
  return taken;
}

}  // namespace ocapd::bench
