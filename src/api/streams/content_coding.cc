#include "src/api/streams/content_coding.h"

#include <memory>

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <kj/debug.h>
#include <zlib.h>

namespace ocapd::api {

namespace {

constexpr size_t kInputBytes = 16 * 1024;
constexpr int kGzipWindowBits = MAX_WBITS + 16;
constexpr int kMemoryLevel = 8;         // zlib's default
constexpr uint32_t kBrotliQuality = 5;  // the best, 11, is too slow to run while somebody waits

[[noreturn]] void failWith(kj::StringPtr text) {
  kj::throwFatalException(KJ_EXCEPTION(FAILED, kj::str("jsg.TypeError: ", text)));
}

// One direction of one coding.
class Coder {
 public:
  enum class Flush : uint8_t { None, Now, End };

  virtual ~Coder() noexcept(false) {}
  // Takes from the front of `in` and writes to the front of `out`; both become what is left. With
  // room left in `out` it needs more input.
  virtual void run(kj::ArrayPtr<const kj::byte>& in, kj::ArrayPtr<kj::byte>& out, Flush flush) = 0;
  // The input is over; throws when that is too early.
  virtual void end() {}
};

class Zlib : public Coder {
 public:
  enum class Direction : uint8_t { Deflate, Inflate };

  explicit Zlib(Direction direction) : deflates_(direction == Direction::Deflate) {
    int status = deflates_ ? deflateInit2(&zlib_, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                          kGzipWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY)
                           : inflateInit2(&zlib_, kGzipWindowBits);
    KJ_REQUIRE(status == Z_OK, "zlib cannot start", status);
  }
  ~Zlib() noexcept(false) { deflates_ ? deflateEnd(&zlib_) : inflateEnd(&zlib_); }
  KJ_DISALLOW_COPY_AND_MOVE(Zlib);

 protected:
  void give(kj::ArrayPtr<const kj::byte> in, kj::ArrayPtr<kj::byte> out) {
    zlib_.next_in = const_cast<kj::byte*>(in.begin());
    zlib_.avail_in = uInt(kj::min(in.size(), UINT32_MAX));
    zlib_.next_out = out.begin();
    zlib_.avail_out = uInt(kj::min(out.size(), UINT32_MAX));
  }
  void take(kj::ArrayPtr<const kj::byte>& in, kj::ArrayPtr<kj::byte>& out) {
    in = in.slice(size_t(zlib_.next_in - in.begin()), in.size());
    out = out.slice(size_t(zlib_.next_out - out.begin()), out.size());
  }

  z_stream zlib_ = {};

 private:
  bool deflates_;
};

class GzipEncoder final : public Zlib {
 public:
  GzipEncoder() : Zlib(Direction::Deflate) {}

  void run(kj::ArrayPtr<const kj::byte>& in, kj::ArrayPtr<kj::byte>& out, Flush flush) override {
    give(in, out);
    int status = deflate(&zlib_, flush == Flush::End   ? Z_FINISH
                                 : flush == Flush::Now ? Z_SYNC_FLUSH
                                                       : Z_NO_FLUSH);
    KJ_ASSERT(status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR, status);
    take(in, out);
  }
};

class GzipDecoder final : public Zlib {
 public:
  GzipDecoder() : Zlib(Direction::Inflate) {}

  void run(kj::ArrayPtr<const kj::byte>& in, kj::ArrayPtr<kj::byte>& out, Flush) override {
    while (in.size() > 0 || state_ == State::Within) {
      if (state_ == State::Ended) {
        KJ_ASSERT(inflateReset(&zlib_) == Z_OK);
      }
      if (in.size() > 0) state_ = State::Within;
      give(in, out);
      int status = inflate(&zlib_, Z_NO_FLUSH);
      take(in, out);
      if (status == Z_STREAM_END) {
        state_ = State::Ended;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        failWith("Gzip decompression failed.");
      } else if (in.size() == 0 || out.size() == 0) {
        return;
      }
    }
  }
  void end() override {
    if (state_ == State::Within) failWith("Gzip compressed stream ended prematurely.");
  }

 private:
  enum class State : uint8_t { Empty, Within, Ended };  // of a member
  State state_ = State::Empty;
};

class BrotliEncoder final : public Coder {
 public:
  BrotliEncoder() {
    KJ_REQUIRE(state_ != nullptr, "Brotli cannot start");
    KJ_ASSERT(BrotliEncoderSetParameter(state_.get(), BROTLI_PARAM_QUALITY, kBrotliQuality));
  }

