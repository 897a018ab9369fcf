#include "src/server/inspector_target.h"

#include <kj/debug.h>

namespace ocapd::server {

kj::Maybe<kj::Promise<void>> InspectorTarget::post(Item item) {
  {
    std::lock_guard lock(mutex_);
    if (items_.size() >= kWaitingMax) return nullptr;
    items_.push_back(kj::mv(item));
    // A script that is busy is interrupted; one that is paused waits for this.
    if (isolate_ != nullptr) {
      isolate_->v8()->RequestInterrupt(
          [](v8::Isolate* v8, void* self) {
            v8::HandleScope handles(v8);
            js::Turn turn(v8);
            static_cast<InspectorTarget*>(self)->handleAll(turn);
          },
          this);
    }
  }
  arrived_.notify_all();
  return lane_->executeAsync([this] { deliver(); });
}

void InspectorTarget::attach(js::Isolate& isolate) {
  auto& inspector = inspector_.emplace(isolate, *this);
  isolate.run([&](js::Turn&) {
    for (auto id : sessions_) inspector.open(id);
  });
  std::lock_guard lock(mutex_);
  isolate_ = &isolate;
}

void InspectorTarget::detach(js::Isolate& isolate) {
  if (isolate_ != &isolate) return;
  {
    std::lock_guard lock(mutex_);
    isolate_ = nullptr;
  }
  inspector_ = nullptr;
}

void InspectorTarget::reportException(js::Turn& turn, v8::Local<v8::Value> reason) {
  KJ_IF_MAYBE(inspector, inspector_) {
    inspector->reportException(turn, reason);
  }
}

void InspectorTarget::send(js::Inspector::SessionId session, kj::String message) {
  outlet_.send(session, kj::mv(message));
}

bool InspectorTarget::waitForMore() {
  {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return !items_.empty(); });
  }
  js::Turn turn(isolate_->v8());
  handleAll(turn);
  return true;
}

// A turn of its own, unless an interrupt has been faster.
void InspectorTarget::deliver() {
  if (isolate_ == nullptr || isolate_->running()) return;
  {
    std::lock_guard lock(mutex_);
    if (items_.empty()) return;
  }
  isolate_->run([&](js::Turn& turn) { handleAll(turn); });
}

void InspectorTarget::handleAll(js::Turn& turn) {
  auto& inspector = KJ_ASSERT_NONNULL(inspector_);
  for (auto& item : takeAll()) {
    switch (item.kind) {
      case Item::Kind::Open:
        sessions_.insert(item.session);
        inspector.open(item.session);
        break;
      case Item::Kind::Close:
        sessions_.eraseMatch(item.session);
        inspector.close(item.session);
        break;
      case Item::Kind::Message: inspector.dispatch(turn, item.session, item.text); break;
    }
  }
}

std::deque<InspectorTarget::Item> InspectorTarget::takeAll() {
  std::lock_guard lock(mutex_);
  return std::exchange(items_, {});
}

}  // namespace ocapd::server
