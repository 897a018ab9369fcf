#include "src/rpc/invocation.h"

#include <v8-container.h>

#include "src/js/tunnel.h"
#include "src/rpc/hosted_object.h"

namespace ocapd::rpc {

namespace {

// What a path of names leads to.
struct Found {
  v8::Local<v8::Value> value;
  v8::Local<v8::Value> holder;  // `this` of a call
};

Found follow(js::Turn& turn, const Receiver& receiver, kj::ArrayPtr<const kj::String> path) {
  Found found{receiver.object, turn.undefined()};
  auto mode = receiver.mode;
  for (size_t i : kj::indices(path)) {
    kj::Maybe<v8::Local<v8::Value>> member;
    if (mode != Mode::None) {
      auto root = i == 0 || receiver.root == Root::Entrypoint ? receiver.root : Root::Object;
      member = findMember(turn, found.value.As<v8::Object>(), mode, root, turn.name(path[i]));
    }
    KJ_IF_MAYBE(value, member) {
      found = {*value, found.value};
    } else {
      throw js::Error::type("The RPC receiver does not implement the method \"", path[i], "\".");
    }
    if (i + 1 == path.size()) break;
    mode = modeOf(turn, found.value);
    if (mode == Mode::None) {
      throw js::Error::type("The RPC receiver does not implement the method \"", path[i], "\".");
    }
  }
  return found;
}

kj::String dotted(kj::ArrayPtr<const kj::String> path) {
  return path.size() == 0 ? kj::str("(this)") : kj::strArray(path, ".");
}

v8::LocalVector<v8::Value> readArguments(js::Turn& turn, api::IoContext& context,
                                         kj::Maybe<channel::Message>& message, Stubs& received) {
  v8::LocalVector<v8::Value> arguments(turn.v8);
  KJ_IF_MAYBE(given, message) {
    auto value = deserialize(turn, context, kj::mv(*given), received);
    KJ_REQUIRE(value->IsArray(), "arguments of a call are an Array");
    auto list = value.As<v8::Array>();
    for (uint32_t i = 0; i < list->Length(); ++i) {
      arguments.push_back(turn.check(list->Get(turn.context, i)));
    }
  }
  return arguments;
}

// Texts pinned by the reference.
void addHandlerArguments(js::Turn& turn, const Receiver& receiver, v8::Local<v8::Function> function,
                         kj::StringPtr name, v8::LocalVector<v8::Value>& arguments) {
  auto length = turn.check(turn.get(function, "length")->IntegerValue(turn.context));
  if (length < 0 || length >= 256) {
    throw js::Error::type("RPC function has unreasonable length attribute: ", length);
  }
  if (length > 3) {
    throw js::Error::type(
        "Cannot call handler function \"", name,
        "\" over RPC because it has the wrong number of arguments. A simple function handler can "
        "only be called over RPC if it has exactly the arguments (arg, env, ctx), where only the "
        "first argument comes from the client. To support multi-argument RPC functions, use "
        "class-based syntax (extending WorkerEntrypoint) instead.");
  }
  if (arguments.size() != 1) {
    throw js::Error::type(
        "Attempted to call RPC function \"", name,
        "\" with the wrong number of arguments. When calling a top-level handler function that is "
        "not declared as part of a class, you must always send exactly one argument. In order to "
        "support variable numbers of arguments, the server must use class-based syntax (extending "
        "WorkerEntrypoint) instead.");
  }
  arguments.push_back(receiver.env);
  arguments.push_back(receiver.ctx);
}

v8::Local<v8::Value> perform(js::Turn& turn, api::IoContext& context, const Receiver& receiver,
                             channel::Capability::Call& call, Stubs& received) {
  auto found = follow(turn, receiver, call.path);
  if (call.isGet) return found.value;
  if (!found.value->IsObject() || !found.value.As<v8::Object>()->IsCallable()) {
    throw js::Error::type("\"", dotted(call.path), "\" is not a function.");
  }
  auto function = found.value.As<v8::Object>();
  auto arguments = readArguments(turn, context, call.arguments, received);
  if (receiver.isHandlers && found.value->IsFunction()) {
    auto name = call.path.size() == 0 ? kj::str("(this)") : kj::str(call.path.back());
    addHandlerArguments(turn, receiver, function.As<v8::Function>(), name, arguments);
  }
  return turn.check(function->CallAsFunction(turn.context, found.holder, int(arguments.size()),
                                             arguments.data()));
}

kj::Exception hostGone() {
  return KJ_EXCEPTION(
      FAILED, "jsg.Error: The execution context which hosts this callback is no longer running.");
}

struct SharedFulfiller : public kj::Refcounted {
  using Fulfiller = kj::PromiseFulfiller<channel::Capability::Result>;
  explicit SharedFulfiller(kj::Own<Fulfiller> fulfiller) : fulfiller(kj::mv(fulfiller)) {}
  kj::Own<Fulfiller> fulfiller;
};

}  // namespace

Answer::~Answer() noexcept(false) {
  if (fulfiller_.get() != nullptr && fulfiller_->isWaiting()) fulfiller_->reject(hostGone());
}

void Answer::settle(api::IoContext& context, channel::Capability::Result result) {
  KJ_IF_MAYBE(held, context.outputHeld()) {
    auto shared = kj::refcounted<SharedFulfiller>(kj::mv(fulfiller_));
    auto failed = kj::addRef(*shared);
    context.addTask(held->then(
        [shared = kj::mv(shared), result = kj::mv(result)]() mutable {
          shared->fulfiller->fulfill(kj::mv(result));
        },
        [failed = kj::mv(failed)](kj::Exception&& exception) mutable {
          failed->fulfiller->reject(kj::mv(exception));
        }));
  } else {
    fulfiller_->fulfill(kj::mv(result));
  }
  for (auto& stub : received) stub->dispose();
  received.clear();
}

void Answer::failed(kj::Exception exception) {
  fulfiller_->reject(kj::mv(exception));
}

void Answer::returned(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> value) {
  auto failure = turn.catching([&] {
    Stubs transferred;
    channel::Capability::Returned result;
    result.value =
        serialize(turn, context, value, optionsFor(turn, Options::Purpose::Result), transferred);
    KJ_IF_MAYBE(hosted, hostResult(turn, context, value, result.value, kj::mv(transferred))) {
      result.pipeline = kj::mv(hosted->capability);
      result.hasDisposer = hosted->hasDisposer;
    }
    settle(context, kj::mv(result));
  });
  KJ_IF_MAYBE(reason, failure) {
    threw(turn, context, *reason);
  }
}

void Answer::threw(js::Turn& turn, api::IoContext& context, v8::Local<v8::Value> reason) {
  settle(context, describeThrown(turn, context, reason));
}

channel::Capability::Threw describeThrown(js::Turn& turn, api::IoContext& context,
                                          v8::Local<v8::Value> reason) {
  auto exception = js::toKj(turn, reason);
  auto text = exception.getDescription();
  if (!text.startsWith("remote.")) exception.setDescription(kj::str("remote.", text));
  channel::Capability::Threw result{kj::mv(exception), nullptr};
  auto options = optionsFor(turn, Options::Purpose::Error);
  if (!options.enhancedErrors || !reason->IsObject()) return result;
  // What cannot travel does not: the text does.
  v8::TryCatch ignored(turn.v8);
  try {
    Stubs transferred;
    result.value = serialize(turn, context, reason, options, transferred);
  } catch (js::Thrown&) {
  } catch (js::Error&) {
  }
  return result;
}

void invoke(js::Turn& turn, api::IoContext& context, const Receiver& receiver,
            channel::Capability::Call call, api::IoOwn<Answer> answer) {
  v8::Local<v8::Value> value;
  auto failure = turn.catching([&] {
    value = perform(turn, context, receiver, call, answer.get(context).received);
    if (value->IsObject()) {
      // Thenables are waited for, as `await` would.
      if (!value->IsPromise()) {
        auto then = turn.get(value.As<v8::Object>(), "then");
        if (!then->IsFunction() && !(then->IsObject() && then.As<v8::Object>()->IsCallable()))
          return;
        value = turn.resolved(value);
      }
      turn.v8->PerformMicrotaskCheckpoint();
      auto promise = value.As<v8::Promise>();
      if (promise->State() == v8::Promise::kFulfilled) value = promise->Result();
      if (promise->State() == v8::Promise::kRejected) {
        promise->MarkAsHandled();
        turn.throwValue(promise->Result());
      }
    }
  });
  KJ_IF_MAYBE(reason, failure) {
    return answer.get(context).threw(turn, context, *reason);
  }
  if (!value->IsPromise()) return answer.get(context).returned(turn, context, value);

  struct Shared : public kj::Refcounted {
    explicit Shared(api::IoOwn<Answer> answer) : answer(kj::mv(answer)) {}
    api::IoOwn<Answer> answer;
  };
  auto shared = kj::refcounted<Shared>(kj::mv(answer));
  auto sharedToo = kj::addRef(*shared);
  turn.whenSettled(
      value.As<v8::Promise>(),
      [&context, shared = kj::mv(sharedToo)](js::Turn& inner, v8::Local<v8::Value> result) mutable {
        shared->answer.get(context).returned(inner, context, result);
        return inner.undefined();
      },
      [&context, shared = kj::mv(shared)](js::Turn& inner, v8::Local<v8::Value> reason) mutable {
        shared->answer.get(context).threw(inner, context, reason);
        return inner.undefined();
      });
}

}  // namespace ocapd::rpc
