// SyncKvStorage: `ctx.storage.kv`, the same keys and values without promises.
//
// Spec https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/#synchronous-kv-api
#pragma once

#include "src/api/actor/durable_object_storage.h"
#include "src/api/io/report_error.h"

namespace ocapd::api {

class SyncKvStorage final : public js::Object {
 public:
  static constexpr const char* kClassName = "SyncKvStorage";
  static const js::Class kClass;

  // Walks the keys as they are when it comes to them. A newer list() ends it.
  class ListIterator final : public js::Object {
   public:
    static constexpr const char* kClassName = "ListIterator";
    static const js::Class kClass;

    // Empty: there is nothing to walk.
    ListIterator(SyncKvStorage& storage, IoOwn<ActorStore::Walk> walk)
        : storage_(&storage), walk_(kj::mv(walk)) {}
    v8::Local<v8::Value> next(js::Turn& turn);

    const js::Class& jsClass() const override { return kClass; }
    void Trace(cppgc::Visitor* visitor) const override {
      js::Object::Trace(visitor);
      visitor->Trace(storage_);
    }

   private:
    cppgc::Member<SyncKvStorage> storage_;
    IoOwn<ActorStore::Walk> walk_;
  };

  explicit SyncKvStorage(DurableObjectStorage& storage) : storage_(&storage) {}

  v8::Local<v8::Value> get(js::Turn& turn, KeyText key);
  ListIterator* list(js::Turn& turn, kj::Maybe<ListOptions> options);
  void put(js::Turn& turn, KeyText key, AnyValue value);
  bool remove(js::Turn& turn, KeyText key);

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override {
    js::Object::Trace(visitor);
    visitor->Trace(storage_);
  }

 private:
  template <typename Use>
  auto with(js::Turn& turn, Use&& use);

  cppgc::Member<DurableObjectStorage> storage_;
};

}  // namespace ocapd::api
