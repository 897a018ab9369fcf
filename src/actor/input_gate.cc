#include "src/actor/input_gate.h"

#include <kj/debug.h>

namespace ocapd::actor {

class InputGate::Section::SectionPass final : public api::TurnGate::Pass {
 public:
  explicit SectionPass(kj::Own<Section> section) : section_(kj::mv(section)) {}

  ~SectionPass() noexcept(false) {
    auto* gate = section_->gate_;
    if (used_ && gate != nullptr && gate->current_ == section_.get()) gate->current_ = nullptr;
    section_->leave();
  }

  void use() override {
    used_ = true;
    if (section_->gate_ != nullptr) section_->gate_->current_ = section_.get();
  }

 private:
  kj::Own<Section> section_;
  bool used_ = false;
};

InputGate::Section::Section(InputGate& gate, kj::Own<Section> parent)
    : gate_(&gate),
      parent_(kj::mv(parent)),
      depth_(parent_.get() == nullptr ? 0 : parent_->depth_ + 1) {
  gate.sections_.add(this);
}

InputGate::Section::~Section() noexcept(false) {
  if (gate_ == nullptr) return;
  auto& sections = gate_->sections_;
  for (auto& each : sections) {
    if (each != this) continue;
    each = sections.back();
    sections.removeLast();
    break;
  }
}

kj::Promise<kj::Own<api::TurnGate::Pass>> InputGate::Section::enter(Order order) {
  if (ended_) return parent_->enter(order);
  if (gate_ == nullptr) return KJ_EXCEPTION(DISCONNECTED, "the Durable Object has ended");
  KJ_IF_MAYBE(reason, gate_->broken_) {
    return kj::cp(*reason);
  }
  if (!locked_) {
    locked_ = true;
    return kj::Own<Pass>(kj::heap<SectionPass>(kj::addRef(*this)));
  }
  auto pair = kj::newPromiseAndFulfiller<kj::Own<Pass>>();
  (order == Order::First ? urgent_ : waiting_).push_back(kj::mv(pair.fulfiller));
  return kj::mv(pair.promise);
}

void InputGate::Section::leave() {
  locked_ = false;
  letNextIn();
}

void InputGate::Section::letNextIn() {
  while (!locked_) {
    auto& queue = urgent_.empty() ? waiting_ : urgent_;
    if (queue.empty()) return;
    auto next = kj::mv(queue.front());
    queue.pop_front();
    if (!next->isWaiting()) continue;  // whoever waited has gone
    locked_ = true;
    next->fulfill(kj::heap<SectionPass>(kj::addRef(*this)));
  }
}

kj::Promise<void> InputGate::Section::begin() {
  auto self = kj::addRef(*this);
  self->parentPass_ = co_await parent_->enter(Order::First);
}

void InputGate::Section::end() {
  if (ended_) return;
  ended_ = true;
  // Those who still wait here are the parent's now, in front of those who came from outside.
  auto move = [&](std::deque<Fulfiller>& from, std::deque<Fulfiller>& to) {
    while (!from.empty()) {
      to.push_front(kj::mv(from.back()));
      from.pop_back();
    }
  };
  move(urgent_, parent_->urgent_);
  move(waiting_, parent_->waiting_);
  parentPass_ = nullptr;
}

void InputGate::Section::breakWith(const kj::Exception& reason) {
  for (auto* queue : {&urgent_, &waiting_}) {
    while (!queue->empty()) {
      queue->front()->reject(kj::cp(reason));
      queue->pop_front();
    }
  }
}

InputGate::InputGate() : root_(kj::refcounted<Section>(*this, kj::Own<Section>())) {}

InputGate::~InputGate() noexcept(false) {
  breakWith(KJ_EXCEPTION(DISCONNECTED, "the Durable Object has ended"));
  for (auto* section : sections_) section->gate_ = nullptr;
}

kj::Own<InputGate::Section> InputGate::newSection() {
  auto parent = kj::addRef(current());
  // A section that has ended is only another name for its parent.
  while (parent->ended_) parent = kj::addRef(*parent->parent_);
  return kj::refcounted<Section>(*this, kj::mv(parent));
}

void InputGate::breakWith(kj::Exception reason) {
  if (broken_ != nullptr) return;
  broken_ = kj::cp(reason);
  for (auto* section : sections_) section->breakWith(reason);
}

}  // namespace ocapd::actor
