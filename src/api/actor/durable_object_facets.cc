#include "src/api/actor/durable_object_facets.h"

namespace ocapd::api {

namespace {

// Texts pinned by the reference, here and below.
constexpr kj::StringPtr kOver =
    "jsg.Error: The request which initiated this facet startup has already completed."_kj;

kj::Exception over() {
  return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kOver));
}

void checkName(kj::StringPtr name) {
  if (name.size() <= DurableObjectFacets::kNameBytesMax) return;
  throw js::Error::type("Facet name is too long (max ", DurableObjectFacets::kNameBytesMax,
                        " characters).");
}

FacetOptions toOptions(js::Turn& turn, v8::Local<v8::Value> value) {
  if (value->IsNullOrUndefined()) {
    throw js::Error::type(
        "Cannot initialize StartupOptions with required members from an undefined or null value.");
  }
  if (!value->IsObject()) {
    throw js::Error::type("Callback returned incorrect type; expected 'Promise'");
  }
  auto given = value.As<v8::Object>();
  FacetOptions options;
  options.actorClass = actorClassOf(turn, turn.get(given, "class"));
  if (options.actorClass.get() == nullptr) {
    throw js::Error::type(
        "Incorrect type for the 'class' field on 'StartupOptions': the provided value is not of "
        "type 'DurableObjectClass or LoopbackDurableObjectNamespace or "
        "LoopbackColoLocalActorNamespace'.");
  }
  auto id = turn.get(given, "id");
  if (auto* durable = turn.unwrap<DurableObjectId>(id)) {
    options.id = kj::OneOf<kj::String, channel::ActorId>(durable->id().clone());
  } else if (!id->IsUndefined()) {
    options.id = kj::OneOf<kj::String, channel::ActorId>(js::Convert<kj::String>::from(turn, id));
  }
  return options;
}

struct Starting : public kj::Refcounted {
  explicit Starting(kj::Own<kj::PromiseFulfiller<FacetOptions>> fulfiller)
      : fulfiller(kj::mv(fulfiller)) {}
  ~Starting() noexcept(false) {
    if (fulfiller->isWaiting()) fulfiller->reject(over());
  }
  kj::Own<kj::PromiseFulfiller<FacetOptions>> fulfiller;
};

void callBack(js::Turn& turn, v8::Local<v8::Function> callback, kj::Own<Starting> starting) {
  v8::Local<v8::Promise> promise;
  auto failure = turn.catching([&] {
    auto returned = turn.check(callback->Call(turn.context, turn.undefined(), 0, nullptr));
    promise = turn.resolved(returned);
  });
  KJ_IF_MAYBE(reason, failure) {
    return starting->fulfiller->reject(js::toKj(turn, *reason));
  }
  turn.whenSettled(
      promise,
      [starting = kj::addRef(*starting)](js::Turn& inner, v8::Local<v8::Value> value) mutable {
        auto wrong = inner.catching([&] { starting->fulfiller->fulfill(toOptions(inner, value)); });
        KJ_IF_MAYBE(reason, wrong) {
          starting->fulfiller->reject(js::toKj(inner, *reason));
        }
        return inner.undefined();
      },
      [starting = kj::addRef(*starting)](js::Turn& inner, v8::Local<v8::Value> reason) mutable {
        starting->fulfiller->reject(js::toKj(inner, reason));
        return inner.undefined();
      });
}

}  // namespace

FacetStarter::FacetStarter(js::Turn& turn, v8::Local<v8::Function> callback) {
  auto& context = IoContext::current(turn);
  callback_ = context.own(kj::heap<v8::Global<v8::Function>>(turn.v8, callback));
  gate_ = context.turnGate();
}

kj::Promise<FacetOptions> FacetStarter::start() {
  auto* context = callback_.owner();
  if (context == nullptr) return over();
  auto pair = kj::newPromiseAndFulfiller<FacetOptions>();
  auto starting = kj::refcounted<Starting>(kj::mv(pair.fulfiller));
  context->enterThrough(kj::addRef(*gate_), [self = kj::addRef(*this), context,
                                             starting = kj::mv(starting)](js::Turn& turn) mutable {
    callBack(turn, self->callback_.get(*context).Get(turn.v8), kj::mv(starting));
  });
  return kj::mv(pair.promise);
}

Fetcher* DurableObjectFacets::get(js::Turn& turn, kj::String name,
                                  v8::Local<v8::Function> callback) {
  checkName(name);
  auto starter = kj::refcounted<FacetStarter>(turn, callback);
  return turn.make<Fetcher>(actor(turn).getFacet(kj::mv(name), kj::mv(starter)));
}

void DurableObjectFacets::abort(js::Turn& turn, kj::String name, js::Arguments arguments) {
  checkName(name);
  if (arguments.info.Length() < 2) {
    throw js::Error::type(
        "Failed to execute 'abort' on 'DurableObjectFacets': parameter 2 is not of type 'Value'.");
  }
  actor(turn).abortFacet(name, js::toKj(turn, arguments.info[1]));
}

void DurableObjectFacets::remove(js::Turn& turn, kj::String name) {
  checkName(name);
  actor(turn).deleteFacet(name);
}

void DurableObjectFacets::clone(js::Turn& turn, kj::String source, kj::String destination) {
  checkName(source);
  checkName(destination);
  actor(turn).cloneFacet(source, destination);
}

namespace {

constexpr js::Member kMembers[] = {
    js::method<&DurableObjectFacets::get>("get"),
    js::method<&DurableObjectFacets::abort>("abort"),
    js::method<&DurableObjectFacets::remove>("delete"),
    js::method<&DurableObjectFacets::clone>("clone"),
};

}  // namespace

constinit const js::Class DurableObjectFacets::kClass{
    .name = kClassName,
    .spec = "https://developers.cloudflare.com/dynamic-workers/usage/durable-object-facets/",
    .members = kMembers,
    .exposed = false,
};

}  // namespace ocapd::api
