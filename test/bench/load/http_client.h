// ResponseReader: finds where one HTTP/1.1 response ends and what its status is, over a stream of
// bytes that arrive in any portions. Keeps nothing of the body.
//
// Errors    feed() answers Broken for what is no HTTP/1.1 response with a Content-Length or chunks.
// See       https://www.rfc-editor.org/rfc/rfc9112
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <string>
#include <string_view>

namespace ocapd::bench {

class ResponseReader {
 public:
  enum class State { Head, Body, ChunkSize, ChunkData, ChunkEnd, Trailer, Done, Broken };

  // Takes bytes up to the end of the response; returns how many it took.
  size_t feed(std::string_view bytes);

  State state() const { return state_; }
  int status() const { return status_; }
  uint64_t bodyBytes() const { return bodyBytes_; }

  // Gets ready for the next response on the connection.
  void reset();

 private:
  void readHead();
  void readLine(std::string_view line);
  size_t takeLine(std::string_view bytes);

  State state_ = State::Head;
  int status_ = 0;
  uint64_t left_ = 0;       // Bytes of the body or chunk still to come.
  uint64_t bodyBytes_ = 0;  // Bytes of the body seen.
  std::string text_;        // The head so far, or the line so far.
};

}  // namespace ocapd::bench
