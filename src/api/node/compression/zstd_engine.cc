#include <memory>

#include <kj/vector.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "src/api/node/compression/engine.h"

namespace ocapd::api::node {

namespace {

constexpr int kBufferError = -5;  // Z_BUF_ERROR

Engine::Failure toFailure(size_t code) {
  int number = ZSTD_getErrorCode(code);
  // lib/ocapd/zlib_binding.js finds the constant's name.
  return Engine::Failure{ZSTD_getErrorString(ZSTD_ErrorCode(number)), number, kj::str("ZSTD")};
}

class ZstdCompressor final : public Engine {
 public:
  ZstdCompressor(kj::ArrayPtr<const uint32_t> parameters, kj::Maybe<uint64_t> sourceBytes,
                 kj::Array<kj::byte> dictionary)
      : sourceBytes_(sourceBytes), dictionary_(kj::mv(dictionary)), state_(ZSTD_createCCtx()) {
    for (uint32_t value : parameters) parameters_.add(value);
  }

  kj::Maybe<Failure> run(int flush, kj::ArrayPtr<const kj::byte>& in,
                         kj::ArrayPtr<kj::byte>& out) override {
    ZSTD_inBuffer input{in.begin(), in.size(), 0};
    ZSTD_outBuffer output{out.begin(), out.size(), 0};
    size_t code = ZSTD_compressStream2(state_.get(), &output, &input, ZSTD_EndDirective(flush));
    in = in.slice(input.pos, in.size());
    out = out.slice(output.pos, out.size());
    if (ZSTD_isError(code)) return toFailure(code);
    return nullptr;
  }

  kj::Maybe<Failure> reset() override {
    ZSTD_CCtx_reset(state_.get(), ZSTD_reset_session_and_parameters);
    for (size_t i = 0; i < parameters_.size(); ++i) {
      if (parameters_[i] == UINT32_MAX) continue;
      size_t code = ZSTD_CCtx_setParameter(state_.get(), ZSTD_cParameter(i), int(parameters_[i]));
      if (ZSTD_isError(code)) return toFailure(code);
    }
    KJ_IF_MAYBE(bytes, sourceBytes_) {
      size_t code = ZSTD_CCtx_setPledgedSrcSize(state_.get(), *bytes);
      if (ZSTD_isError(code)) return toFailure(code);
    }
    if (dictionary_.size() > 0) {
      size_t code = ZSTD_CCtx_loadDictionary(state_.get(), dictionary_.begin(), dictionary_.size());
      if (ZSTD_isError(code)) return toFailure(code);
    }
    return nullptr;
  }

 private:
  struct Delete {
    void operator()(ZSTD_CCtx* state) { ZSTD_freeCCtx(state); }
  };
  kj::Vector<uint32_t> parameters_;
  kj::Maybe<uint64_t> sourceBytes_;
  kj::Array<kj::byte> dictionary_;
  std::unique_ptr<ZSTD_CCtx, Delete> state_;
};

class ZstdDecompressor final : public Engine {
 public:
  ZstdDecompressor(kj::ArrayPtr<const uint32_t> parameters, kj::Array<kj::byte> dictionary)
      : dictionary_(kj::mv(dictionary)), state_(ZSTD_createDCtx()) {
    for (uint32_t value : parameters) parameters_.add(value);
  }

  kj::Maybe<Failure> run(int flush, kj::ArrayPtr<const kj::byte>& in,
                         kj::ArrayPtr<kj::byte>& out) override {
    ZSTD_inBuffer input{in.begin(), in.size(), 0};
    ZSTD_outBuffer output{out.begin(), out.size(), 0};
    size_t code = ZSTD_decompressStream(state_.get(), &output, &input);
    in = in.slice(input.pos, in.size());
    out = out.slice(output.pos, out.size());
    if (ZSTD_isError(code)) return toFailure(code);
    bool wantsMore = code != 0 && out.size() > 0 && in.size() == 0;
    if (flush == ZSTD_e_end && wantsMore) {
      return Failure{"unexpected end of file", kBufferError, kj::str("Z_BUF_ERROR")};
    }
    return nullptr;
  }

  kj::Maybe<Failure> reset() override {
    ZSTD_DCtx_reset(state_.get(), ZSTD_reset_session_and_parameters);
    for (size_t i = 0; i < parameters_.size(); ++i) {
      if (parameters_[i] == UINT32_MAX) continue;
      size_t code = ZSTD_DCtx_setParameter(state_.get(), ZSTD_dParameter(i), int(parameters_[i]));
      if (ZSTD_isError(code)) return toFailure(code);
    }
    if (dictionary_.size() > 0) {
      size_t code = ZSTD_DCtx_loadDictionary(state_.get(), dictionary_.begin(), dictionary_.size());
      if (ZSTD_isError(code)) return toFailure(code);
    }
    return nullptr;
  }

 private:
  struct Delete {
    void operator()(ZSTD_DCtx* state) { ZSTD_freeDCtx(state); }
  };
  kj::Vector<uint32_t> parameters_;
  kj::Array<kj::byte> dictionary_;
  std::unique_ptr<ZSTD_DCtx, Delete> state_;
};

}  // namespace

kj::Own<Engine> newZstdEngine(Mode mode, kj::ArrayPtr<const uint32_t> parameters,
                              kj::Maybe<uint64_t> sourceBytes, kj::Array<kj::byte> dictionary,
                              kj::Maybe<Engine::Failure>& failure) {
  kj::Own<Engine> engine;
  if (mode == Mode::ZstdCompress) {
    engine = kj::heap<ZstdCompressor>(parameters, sourceBytes, kj::mv(dictionary));
  } else {
    engine = kj::heap<ZstdDecompressor>(parameters, kj::mv(dictionary));
  }
  failure = engine->reset();
  return engine;
}

}  // namespace ocapd::api::node
