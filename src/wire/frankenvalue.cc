#include "src/wire/frankenvalue.h"

#include <kj/debug.h>
#include <kj/vector.h>

#include "src/wire/externals.h"

namespace ocapd::wire {

namespace {

// Of values within each other; far more than anybody has, far less than the stack holds.
constexpr kj::uint kDepthMax = 64;

// An ArrayBuffer in V8's format, version 15.
kj::Array<const kj::byte> serializedBuffer(capnp::Data::Reader data) {
  kj::Vector<kj::byte> bytes(data.size() + 8);
  bytes.addAll(std::initializer_list<kj::byte>{0xff, 0x0f, 'B'});
  for (size_t left = data.size();; left >>= 7) {
    bool isLast = left < 0x80;
    bytes.add(kj::byte(isLast ? left : (left & 0x7f) | 0x80));
    if (isLast) break;
  }
  bytes.addAll(data);
  return bytes.releaseAsArray();
}

kj::Own<channel::Props> readBase(schema::Frankenvalue::Reader value) {
  KJ_REQUIRE(value.getCapTableSize() == 0, "Frankenvalue capTableSize exceeds capTable");
  switch (value.which()) {
    case schema::Frankenvalue::EMPTY_OBJECT: return kj::refcounted<channel::Props>(kj::str("{}"));
    case schema::Frankenvalue::JSON:
      return kj::refcounted<channel::Props>(kj::str(value.getJson()));
    case schema::Frankenvalue::V8_SERIALIZED:
      return kj::refcounted<channel::Props>(
          channel::Message{readV8Data(value.getV8Serialized()), nullptr});
    case schema::Frankenvalue::ARRAY_BUFFER:
      return kj::refcounted<channel::Props>(
          channel::Message{serializedBuffer(value.getArrayBuffer()), nullptr});
    case schema::Frankenvalue::CAPABILITY: break;
  }
  KJ_FAIL_REQUIRE("props from another process hold a capability, or something unknown",
                  uint16_t(value.which()));
}

kj::Own<channel::Props> readWithin(schema::Frankenvalue::Reader value, kj::uint depth) {
  KJ_REQUIRE(depth < kDepthMax, "props are nested too deeply");
  auto base = readBase(value);
  auto properties = value.getProperties();
  if (properties.size() == 0) return base;
  auto list = kj::heapArrayBuilder<channel::Props::Composite::Property>(properties.size());
  for (auto property : properties) {
    list.add(channel::Props::Composite::Property{kj::str(property.getName()),
                                                 readWithin(property, depth + 1)});
  }
  return kj::refcounted<channel::Props>(channel::Props::Composite{kj::mv(base), list.finish()});
}

}  // namespace

kj::Own<channel::Props> readProps(schema::Frankenvalue::Reader value) {
  return readWithin(value, 0);
}

void writeProps(channel::Props& props, schema::Frankenvalue::Builder value) {
  KJ_IF_MAYBE(composite, props.composite()) {
    writeProps(*composite->base, value);
    auto properties = value.initProperties(kj::uint(composite->properties.size()));
    for (auto i : kj::indices(composite->properties)) {
      properties[kj::uint(i)].setName(composite->properties[i].name);
      writeProps(*composite->properties[i].value, properties[kj::uint(i)]);
    }
    return;
  }
  KJ_IF_MAYBE(json, props.json()) {
    return value.setJson(*json);
  }
  auto message = KJ_ASSERT_NONNULL(props.message());
  KJ_REQUIRE(message.externals.size() == 0,
             "jsg.TypeError: props with service bindings in them cannot be sent to another "
             "process");
  value.setV8Serialized(message.data);
}

}  // namespace ocapd::wire