  void run(kj::ArrayPtr<const kj::byte>& in, kj::ArrayPtr<kj::byte>& out, Flush flush) override {
    size_t inBytes = in.size();
    size_t outBytes = out.size();
    const uint8_t* nextIn = in.begin();
    uint8_t* nextOut = out.begin();
    auto operation = flush == Flush::End   ? BROTLI_OPERATION_FINISH
                     : flush == Flush::Now ? BROTLI_OPERATION_FLUSH
                                           : BROTLI_OPERATION_PROCESS;
    KJ_ASSERT(BrotliEncoderCompressStream(state_.get(), operation, &inBytes, &nextIn, &outBytes,
                                          &nextOut, nullptr));
    in = kj::arrayPtr(nextIn, inBytes);
    out = kj::arrayPtr(nextOut, outBytes);
  }

 private:
  struct Destroy {
    void operator()(BrotliEncoderState* state) { BrotliEncoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliEncoderState, Destroy> state_{
      BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)};
};

class BrotliDecoder final : public Coder {
 public:
  BrotliDecoder() { KJ_REQUIRE(state_ != nullptr, "Brotli cannot start"); }

  void run(kj::ArrayPtr<const kj::byte>& in, kj::ArrayPtr<kj::byte>& out, Flush) override {
    size_t inBytes = in.size();
    size_t outBytes = out.size();
    const uint8_t* nextIn = in.begin();
    uint8_t* nextOut = out.begin();
    if (inBytes > 0) begun_ = true;
    auto result = BrotliDecoderDecompressStream(state_.get(), &inBytes, &nextIn, &outBytes,
                                                &nextOut, nullptr);
    bool isTrailing = result == BROTLI_DECODER_RESULT_SUCCESS && inBytes > 0;
    if (result == BROTLI_DECODER_RESULT_ERROR || isTrailing) {
      failWith("Brotli decompression failed.");
    }
    in = kj::arrayPtr(nextIn, inBytes);
    out = kj::arrayPtr(nextOut, outBytes);
  }
  void end() override {
    if (begun_ && !BrotliDecoderIsFinished(state_.get())) {
      failWith("Brotli compressed stream ended prematurely.");
    }
  }

 private:
  struct Destroy {
    void operator()(BrotliDecoderState* state) { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Destroy> state_{
      BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)};
  bool begun_ = false;
};

class CodingStream final : public kj::AsyncInputStream {
 public:
  CodingStream(kj::Own<kj::AsyncInputStream> stream, kj::Own<Coder> coder)
      : stream_(kj::mv(stream)),
        coder_(kj::mv(coder)),
        buffer_(kj::heapArray<kj::byte>(kInputBytes)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    auto out = kj::arrayPtr(static_cast<kj::byte*>(buffer), maxBytes);
    while (!finished_) {
      coder_->run(in_, out, flush_);
      if (maxBytes - out.size() >= minBytes) break;
      if (flush_ == Coder::Flush::End) {
        coder_->end();
        finished_ = true;
        break;
      }
      size_t count = co_await stream_->tryRead(buffer_.begin(), 1, buffer_.size());
      in_ = buffer_.slice(0, count);
      flush_ = count == 0               ? Coder::Flush::End
               : count < buffer_.size() ? Coder::Flush::Now
                                        : Coder::Flush::None;
    }
    co_return maxBytes - out.size();
  }

 private:
  kj::Own<kj::AsyncInputStream> stream_;
  kj::Own<Coder> coder_;
  kj::Array<kj::byte> buffer_;
  kj::ArrayPtr<const kj::byte> in_;  // of buffer_, not yet taken
  Coder::Flush flush_ = Coder::Flush::None;
  bool finished_ = false;
};

}  // namespace

kj::Own<kj::AsyncInputStream> newDecodingStream(kj::Own<kj::AsyncInputStream> stream,
                                                ContentCoding coding) {
  switch (coding) {
    case ContentCoding::Identity: return stream;
    case ContentCoding::Gzip:
      return kj::heap<CodingStream>(kj::mv(stream), kj::heap<GzipDecoder>());
    case ContentCoding::Brotli:
      return kj::heap<CodingStream>(kj::mv(stream), kj::heap<BrotliDecoder>());
  }
  KJ_UNREACHABLE;
}

kj::Own<kj::AsyncInputStream> newEncodingStream(kj::Own<kj::AsyncInputStream> stream,
                                                ContentCoding coding) {
  switch (coding) {
    case ContentCoding::Identity: return stream;
    case ContentCoding::Gzip:
      return kj::heap<CodingStream>(kj::mv(stream), kj::heap<GzipEncoder>());
    case ContentCoding::Brotli:
      return kj::heap<CodingStream>(kj::mv(stream), kj::heap<BrotliEncoder>());
  }
  KJ_UNREACHABLE;
}

}  // namespace ocapd::api
