// Streams between C++ and JavaScript, from C++'s side: sinks, pumps, and readers that leave.

#include <gtest/gtest.h>
#include <v8-script.h>

#include "src/api/encoding/text_decoder.h"
#include "src/api/encoding/text_encoder.h"
#include "src/api/events/events.h"
#include "src/api/streams/readable_stream.h"
#include "src/api/streams/streams.h"
#include "src/api/streams/writable_stream.h"
#include "src/js/isolate.h"
#include "src/js/snapshot.h"

namespace ocapd::api {

namespace {

const js::GlobalBuilder& testGlobal() {
  static const js::GlobalBuilder kGlobal = [] {
    js::GlobalBuilder global;
    global.add(TextEncoder::kClass).add(TextDecoder::kClass).add(kEvents);
    installStreams(global);
    return global;
  }();
  return kGlobal;
}

js::Engine& testEngine() {
  static auto* engine = new js::Engine();  // V8 starts once in a process and stays
  return *engine;
}

kj::ArrayPtr<const kj::byte> testSnapshot() {
  static const kj::Array<kj::byte> kBytes = js::makeSnapshot(testEngine(), testGlobal());
  return kBytes;
}

class TestContext final : public IoContext {
 public:
  explicit TestContext(js::Isolate& isolate) : IoContext(isolate) {}
  ~TestContext() noexcept(false) { cancelAll(); }

  channel::ServiceChannel& globalOutbound() override { KJ_UNREACHABLE; }
  const kj::HttpHeaderTable& headerTable() override { KJ_UNREACHABLE; }
  kj::Timer& timer() override { KJ_UNREACHABLE; }

 protected:
  void turnFailed(js::Turn& turn, v8::Local<v8::Value> reason) override {
    ADD_FAILURE() << "a turn failed: "
                  << turn.utf8(turn.check(reason->ToString(turn.context))).cStr();
  }
  void turnTerminated(js::Isolate::Outcome) override { ADD_FAILURE() << "a turn was ended"; }
};

// What has been asked of a sink, as text.
struct SinkLog {
  std::string text;
  kj::Maybe<kj::Own<kj::PromiseFulfiller<void>>> blocked;
  bool blocks = false;
  bool fails = false;
};

class LoggingSink final : public ByteSink {
 public:
  explicit LoggingSink(SinkLog& log) : log_(log) {}

  kj::Promise<void> write(kj::ArrayPtr<const kj::byte> bytes) override {
    log_.text += "[" + std::string(bytes.asChars().begin(), bytes.size()) + "]";
    if (log_.fails) return KJ_EXCEPTION(FAILED, "jsg.RangeError: full");
    if (!log_.blocks) return kj::READY_NOW;
    auto pair = kj::newPromiseAndFulfiller<void>();
    log_.blocked = kj::mv(pair.fulfiller);
    return kj::mv(pair.promise);
  }
  kj::Promise<void> pumpFrom(kj::AsyncInputStream& source) override {
    log_.text += "pump";
    return ByteSink::pumpFrom(source);
  }
  kj::Promise<void> end() override {
    log_.text += "end";
    return kj::READY_NOW;
  }
  void abort(kj::Exception reason) override {
    log_.text += "abort:" + std::string(reason.getDescription().cStr());
  }

 private:
  SinkLog& log_;
};

class NativeStreams : public testing::Test {
 public:
  NativeStreams() { context_ = kj::heap<TestContext>(isolate_); }
  ~NativeStreams() noexcept override {}

 protected:
  // Runs a script in a turn of the event; `value` is what `given` makes, if anything.
  std::string eval(const char* source, kj::Function<v8::Local<v8::Value>(js::Turn&)> given) {
    std::string result;
    context_->runTurn([&](js::Turn& turn) {
      turn.set(turn.context->Global(), "given", given(turn));
      auto script =
          turn.check(v8::Script::Compile(turn.context, turn.string(kj::StringPtr(source))));
      auto value = turn.check(script->Run(turn.context));
      turn.v8->PerformMicrotaskCheckpoint();
      result = turn.utf8(turn.check(value->ToString(turn.context))).cStr();
    });
    poll();
    return result;
  }
  std::string eval(const char* source) {
    return eval(source, [](js::Turn& turn) -> v8::Local<v8::Value> {
      return turn.get(turn.context->Global(), "given");
    });
  }
  void poll() {
    for (int i = 0; i < 100; ++i) kj::evalLast([]() {}).wait(wait_);
  }

