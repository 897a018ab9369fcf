// PairIterator: what entries(), keys() and values() of a native collection return.
//
// A Source is a js::Object with
//   static constexpr const char* kIteratorName     "Source Iterator"
//   kj::Maybe<js::Pair> pairAt(js::Turn&, size_t)  none beyond the end; may change between calls
// Its install list has PairIterator<Source>::kClass besides its own class.
//
// Owns      a share of the source.
// See       https://webidl.spec.whatwg.org/#js-iterable
#pragma once

#include "src/js/class.h"

namespace ocapd::js {

struct Pair {
  v8::Local<v8::Value> key;
  v8::Local<v8::Value> value;
};

// {value, done}: https://tc39.es/ecma262/#sec-createiterresultobject
v8::Local<v8::Object> iterationResult(Turn& turn, v8::Local<v8::Value> value, bool done);

// [key, value]
v8::Local<v8::Value> toArray(Turn& turn, const Pair& pair);

enum class IterationKind : uint8_t { Entries, Keys, Values };

template <typename Source>
class PairIterator final : public Object {
 public:
  static constexpr const char* kClassName = Source::kIteratorName;
  static const Class kClass;

  PairIterator(Source& source, IterationKind kind) : source_(&source), kind_(kind) {}

  // https://webidl.spec.whatwg.org/#js-default-iterator-object: %iteratorPrototype%.next
  v8::Local<v8::Value> next(Turn& turn) {
    KJ_IF_MAYBE(pair, source_->pairAt(turn, index_)) {
      ++index_;
      return iterationResult(turn, pick(turn, *pair), false);
    }
    return iterationResult(turn, turn.undefined(), true);
  }

  const Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override {
    Object::Trace(visitor);
    visitor->Trace(source_);
  }

 private:
  v8::Local<v8::Value> pick(Turn& turn, const Pair& pair) const {
    switch (kind_) {
      case IterationKind::Entries: return toArray(turn, pair);
      case IterationKind::Keys: return pair.key;
      case IterationKind::Values: return pair.value;
    }
    KJ_UNREACHABLE;
  }

  static constexpr Member kMembers[] = {method<&PairIterator::next>("next")};

  cppgc::Member<Source> source_;
  size_t index_ = 0;
  IterationKind kind_;
};

template <typename Source>
constinit const Class PairIterator<Source>::kClass{
    .name = kClassName,
    .spec = "https://webidl.spec.whatwg.org/#js-default-iterator-object",
    .members = kMembers,
    .exposed = false,
    .inherits = Intrinsic::IteratorPrototype,
};

// forEach(callback, thisValue) of the same collections.
// https://webidl.spec.whatwg.org/#js-forEach
template <typename Source>
void forEachPair(Turn& turn, Source& source, v8::Local<v8::Function> callback,
                 v8::Local<v8::Value> thisValue) {
  for (size_t i = 0;; ++i) {
    v8::HandleScope handles(turn.v8);
    KJ_IF_MAYBE(pair, source.pairAt(turn, i)) {
      v8::Local<v8::Value> arguments[] = {pair->value, pair->key, turn.wrap(source)};
      turn.check(callback->Call(turn.context, thisValue, 3, arguments));
    } else {
      return;
    }
  }
}

}  // namespace ocapd::js
