#include "src/wire/rpc_target.h"

#include <kj/debug.h>

#include "src/wire/error_details.h"

namespace ocapd::wire {

namespace {

using channel::Capability;
using schema::JsRpcTarget;

constexpr kj::uint kPathMax = 65;  // 64 below the first member
constexpr kj::StringPtr kPathTooDeep =
    "remote.jsg.TypeError: RPC pipelined property path is too deep (max 64)."_kj;

class RemoteCapability final : public Capability {
 public:
  RemoteCapability(JsRpcTarget::Client target, kj::Own<Externals> externals)
      : target_(kj::mv(target)), externals_(kj::mv(externals)) {}

  kj::Promise<Result> call(Call call) override {
    kj::Own<Capability> unused;
    return callPipelined(kj::mv(call), unused);
  }

  kj::Promise<Result> callPipelined(Call call, kj::Own<Capability>& result) override {
    auto request = target_.callRequest();
    writePath(call.path, request);
    if (call.isGet) {
      request.getOperation().setGetProperty();
    } else KJ_IF_MAYBE(given, call.arguments) {
      // The receiver of the call is the receiver of what it needs, ahead of it.
      externals_->write(kj::mv(*given), request.getOperation().initCallWithArgs(),
                        Externals::Pusher::Client(target_));
    }
    request.getResultsStreamHandler().setExternalPusher(externals_->pusher());
    auto answered = request.send();
    result = newRemoteCapability(answered.getCallPipeline(), externals_->addRef());
    return kj::Promise<capnp::Response<JsRpcTarget::CallResults>>(kj::mv(answered))
        .then([self = addRefSelf()](capnp::Response<JsRpcTarget::CallResults>&& response) mutable
                  -> Result { return self->readReturned(response); },
              [](kj::Exception&& exception) { return readThrown(kj::mv(exception)); });
  }

 private:
  kj::Own<RemoteCapability> addRefSelf() { return kj::addRef(*this); }

  static void writePath(kj::ArrayPtr<const kj::String> path,
                        JsRpcTarget::CallParams::Builder call) {
    if (path.size() == 1) return call.setMethodName(path[0]);
    auto names = call.initMethodPath(kj::uint(path.size()));
    for (auto i : kj::indices(path)) names.set(kj::uint(i), path[i]);
  }

  Result readReturned(JsRpcTarget::CallResults::Reader results) {
    Returned returned;
    returned.value = externals_->read(results.getResult());
    returned.pipeline = newRemoteCapability(results.getCallPipeline(), externals_->addRef());
    returned.hasDisposer = results.getHasDisposer();
    return kj::mv(returned);
  }

  static Result readThrown(kj::Exception exception) {
    Threw threw{kj::mv(exception), nullptr};
    KJ_IF_MAYBE(serialized, findDetail(threw.exception)) {
      threw.value = channel::Message{kj::mv(*serialized), nullptr};
    }
    return kj::mv(threw);
  }

  JsRpcTarget::Client target_;
  kj::Own<Externals> externals_;
};

// Stands for results that have no members.
class NoMembers final : public Capability {
 public:
  kj::Promise<Result> call(Call call) override {
    if (call.path.size() == 0) {
      return refusal(kj::str("\"(this)\" is not a function."));
    }
    return refusal(
        kj::str("The RPC receiver does not implement the method \"", call.path[0], "\"."));
  }

 private:
  static kj::Exception refusal(kj::String text) {
    return kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__,
                         kj::str("remote.jsg.TypeError: ", text));
  }
};

class HostedCapability final : public JsRpcTarget::Server {
 public:
  HostedCapability(kj::Own<Capability> capability, kj::Own<Externals> externals)
      : capability_(kj::mv(capability)), externals_(kj::mv(externals)) {}

  kj::Promise<void> call(CallContext context) override {
    auto params = context.getParams();
    Capability::Call call;
    call.path = readPath(params);
    call.isGet = params.getOperation().isGetProperty();
    if (!call.isGet) {
      auto arguments = params.getOperation().getCallWithArgs();
      if (arguments.hasV8Serialized()) call.arguments = externals_->read(arguments);
    }
    kj::Maybe<Externals::Pusher::Client> pusher;
    auto handler = params.getResultsStreamHandler();
    KJ_REQUIRE(!handler.isObsolete4() || !handler.hasObsolete4(),
               "Caller using obsolete StreamSink API?");
    if (handler.isExternalPusher() && handler.hasExternalPusher()) {
      pusher = handler.getExternalPusher();
    }
    context.releaseParams();
    auto result = co_await capability_->call(kj::mv(call));
    KJ_SWITCH_ONEOF(result) {
      KJ_CASE_ONEOF(returned, Capability::Returned) {
        writeReturned(kj::mv(returned), context.getResults(), kj::mv(pusher));
      }
      KJ_CASE_ONEOF(threw, Capability::Threw) {
        KJ_IF_MAYBE(value, threw.value) {
          if (value->externals.size() == 0) attachDetail(threw.exception, value->data);
        }
        throwRemote(kj::mv(threw.exception));
      }
    }
  }

  kj::Promise<void> pushByteStream(PushByteStreamContext context) override {
    externals_->pushByteStream(context.getParams().getLengthPlusOne(), context.getResults());
    return kj::READY_NOW;
  }
  kj::Promise<void> pushAbortSignal(PushAbortSignalContext context) override {
    externals_->pushAbortSignal(context.getResults());
    return kj::READY_NOW;
  }

 private:
  static kj::Array<kj::String> readPath(JsRpcTarget::CallParams::Reader params) {
    if (params.isMethodName()) return kj::arr(kj::str(params.getMethodName()));
    auto names = params.getMethodPath();
    if (names.size() > kPathMax) {
      kj::throwFatalException(
          kj::Exception(kj::Exception::Type::FAILED, __FILE__, __LINE__, kj::str(kPathTooDeep)));
    }
    auto path = kj::heapArrayBuilder<kj::String>(names.size());
    for (auto name : names) path.add(kj::str(name));
    return path.finish();
  }

  void writeReturned(Capability::Returned returned, JsRpcTarget::CallResults::Builder results,
                     kj::Maybe<Externals::Pusher::Client> pusher) {
    externals_->write(kj::mv(returned.value), results.initResult(), kj::mv(pusher));
    auto pipeline = returned.pipeline.get() == nullptr
                        ? kj::Own<Capability>(kj::refcounted<NoMembers>())
                        : kj::mv(returned.pipeline);
    results.setCallPipeline(hostCapability(kj::mv(pipeline), externals_->addRef()));
    results.setHasDisposer(returned.hasDisposer);
  }

  kj::Own<Capability> capability_;
  kj::Own<Externals> externals_;
};

}  // namespace

kj::Own<Capability> newRemoteCapability(JsRpcTarget::Client target, kj::Own<Externals> externals) {
  return kj::refcounted<RemoteCapability>(kj::mv(target), kj::mv(externals));
}

JsRpcTarget::Client hostCapability(kj::Own<Capability> capability, kj::Own<Externals> externals) {
  return kj::heap<HostedCapability>(kj::mv(capability), kj::mv(externals));
}

}  // namespace ocapd::wire
