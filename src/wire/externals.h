// Externals: messages as JsValues, and what goes beside their bytes.
//
// One for each connection. Streams and abort signals are pushed to their receiver ahead of the
// value that refers to them.
//
// Owns      the pumps of streams that were sent; disconnected() ends them.
// Lives     reference-counted; shared by all that came through the connection.
// Threads   its lane.
// Errors    externals that the peer made up, or that belong to another connection, fail what uses
//           them.
// Spec      schema/worker_interface.capnp
#pragma once

#include <kj/async.h>

#include "src/channel/service_channel.h"
#include "src/wire/schema/worker_interface.capnp.h"

namespace ocapd::wire {

// The bytes of a serialized value of a newer format that differs in nothing that is used.
kj::Array<const kj::byte> readV8Data(capnp::Data::Reader data);

class Externals final : public kj::Refcounted, private kj::TaskSet::ErrorHandler {
 public:
  using Pusher = schema::JsValue::ExternalPusher;

  Externals() : pumps_(*this) {}
  kj::Own<Externals> addRef() { return kj::addRef(*this); }

  // `pusher`: where the receiver takes streams; none: it did not say.
  void write(channel::Message message, schema::JsValue::Builder value,
             kj::Maybe<Pusher::Client> pusher);
  channel::Message read(schema::JsValue::Reader value);

  // What the peer pushes is taken by read().
  Pusher::Client pusher();
  void pushByteStream(uint64_t lengthPlusOne, Pusher::PushByteStreamResults::Builder results);
  void pushAbortSignal(Pusher::PushAbortSignalResults::Builder results);

  // The connection has gone.
  void disconnected();

 private:
  class PushedStream;
  class PushedSignal;
  class Trigger;
  class PusherServer;

  void writeExternal(channel::External external, schema::JsValue::External::Builder slot,
                     kj::Maybe<Pusher::Client>& pusher);
  void writeReadable(channel::ReadableExternal readable, schema::JsValue::External::Builder slot,
                     kj::Maybe<Pusher::Client>& pusher);
  void writeSignal(channel::AbortExternal signal, schema::JsValue::External::Builder slot,
                   kj::Maybe<Pusher::Client>& pusher);
  channel::External readExternal(schema::JsValue::External::Reader slot);
  channel::External readReadable(Pusher::InputStream::Client stream);
  channel::External readSignal(Pusher::AbortSignal::Client signal);
  void taskFailed(kj::Exception&& exception) override;

  capnp::CapabilityServerSet<Pusher::InputStream> streams_;
  capnp::CapabilityServerSet<Pusher::AbortSignal> signals_;
  kj::TaskSet pumps_;
};

}  // namespace ocapd::wire
