#include "src/api/node/compression/compressor.h"

#include <string.h>

#include <algorithm>

#include <v8-container.h>
#include <zlib.h>

namespace ocapd::api::node {

namespace {

v8::Local<v8::Value> toValue(js::Turn& turn, kj::Maybe<Engine::Failure>& failure) {
  KJ_IF_MAYBE(present, failure) {
    v8::Local<v8::Value> parts[] = {turn.string(present->message),
                                    v8::Integer::New(turn.v8, present->number),
                                    turn.string(present->code)};
    return v8::Array::New(turn.v8, parts, std::size(parts));
  }
  return turn.undefined();
}

kj::ArrayPtr<kj::byte> bytesOf(v8::Local<v8::Value> value) {
  if (!value->IsArrayBufferView() && !value->IsArrayBuffer()) return nullptr;
  return js::SharedBufferSource(value).bytes();
}

kj::ArrayPtr<kj::byte> part(v8::Local<v8::Value> value, double start, double size) {
  auto bytes = bytesOf(value);
  size_t from = std::min(size_t(start), bytes.size());
  return bytes.slice(from, from + std::min(size_t(size), bytes.size() - from));
}

kj::Array<kj::byte> copyOf(v8::Local<v8::Value> value) {
  return kj::heapArray(bytesOf(value).asConst());
}

kj::Array<uint32_t> numbersOf(v8::Local<v8::Value> value) {
  auto bytes = bytesOf(value);
  auto numbers = kj::heapArray<uint32_t>(bytes.size() / sizeof(uint32_t));
  memcpy(numbers.begin(), bytes.begin(), numbers.size() * sizeof(uint32_t));
  return numbers;
}

// The new object, or the failure.
v8::Local<v8::Value> made(js::Turn& turn, kj::Own<Engine> engine,
                          kj::Maybe<Engine::Failure>& failure) {
  if (failure != nullptr) return toValue(turn, failure);
  return turn.wrap(*turn.make<Compressor>(kj::mv(engine)));
}

v8::Local<v8::Value> newZlib(js::Turn& turn, uint32_t mode, int32_t windowBits, int32_t level,
                             int32_t memoryLevel, int32_t strategy, v8::Local<v8::Value> dictionary,
                             bool rejectsGarbage) {
  kj::Maybe<Engine::Failure> failure;
  auto engine = newZlibEngine(Mode(mode), windowBits, level, memoryLevel, strategy,
                              copyOf(dictionary), rejectsGarbage, failure);
  return made(turn, kj::mv(engine), failure);
}

v8::Local<v8::Value> newBrotli(js::Turn& turn, uint32_t mode, v8::Local<v8::Value> parameters) {
  kj::Maybe<Engine::Failure> failure;
  auto engine = newBrotliEngine(Mode(mode), numbersOf(parameters), failure);
  return made(turn, kj::mv(engine), failure);
}

v8::Local<v8::Value> newZstd(js::Turn& turn, uint32_t mode, v8::Local<v8::Value> parameters,
                             v8::Local<v8::Value> sourceBytes, v8::Local<v8::Value> dictionary) {
  kj::Maybe<uint64_t> size;
  if (sourceBytes->IsNumber()) size = uint64_t(sourceBytes.As<v8::Number>()->Value());
  kj::Maybe<Engine::Failure> failure;
  auto engine = newZstdEngine(Mode(mode), numbersOf(parameters), size, copyOf(dictionary), failure);
  return made(turn, kj::mv(engine), failure);
}

double checksum(js::Turn& turn, v8::Local<v8::Value> data, uint32_t start) {
  if (data->IsString()) {
    auto text = turn.utf8(data.As<v8::String>());
    return double(crc32_z(start, text.asBytes().begin(), text.size()));
  }
  auto bytes = bytesOf(data);
  // Null would mean to begin anew.
  return bytes.size() == 0 ? start : double(crc32_z(start, bytes.begin(), bytes.size()));
}

constexpr js::Member kFunctions[] = {
    js::function<&newZlib>("newZlib"),
    js::function<&newBrotli>("newBrotli"),
    js::function<&newZstd>("newZstd"),
    js::function<&checksum>("crc32"),
};

}  // namespace

v8::Local<v8::Value> Compressor::write(js::Turn& turn, int32_t flush, v8::Local<v8::Value> in,
                                       double inStart, double inBytes, v8::Local<v8::Value> out,
                                       double outStart, double outBytes,
                                       v8::Local<v8::Value> state) {
  if (engine_.get() == nullptr) throw js::Error::plain("The stream was closed.");
  kj::ArrayPtr<const kj::byte> input = part(in, inStart, inBytes);
  auto output = part(out, outStart, outBytes);
  auto failure = engine_->run(flush, input, output);
  uint32_t left[] = {uint32_t(output.size()), uint32_t(input.size())};
  auto target = bytesOf(state);
  KJ_REQUIRE(target.size() >= sizeof(left), "the state has room for two numbers");
  memcpy(target.begin(), left, sizeof(left));
  return toValue(turn, failure);
}

v8::Local<v8::Value> Compressor::reset(js::Turn& turn) {
  if (engine_.get() == nullptr) return turn.undefined();
  auto failure = engine_->reset();
  return toValue(turn, failure);
}

v8::Local<v8::Value> Compressor::setParameters(js::Turn& turn, int32_t level, int32_t strategy) {
  if (engine_.get() == nullptr) return turn.undefined();
  auto failure = setZlibParameters(*engine_, level, strategy);
  return toValue(turn, failure);
}

std::span<const js::Member> compressionFunctions() {
  return kFunctions;
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&Compressor::write>("write"),
    js::method<&Compressor::reset>("reset"),
    js::method<&Compressor::setParameters>("setParameters"),
    js::method<&Compressor::close>("close"),
};

}  // namespace

constinit const js::Class Compressor::kClass{
    .name = kClassName, .members = kMembers, .exposed = false};

}  // namespace ocapd::api::node
