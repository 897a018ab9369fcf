// RpcStub, RpcPromise, RpcProperty and RpcTarget: remote objects as JavaScript sees them.
//
// A Remote is anything whose members are somewhere else: a stub, a service binding, the promise of
// a call's result, or a member of one of these. Calling it, or a member of it, sends a call.
//
// Owns      a stub its share of a capability, which belongs to the event it came in.
// Lives     on the collected heap; the capability until disposed or until the event ends.
// Threads   the lane's.
// Errors    calls never throw: they reject. Paths deeper than kPathMax throw TypeError.
// Spec      https://developers.cloudflare.com/workers/runtime-apis/rpc/
#pragma once

#include "src/api/io/io_context.h"
#include "src/channel/service_channel.h"
#include "src/js/class.h"

namespace ocapd::rpc {

// Its instances travel as stubs. An export of "cloudflare:workers".
class RpcTarget final : public js::Object {
 public:
  static constexpr const char* kClassName = "JsRpcTarget";
  static const js::Class kClass;
  static RpcTarget* create(js::Turn& turn);
  const js::Class& jsClass() const override { return kClass; }
};
v8::Local<v8::Value> rpcTargetPrototype(js::Turn& turn);

class Remote : public js::Object {
 public:
  static constexpr kj::uint kPathMax = 64;

  // Where a call goes that is sent now.
  struct Way {
    kj::Own<channel::Capability> capability;
    kj::Maybe<channel::RpcSession> session;             // begun for this call
    kj::Maybe<kj::Own<channel::RequestTarget>> target;  // what the session belongs to
  };
  // Throws the error a call is to be rejected with. `path` is what leads from here to the member,
  // the last name first; members add themselves.
  virtual Way begin(js::Turn& turn, kj::Vector<kj::String>& reversedPath) = 0;
  // How many names lie between here and something that is no member.
  virtual kj::uint depth() const { return 0; }
};

bool isRemote(const js::Object& object);

// For class tables of Remotes: reading a member that is not there gives an RpcProperty; calling.
v8::Intercepted remoteMember(v8::Local<v8::Name> name,
                             const v8::PropertyCallbackInfo<v8::Value>& info);
void callRemote(const v8::FunctionCallbackInfo<v8::Value>& info);

class RpcStub final : public Remote {
 public:
  static constexpr const char* kClassName = "JsRpcStub";
  static const js::Class kClass;

  RpcStub(js::Turn& turn, kj::Own<channel::Capability> capability);

  // new RpcStub(object): a stub for an object of one's own.
  static RpcStub* create(js::Turn& turn, v8::Local<v8::Object> object);
  RpcStub* dup(js::Turn& turn);
  void dispose();

  Way begin(js::Turn& turn, kj::Vector<kj::String>& reversedPath) override;
  // For sending it on. Of a disposed stub: a capability that fails with that error.
  kj::Own<channel::Capability> share(js::Turn& turn);

  const js::Class& jsClass() const override { return kClass; }

 private:
  api::IoOwn<channel::Capability> capability_;
  bool disposed_ = false;
};

// What is known of a call's result: shared by the promise and by what waits for the answer.
class CallState;

class RpcPromise final : public Remote {
 public:
  static constexpr const char* kClassName = "JsRpcPromise";
  static const js::Class kClass;

  RpcPromise(js::Turn& turn, v8::Local<v8::Promise> settled, kj::Own<CallState> state);

  js::Promise then(js::Turn& turn, v8::Local<v8::Value> fulfilled, v8::Local<v8::Value> rejected);
  js::Promise catch_(js::Turn& turn, v8::Local<v8::Value> rejected);
  js::Promise finally(js::Turn& turn, v8::Local<v8::Value> done);
  void dispose(js::Turn& turn);

  Way begin(js::Turn& turn, kj::Vector<kj::String>& reversedPath) override;

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  v8::TracedReference<v8::Promise> settled_;
  api::IoOwn<CallState> state_;
  bool disposed_ = false;
};

class RpcProperty final : public Remote {
 public:
  static constexpr const char* kClassName = "JsRpcProperty";
  static const js::Class kClass;

  RpcProperty(Remote& parent, kj::String name)
      : parent_(&parent), name_(kj::mv(name)), depth_(parent.depth() + 1) {}

  // Awaiting a property reads it.
  js::Promise then(js::Turn& turn, v8::Local<v8::Value> fulfilled, v8::Local<v8::Value> rejected);
  js::Promise catch_(js::Turn& turn, v8::Local<v8::Value> rejected);
  js::Promise finally(js::Turn& turn, v8::Local<v8::Value> done);

  Way begin(js::Turn& turn, kj::Vector<kj::String>& reversedPath) override;
  kj::uint depth() const override { return depth_; }

  const js::Class& jsClass() const override { return kClass; }
  void Trace(cppgc::Visitor* visitor) const override;

 private:
  v8::Local<v8::Promise> read(js::Turn& turn);

  cppgc::Member<Remote> parent_;
  kj::String name_;
  kj::uint depth_;
};

void install(js::GlobalBuilder& global);

}  // namespace ocapd::rpc