  // `given` as a stream, for native readers.
  kj::Own<kj::AsyncInputStream> takeGiven() {
    kj::Own<kj::AsyncInputStream> result;
    context_->runTurn([&](js::Turn& turn) {
      auto stream =
          js::Convert<ReadableStream>::from(turn, turn.get(turn.context->Global(), "given"));
      result = stream.take(turn);
    });
    return result;
  }

  void giveSink(SinkLog& log) {
    eval("'';", [&](js::Turn& turn) -> v8::Local<v8::Value> {
      return newWritableStream(turn, kj::heap<LoggingSink>(log));
    });
  }

  kj::EventLoop loop_;
  kj::WaitScope wait_{loop_};
  js::Isolate isolate_{testEngine(), testGlobal(), testSnapshot(), {}};
  kj::Own<TestContext> context_;
};

TEST_F(NativeStreams, WritesGoToTheSinkOneByOneUntilTheEnd) {
  SinkLog log;
  log.blocks = true;
  giveSink(log);
  eval(
      "var state = ''; var writer = given.getWriter();"
      "writer.write('a').then(() => state += 'a!'); writer.write(new Uint8Array([98, 99]));"
      "writer.close().then(() => state += 'closed');");
  EXPECT_EQ(log.text, "[a]");
  EXPECT_EQ(eval("state"), "");
  KJ_ASSERT_NONNULL(log.blocked)->fulfill();
  poll();
  EXPECT_EQ(log.text, "[a][bc]");
  EXPECT_EQ(eval("state"), "a!");
  KJ_ASSERT_NONNULL(log.blocked)->fulfill();
  poll();
  EXPECT_EQ(log.text, "[a][bc]end");
  EXPECT_EQ(eval("state"), "a!closed");
}

TEST_F(NativeStreams, AFailingSinkErrorsItsStream) {
  SinkLog log;
  log.fails = true;
  giveSink(log);
  eval(
      "var write, closed; var writer = given.getWriter();"
      "writer.write('a').catch((e) => write = e); writer.closed.catch((e) => closed = e);");
  EXPECT_EQ(eval("`${write}, ${closed}`"), "RangeError: full, RangeError: full");
}

TEST_F(NativeStreams, AbortingTellsTheSink) {
  SinkLog log;
  giveSink(log);
  eval("given.abort(new TypeError('never mind'))");
  EXPECT_EQ(log.text, "abort:jsg.TypeError: never mind");
}

TEST_F(NativeStreams, OtherChunksAreRefused) {
  SinkLog log;
  giveSink(log);
  eval("var state; given.getWriter().write({}).catch((e) => state = String(e));");
  EXPECT_EQ(eval("state"), "TypeError: This WritableStream only supports writing byte types.");
  EXPECT_EQ(log.text.find("["), std::string::npos);
}

class PipedNatively : public NativeStreams {
 protected:
  void giveBoth(SinkLog& log, kj::Own<kj::AsyncInputStream> source) {
    giveSink(log);
    eval("var sink = given;");
    eval("var source = given; var state = '';", [&](js::Turn& turn) -> v8::Local<v8::Value> {
      auto* native = turn.make<NativeSource>(context_->own(kj::mv(source)), nullptr);
      return ReadableStream::create(turn, *native).object;
    });
  }
};

TEST_F(PipedNatively, IsPumpedWithoutJavaScript) {
  SinkLog log;
  auto pipe = kj::newOneWayPipe();
  giveBoth(log, kj::mv(pipe.in));
  eval("source.pipeTo(sink).then(() => state = 'done', (e) => state = String(e));");
  EXPECT_EQ(log.text, "pump");
  EXPECT_EQ(eval("`${source.locked} ${sink.locked}`"), "true true");
  pipe.out->write("some", 4).wait(wait_);
  pipe.out = nullptr;
  poll();
  EXPECT_EQ(log.text, "pump[some]end");
  EXPECT_EQ(eval("`${state} ${source.locked} ${sink.locked}`"), "done false false");
}

TEST_F(PipedNatively, LeavesTheSinkOpenWhenAskedTo) {
  SinkLog log;
  giveBoth(log, newSharedBytesStream(kj::refcounted<SharedBytes>(
                    kj::heapArray<kj::byte>(kj::StringPtr("x").asBytes()))));
  eval("source.pipeTo(sink, {preventClose: true}).then(() => state = 'done');");
  EXPECT_EQ(log.text, "pump[x]");
  EXPECT_EQ(eval("state"), "done");
  eval("sink.getWriter().close()");
  EXPECT_EQ(log.text, "pump[x]end");
}

TEST_F(PipedNatively, EndsWithItsSignal) {
  SinkLog log;
  auto pipe = kj::newOneWayPipe();
  giveBoth(log, kj::mv(pipe.in));
  eval(
      "var controller = new AbortController();"
      "source.pipeTo(sink, {signal: controller.signal}).catch((e) => state = String(e));");
  eval("controller.abort(new RangeError('enough'));");
  EXPECT_EQ(eval("state"), "RangeError: enough");
  EXPECT_EQ(log.text, "pumpabort:jsg.RangeError: enough");
}

TEST_F(PipedNatively, FailsWithTheSink) {
  SinkLog log;
  log.fails = true;
  giveBoth(log, newSharedBytesStream(kj::refcounted<SharedBytes>(
                    kj::heapArray<kj::byte>(kj::StringPtr("x").asBytes()))));
  eval("source.pipeTo(sink).catch((e) => state = String(e));");
  EXPECT_EQ(eval("state"), "RangeError: full");
}

constexpr const char* kCountingSource =
    "var pulls = 0, cancels = 0; given = new ReadableStream({"
    "  async pull(c) { await null; if (++pulls > 5) c.close(); else c.enqueue(`<${pulls}>`); },"
    "  cancel() { ++cancels; } }, {highWaterMark: 0}); ''";

TEST_F(NativeStreams, AReaderGetsWhatJavaScriptMakes) {
  eval(kCountingSource);
  auto stream = takeGiven();
  char buffer[64];
  size_t count = stream->tryRead(buffer, sizeof(buffer), sizeof(buffer)).wait(wait_);
  EXPECT_EQ(std::string(buffer, count), "<1><2><3><4><5>");
  EXPECT_EQ(stream->tryRead(buffer, 1, sizeof(buffer)).wait(wait_), 0u);
  stream = nullptr;
  poll();
  EXPECT_EQ(eval("cancels"), "0");
}

// Dropped after every number of steps of the event loop, the stream is cancelled once or has ended.
TEST_F(NativeStreams, AReaderThatLeavesAtAnyStepCancels) {
  for (int steps = 0; steps < 40; ++steps) {
    eval(kCountingSource);
    auto stream = takeGiven();
    char buffer[64];
    auto read = stream->tryRead(buffer, sizeof(buffer), sizeof(buffer));
    for (int i = 0; i < steps; ++i) read.poll(wait_);
    bool hasEnded = eval("pulls") == "6";
    read = nullptr;
    stream = nullptr;
    poll();
    EXPECT_EQ(eval("cancels"), hasEnded ? "0" : "1") << steps;
  }
}

TEST_F(NativeStreams, AReaderOutlivesItsEvent) {
  for (bool isReading : {false, true}) {
    context_ = kj::heap<TestContext>(isolate_);
    eval("given = new ReadableStream({pull: () => new Promise(() => {})}); ''");
    auto stream = takeGiven();
    char buffer[4];
    kj::Maybe<kj::Promise<size_t>> read;
    if (isReading) read = stream->tryRead(buffer, 1, 4);
    context_ = nullptr;
    if (!isReading) read = stream->tryRead(buffer, 1, 4);
    auto failure = kj::runCatchingExceptions([&] { KJ_ASSERT_NONNULL(read).wait(wait_); });
    EXPECT_TRUE(failure != nullptr) << isReading;
  }
}

TEST_F(NativeStreams, AReaderWithNothingToWaitForIsTold) {
  eval("given = new ReadableStream({pull: () => new Promise(() => {})}); ''");
  auto stream = takeGiven();
  char buffer[4];
  auto failure = kj::runCatchingExceptions([&] { stream->tryRead(buffer, 1, 4).wait(wait_); });
  KJ_IF_MAYBE(exception, failure) {
    EXPECT_NE(std::string(exception->getDescription().cStr()).find("code had hung"),
              std::string::npos);
  } else {
    ADD_FAILURE() << "the read came back";
  }
}

}  // namespace

}  // namespace ocapd::api
