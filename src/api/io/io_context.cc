#include "src/api/io/io_context.h"

#include <kj/debug.h>

namespace ocapd::api {

// The three texts below are pinned by public suites and documentation.

void requireSameContext(const IoCell& cell, const IoContext& current) {
  if (cell.context == &current) return;
  if (cell.context == nullptr) {
    throw js::Error::plain(
        "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, "
        "request/response bodies, and others) created in the context of one request handler "
        "cannot be accessed from a different request's handler; the request this one belongs to "
        "has ended.");
  }
  throw js::Error::plain(
      "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, "
      "request/response bodies, and others) created in the context of one request handler cannot "
      "be accessed from a different request's handler. This is a limitation of Cloudflare Workers "
      "which allows us to improve overall performance.");
}

IoContext& IoContext::current(js::Turn& turn) {
  if (auto* event = static_cast<IoContext*>(turn.isolate().event)) return *event;
  throw js::Error::plain(
      "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or "
      "connect()), setting a timeout, and generating random values are not allowed within global "
      "scope. To fix this error, perform this operation within a handler. "
      "https://developers.cloudflare.com/workers/runtime-apis/handlers/");
}

namespace {

// What an event's request, response and headers take outside of V8's heap (measured: about 1.1 KB
// for a small one). What is large counts for itself.
constexpr size_t kEventBytes = 1200;

struct SharedFulfiller : public kj::Refcounted {
  explicit SharedFulfiller(kj::Own<kj::PromiseFulfiller<void>> fulfiller)
      : fulfiller(kj::mv(fulfiller)) {}
  kj::Own<kj::PromiseFulfiller<void>> fulfiller;
};

}  // namespace

IoContext::IoContext(js::Isolate& isolate)
    : isolate_(isolate), timers_(*this), waitUntilTasks_(*this), tasks_(*this) {}

IoContext::~IoContext() noexcept(false) {
  cancelAll();
  isolate_.addNativeGarbage(kEventBytes);
}

void IoContext::enterThrough(kj::Own<TurnGate> gate, kj::Function<void(js::Turn&)> body) {
  if (gate.get() != nullptr) {
    tasks_.add(kj::evalLater([gate = kj::mv(gate)]() mutable {
                 return gate->enter();
               }).then([this, body = kj::mv(body)](kj::Own<TurnGate::Pass> pass) mutable {
      pass->use();
      runTurn([&](js::Turn& turn) { body(turn); });
    }));
    return;
  }
  tasks_.add(kj::evalLater(
      [this, body = kj::mv(body)]() mutable { runTurn([&](js::Turn& turn) { body(turn); }); }));
}

void IoContext::cancelAll() {
  // From here on nobody finds the event; but what tasks use goes after them.
  for (IoCell& cell : cells_) cell.context = nullptr;
  for (IoCell& cell : abandoned_) cell.context = nullptr;
  waitUntilTasks_.clear();
  idle_ = nullptr;
  tasks_.clear();
  timers_.clear();
  freeAll(cells_);
  freeAll(abandoned_);
}

void IoContext::waitUntil(js::Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsPromise()) return;  // what is no promise is done already
  auto settled = kj::newPromiseAndFulfiller<void>();
  auto fulfiller = kj::refcounted<SharedFulfiller>(kj::mv(settled.fulfiller));
  auto done = [](kj::Own<SharedFulfiller> shared) {
    return [shared = kj::mv(shared)](js::Turn& inner, v8::Local<v8::Value>) mutable {
      shared->fulfiller->fulfill();
      return inner.undefined();
    };
  };
  // A rejection counts as done: the reference reports it to tail workers only.
  auto fulfilled = done(kj::addRef(*fulfiller));
  auto rejected = done(kj::mv(fulfiller));
  turn.whenSettled(value.As<v8::Promise>(), kj::mv(fulfilled), kj::mv(rejected));
  waitUntilTasks_.add(kj::mv(settled.promise));
}

void IoContext::addLastingTask(kj::Promise<void> task) {
  auto ended = kj::newPromiseAndFulfiller<void>();
  waitUntilTasks_.add(kj::mv(ended.promise));
  tasks_.add(task.attach(
      kj::defer([fulfiller = kj::mv(ended.fulfiller)]() mutable { fulfiller->fulfill(); })));
}

void IoContext::abort(kj::Exception reason) {
  if (abortReason_ != nullptr) return;
  abortReason_ = kj::cp(reason);
  for (auto& waiter : abortWaiters_) waiter->reject(kj::cp(reason));
  abortWaiters_.clear();
}

kj::Promise<void> IoContext::aborted() {
  KJ_IF_MAYBE(reason, abortReason_) {
    return kj::cp(*reason);
  }
  auto pair = kj::newPromiseAndFulfiller<void>();
  // Those whose promise was dropped make room.
  if (abortWaiters_.size() > 0 && !abortWaiters_.back()->isWaiting()) abortWaiters_.removeLast();
  abortWaiters_.add(kj::mv(pair.fulfiller));
  return kj::mv(pair.promise);
}

void IoContext::abortNow(js::Turn& turn, kj::Exception reason) {
  abort(kj::mv(reason));
  turn.isolate().stopTurn();
}

kj::Promise<void> IoContext::idle() {
  // A task set tells one at a time. What has been told cannot go while it tells.
  if (idle_ == nullptr || idleIsTold_->value) {
    idleIsTold_ = kj::refcounted<Told>();
    idle_ = tasks_.onEmpty()
                .then([told = kj::addRef(*idleIsTold_)]() mutable { told->value = true; })
                .fork();
  }
  return KJ_ASSERT_NONNULL(idle_).addBranch();
}

void IoContext::adopt(kj::Own<IoCell> cell) {
  cell->context = this;
  cells_.add(*cell);
  auto& reference = *cell;
  reference.self = kj::mv(cell);
}

void abandon(IoCell& cell) {
  if (cell.context == nullptr) return;
  cell.context->cells_.remove(cell);
  cell.context->abandoned_.add(cell);
}

// Destroying what is in one cell may abandon others.
void IoContext::freeAll(Cells& cells) {
  while (!cells.empty()) {
    IoCell& cell = cells.front();
    cells.remove(cell);
    cell.context = nullptr;
    auto share = kj::mv(cell.self);
    cell.drop();
  }
}

void IoContext::freeAbandoned() {
  freeAll(abandoned_);
}

void IoContext::taskFailed(kj::Exception&& exception) {
  if (abortReason_ != nullptr) return;  // whoever waits has been told
  KJ_LOG(ERROR, "background task of an event failed", exception);
}

void IoContext::Settle::rejectLater(js::Turn& turn, js::Turn::Native makeReason) {
  auto fail = turn.function(
      [makeReason = kj::mv(makeReason)](js::Turn& inner, v8::Local<v8::Value> nothing) mutable {
        inner.throwValue(makeReason(inner, nothing));
        return inner.undefined();
      });
  auto trigger = turn.check(v8::Promise::Resolver::New(turn.context));
  auto failed = turn.check(trigger->GetPromise()->Then(turn.context, fail));
  // In this order: the outcome is handed on before there is one.
  turn.check(resolver.Get(turn.v8)->Resolve(turn.context, failed));
  turn.check(trigger->Resolve(turn.context, turn.undefined()));
}

}  // namespace ocapd::api
