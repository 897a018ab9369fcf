#include "src/actor/facets.h"

#include <unistd.h>

#include <kj/debug.h>

#include "src/actor/actor_control.h"
#include "src/actor/actor_namespace.h"
#include "src/actor/actor_target.h"

namespace ocapd::actor {

namespace {

// Pinned by the reference, here and below.
kj::Exception visible(kj::StringPtr text) {
  return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                       kj::str("jsg.Error: ", text));
}

// Finds its facet when it is first used, and stays with it.
class FacetChannel final : public channel::ActorChannel, public ActorReference {
 public:
  FacetChannel(kj::Own<Actor> parent, kj::String name, kj::Own<api::FacetStarter> starter)
      : parent_(kj::mv(parent)), name_(kj::mv(name)), starter_(kj::mv(starter)) {}
  ~FacetChannel() noexcept(false) {
    // This may be a collector's sweep, where no actor can end.
    if (facet_.get() != nullptr) Actor::release(kj::mv(facet_));
    Actor::release(kj::mv(parent_));
  }

  kj::Own<channel::RequestTarget> startRequest(channel::RequestMetadata metadata) override {
    if (facet_.get() == nullptr) facet_ = parent_->facets().findOrMake(name_);
    return kj::heap<ActorTarget>(kj::addRef(*facet_), kj::mv(metadata), kj::addRef(*starter_));
  }

  kj::Own<Actor> findActor() override {
    if (facet_.get() == nullptr) return {};
    return kj::addRef(*facet_);
  }
  ActorNamespace& space() override { return parent_->space(); }

  void requireTransferable() override {
    kj::throwFatalException(
        KJ_EXCEPTION(FAILED,
                     "jsg.DOMException(DataCloneError): Stubs pointing to Durable Object facets "
                     "are not serializable."));
  }

 private:
  kj::Own<Actor> parent_;
  kj::String name_;
  kj::Own<api::FacetStarter> starter_;
  kj::Own<Actor> facet_;
};

}  // namespace

Facets::~Facets() noexcept(false) {
  for (auto& each : facets_) each.value->orphan();
}

kj::Own<channel::ActorChannel> Facets::get(kj::String name, kj::Own<api::FacetStarter> starter) {
  if (owner_.depth() >= kDepthMax) {
    throw js::Error::plain(
        "Facet nesting depth limit exceeded. The maximum depth including the root Durable Object "
        "is ",
        kDepthMax, '.');
  }
  return kj::refcounted<FacetChannel>(kj::addRef(owner_), kj::mv(name), kj::mv(starter));
}

kj::Own<Actor> Facets::findOrMake(kj::StringPtr name) {
  KJ_IF_MAYBE(known, facets_.find(name)) {
    return kj::addRef(**known);
  }
  auto facet = kj::refcounted<Actor>(owner_, kj::str(name));
  auto key = facet->name();
  auto result = kj::addRef(*facet);
  facets_.insert(key, kj::mv(facet));
  return result;
}

void Facets::abort(kj::StringPtr name, kj::Exception reason) {
  KJ_IF_MAYBE(known, facets_.find(name)) {
    auto facet = kj::addRef(**known);
    facet->breakWith(kj::mv(reason));
    facet->closeStore();
  }
}

void Facets::abortAll(const kj::Exception& reason) {
  kj::Vector<kj::Own<Actor>> all;
  for (auto& each : facets_) all.add(kj::addRef(*each.value));
  for (auto& each : all) {
    each->breakWith(kj::cp(reason));
    each->closeStore();
  }
}

bool Facets::anyAwake() const {
  for (auto& each : facets_) {
    if (each.value->isInUse()) return true;
  }
  return false;
}

void Facets::forget(Actor& facet) {
  KJ_IF_MAYBE(known, facets_.find(facet.name())) {
    if (known->get() != &facet) return;
    auto kept = kj::mv(*known);
    facets_.erase(facet.name());
    Actor::release(kj::mv(kept));
  }
}

// ---- data ----

void Facets::remove(kj::StringPtr name) {
  abort(name, visible("Facet was deleted."));
  KJ_IF_MAYBE(index, owner_.facetIndex()) {
    // As in the reference, a facet that never was gets a number, too.
    if (index->count() > 0) removeData(index->findOrAdd(owner_.facetNumber(), name));
  }
  KJ_IF_MAYBE(known, facets_.find(name)) {
    forget(**known);  // what it had in memory
  }
}

void Facets::removeAll() {
  abortAll(visible("Facet was deleted."));
  KJ_IF_MAYBE(index, owner_.facetIndex()) {
    for (auto& child : index->childrenOf(owner_.facetNumber())) removeData(child.number);
  }
  facets_.clear();
}

void Facets::removeData(uint32_t number) {
  auto& index = KJ_ASSERT_NONNULL(owner_.facetIndex());
  for (auto& child : index.childrenOf(number)) removeData(child.number);
  auto path = owner_.facetPath(number);
  for (auto suffix : {"", "-wal", "-shm"}) unlink(kj::str(path, suffix).cStr());
}

void Facets::clone(kj::StringPtr source, kj::StringPtr destination) {
  auto reason = visible("Facet was cloned-over.");
  abort(destination, kj::cp(reason));
  if (source == destination) return;
  remove(destination);
  KJ_IF_MAYBE(known, facets_.find(source)) {
    auto from = kj::addRef(**known);
    from->commitNow();
    if (owner_.space().options().storage == StorageKind::InMemory) {
      from->copyMemory(*findOrMake(destination));
    }
  }
  KJ_IF_MAYBE(index, owner_.facetIndex()) {
    if (index->count() == 0) return;
    auto number = index->findOrAdd(owner_.facetNumber(), source);
    copyData(number, index->findOrAdd(owner_.facetNumber(), destination));
  }
}

void Facets::copyData(uint32_t source, uint32_t destination) {
  auto& index = KJ_ASSERT_NONNULL(owner_.facetIndex());
  auto path = owner_.facetPath(source);
  if (access(path.cStr(), F_OK) == 0) {
    auto from = sqlite::Database::open(path);
    auto to = sqlite::Database::open(owner_.facetPath(destination));
    from->copyTo(*to);
  }
  for (auto& child : index.childrenOf(source)) {
    copyData(child.number, index.findOrAdd(destination, child.name));
  }
}

void Facets::copyMemory(Facets& other) {
  for (auto& each : facets_) each.value->copyMemory(*other.findOrMake(each.key));
}

}  // namespace ocapd::actor
