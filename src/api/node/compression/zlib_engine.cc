#include <zlib.h>

#include "src/api/node/compression/engine.h"

namespace ocapd::api::node {

namespace {

constexpr int kGzipWindow = 16;      // added to windowBits: gzip's header
constexpr int kDetectedWindow = 32;  // either header
constexpr kj::byte kGzipMagic[] = {0x1F, 0x8B};

kj::StringPtr nameOf(int code) {
  switch (code) {
    case Z_STREAM_END: return "Z_STREAM_END";
    case Z_NEED_DICT: return "Z_NEED_DICT";
    case Z_ERRNO: return "Z_ERRNO";
    case Z_STREAM_ERROR: return "Z_STREAM_ERROR";
    case Z_DATA_ERROR: return "Z_DATA_ERROR";
    case Z_MEM_ERROR: return "Z_MEM_ERROR";
    case Z_BUF_ERROR: return "Z_BUF_ERROR";
    case Z_VERSION_ERROR: return "Z_VERSION_ERROR";
  }
  return "Z_OK";
}

class ZlibEngine final : public Engine {
 public:
  ZlibEngine(Mode mode, kj::Array<kj::byte> dictionary, bool rejectsGarbage)
      : mode_(mode), dictionary_(kj::mv(dictionary)), rejectsGarbage_(rejectsGarbage) {}
  ~ZlibEngine() noexcept(false) {
    if (!isOpen_) return;
    if (compresses()) {
      deflateEnd(&stream_);
    } else {
      inflateEnd(&stream_);
    }
  }
  KJ_DISALLOW_COPY_AND_MOVE(ZlibEngine);

  kj::Maybe<Failure> open(int windowBits, int level, int memoryLevel, int strategy) {
    switch (mode_) {
      case Mode::Gzip:
      case Mode::Gunzip: windowBits += kGzipWindow; break;
      case Mode::Unzip: windowBits += kDetectedWindow; break;
      case Mode::DeflateRaw:
      case Mode::InflateRaw: windowBits = -windowBits; break;
      default: break;
    }
    int code = compresses()
                   ? deflateInit2(&stream_, level, Z_DEFLATED, windowBits, memoryLevel, strategy)
                   : inflateInit2(&stream_, windowBits);
    if (code != Z_OK) return fail(code, "Init error");
    isOpen_ = true;
    return useDictionary();
  }

  kj::Maybe<Failure> run(int flush, kj::ArrayPtr<const kj::byte>& in,
                         kj::ArrayPtr<kj::byte>& out) override {
    stream_.next_in = const_cast<kj::byte*>(in.begin());
    stream_.avail_in = uInt(in.size());
    stream_.next_out = out.begin();
    stream_.avail_out = uInt(out.size());
    int code = compresses() ? deflate(&stream_, flush) : decompress(flush);
    in = kj::arrayPtr(const_cast<const kj::byte*>(stream_.next_in), stream_.avail_in);
    out = kj::arrayPtr(stream_.next_out, stream_.avail_out);
    return judge(code, flush);
  }

  kj::Maybe<Failure> reset() override {
    int code = compresses() ? deflateReset(&stream_) : inflateReset(&stream_);
    if (code != Z_OK) return fail(code, "Failed to reset stream");
    seenBytes_ = 0;
    isGzip_ = false;
    return useDictionary();
  }

  kj::Maybe<Failure> setParameters(int level, int strategy) {
    if (!compresses()) return nullptr;
    int code = deflateParams(&stream_, level, strategy);
    if (code != Z_OK && code != Z_BUF_ERROR) return fail(code, "Failed to set parameters");
    return nullptr;
  }

 private:
  bool compresses() const {
    return mode_ == Mode::Deflate || mode_ == Mode::Gzip || mode_ == Mode::DeflateRaw;
  }

  // For all but the formats that name theirs in the header.
  kj::Maybe<Failure> useDictionary() {
    if (dictionary_.size() == 0) return nullptr;
    int code = Z_OK;
    if (compresses()) {
      code = deflateSetDictionary(&stream_, dictionary_.begin(), uInt(dictionary_.size()));
    } else if (mode_ == Mode::InflateRaw) {
      code = inflateSetDictionary(&stream_, dictionary_.begin(), uInt(dictionary_.size()));
    }
    if (code != Z_OK) return fail(code, "Failed to set dictionary");
    return nullptr;
  }

  void detectGzip() {
    if (mode_ == Mode::Gunzip) isGzip_ = true;
    if (mode_ != Mode::Unzip) return;
    for (uInt i = 0; i < stream_.avail_in && seenBytes_ < sizeof(kGzipMagic); ++i, ++seenBytes_) {
      bool matches = stream_.next_in[i] == kGzipMagic[seenBytes_];
      isGzip_ = matches && (seenBytes_ == 0 || isGzip_);
    }
  }

  int decompress(int flush) {
    detectGzip();
    int code = inflate(&stream_, flush);
    if (code == Z_NEED_DICT && dictionary_.size() > 0 && mode_ != Mode::InflateRaw) {
      code = inflateSetDictionary(&stream_, dictionary_.begin(), uInt(dictionary_.size()));
      // A dictionary that does not fit is told as one that is needed.
      code = code == Z_OK ? inflate(&stream_, flush) : code == Z_DATA_ERROR ? Z_NEED_DICT : code;
    }
    // A gzip file may be several, one behind the other; zeros are padding.
    while (code == Z_STREAM_END && isGzip_ && !rejectsGarbage_ && stream_.avail_in > 0 &&
           stream_.next_in[0] != 0) {
      inflateReset(&stream_);
      code = inflate(&stream_, flush);
    }
    return code;
  }

  kj::Maybe<Failure> judge(int code, int flush) {
    switch (code) {
      case Z_OK:
      case Z_BUF_ERROR:
        if (stream_.avail_out != 0 && flush == Z_FINISH) {
          return fail(Z_BUF_ERROR, "unexpected end of file");
        }
        return nullptr;
      case Z_STREAM_END: return nullptr;
      case Z_NEED_DICT:
        return fail(code, dictionary_.size() == 0 ? "Missing dictionary" : "Bad dictionary");
      default: return fail(code, "Zlib error");
    }
  }

  Failure fail(int code, kj::StringPtr message) {
    if (stream_.msg != nullptr && code != Z_NEED_DICT && code != Z_BUF_ERROR) {
      message = stream_.msg;
    }
    return Failure{message, code, kj::str(nameOf(code))};
  }

  Mode mode_;
  kj::Array<kj::byte> dictionary_;
  bool rejectsGarbage_;
  z_stream stream_ = {};
  bool isOpen_ = false;
  bool isGzip_ = false;
  size_t seenBytes_ = 0;
};

}  // namespace

kj::Own<Engine> newZlibEngine(Mode mode, int windowBits, int level, int memoryLevel, int strategy,
                              kj::Array<kj::byte> dictionary, bool rejectsGarbage,
                              kj::Maybe<Engine::Failure>& failure) {
  auto engine = kj::heap<ZlibEngine>(mode, kj::mv(dictionary), rejectsGarbage);
  failure = engine->open(windowBits, level, memoryLevel, strategy);
  return engine;
}

kj::Maybe<Engine::Failure> setZlibParameters(Engine& engine, int level, int strategy) {
  return static_cast<ZlibEngine&>(engine).setParameters(level, strategy);
}

}  // namespace ocapd::api::node
