#include "src/api/fetch/fetch_abort.h"

#include <kj/debug.h>

namespace ocapd::api {

namespace {

kj::Exception aborted() {
  return KJ_EXCEPTION(FAILED, "jsg.Error: The operation was aborted");
}

}  // namespace

class FetchAbort::Body final : public kj::AsyncInputStream {
 public:
  Body(kj::Own<FetchAbort> owner, kj::Own<kj::AsyncInputStream> inner)
      : owner_(kj::mv(owner)), inner_(kj::mv(inner)) {
    owner_->body_ = *this;
  }
  ~Body() noexcept(false) { owner_->body_ = nullptr; }

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    if (inner_.get() == nullptr) return aborted();
    return owner_->canceler_.wrap(inner_->tryRead(buffer, minBytes, maxBytes));
  }
  kj::Maybe<uint64_t> tryGetLength() override {
    return inner_.get() == nullptr ? nullptr : inner_->tryGetLength();
  }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    if (inner_.get() == nullptr) return aborted();
    return owner_->canceler_.wrap(inner_->pumpTo(output, amount));
  }
  // No read is under way.
  void drop() { inner_ = nullptr; }

 private:
  kj::Own<FetchAbort> owner_;
  kj::Own<kj::AsyncInputStream> inner_;
};

kj::Promise<ExchangeResponse> FetchAbort::wrap(kj::Promise<ExchangeResponse> exchange) {
  return canceler_.wrap(kj::mv(exchange));
}

kj::Own<kj::AsyncInputStream> FetchAbort::wrap(kj::Own<kj::AsyncInputStream> body) {
  return kj::heap<Body>(kj::addRef(*this), kj::mv(body));
}

void FetchAbort::resolve(js::Turn& turn, v8::Local<v8::Value> response, NativeSource* body) {
  if (aborted_) return;
  source_ = body;
  auto resolver = resolver_.Get(turn.v8);
  resolver_.Reset();
  turn.check(resolver->Resolve(turn.context, response));
}

void FetchAbort::reject(js::Turn& turn, v8::Local<v8::Value> reason) {
  if (resolver_.IsEmpty()) return;
  auto resolver = resolver_.Get(turn.v8);
  resolver_.Reset();
  turn.check(resolver->Reject(turn.context, reason));
}

void FetchAbort::abort(js::Turn& turn, v8::Local<v8::Value> reason) {
  aborted_ = true;
  auto* event = event_.owner();
  if (event == nullptr || (canceler_.isEmpty() && body_ == nullptr)) return;
  if (source_) source_->abort(turn, reason);
  reject(turn, reason);
  event->addTask(kj::evalLater([self = kj::addRef(*this)]() mutable { self->cancel(); }));
}

void FetchAbort::cancel() {
  canceler_.cancel(aborted());
  KJ_IF_MAYBE(body, body_) {
    body->drop();
  }
}

}  // namespace ocapd::api
