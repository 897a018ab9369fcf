// The layout of the config schema as text, for comparing it with what it must be.
#pragma once

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema.h>
#include <kj/string.h>

#include <map>
#include <set>
#include <string>

namespace ocapd::config {

class SchemaLayout {
 public:
  // Adds a struct and all it leads to.
  void add(capnp::StructSchema schema) {
    if (!seen_.insert(schema.getProto().getId()).second) return;
    auto node = schema.getProto().getStruct();
    auto text =
        kj::str(nameOf(schema), " ", kj::hex(schema.getProto().getId()),
                " words=", node.getDataWordCount(), " pointers=", node.getPointerCount(),
                " tag=", node.getDiscriminantCount() > 0 ? node.getDiscriminantOffset() : 0, "\n");
    std::map<kj::uint, std::string> fields;  // by index, whatever their order in the source
    for (auto field : schema.getFields()) {
      fields[field.getIndex()] = describe(schema, field).cStr();
      auto type = field.getType();
      while (type.isList()) type = type.asList().getElementType();
      if (type.isStruct()) add(type.asStruct());
      if (type.isEnum()) addEnum(type.asEnum());
    }
    std::string all = text.cStr();
    for (auto& [index, line] : fields) all += line;
    byName_[nameOf(schema)] = all;
  }

  std::string toString() const {
    std::string result;
    for (auto& [name, text] : byName_) result += text;
    return result;
  }

 private:
  static std::string nameOf(capnp::Schema schema) {
    std::string name = schema.getProto().getDisplayName().cStr();
    return name.substr(name.find(':') + 1);
  }

  static std::string typeOf(capnp::Type type) {
    if (type.isList()) return "List(" + typeOf(type.asList().getElementType()) + ")";
    if (type.isStruct()) return nameOf(type.asStruct());
    if (type.isEnum()) return nameOf(type.asEnum());
    return kj::str(static_cast<kj::uint>(type.which())).cStr();
  }

  static kj::String describe(capnp::StructSchema schema, capnp::StructSchema::Field field) {
    auto proto = field.getProto();
    auto text = kj::str("  ", proto.getName());
    if (proto.getOrdinal().isExplicit())
      text = kj::str(text, " @", proto.getOrdinal().getExplicit());
    if (proto.getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT) {
      text = kj::str(text, " tag ", proto.getDiscriminantValue());
    }
    if (proto.isGroup()) return kj::str(text, " group ", typeOf(field.getType()), "\n");
    text = kj::str(text, " at ", proto.getSlot().getOffset(), " :", typeOf(field.getType()));
    if (field.getType().isAnyPointer()) return kj::str(text, "\n");
    // What reading an empty message gives; parts of a group or union cannot be asked for that.
    if (schema.getProto().getStruct().getIsGroup() ||
        proto.getDiscriminantValue() != capnp::schema::Field::NO_DISCRIMINANT) {
      return kj::str(text, " = ", proto.getSlot().getDefaultValue(), "\n");
    }
    capnp::MallocMessageBuilder message;
    auto empty = message.initRoot<capnp::DynamicStruct>(schema).asReader();
    return kj::str(text, " = ", empty.get(field), "\n");
  }

  void addEnum(capnp::EnumSchema schema) {
    std::string all = kj::str(nameOf(schema), " ", kj::hex(schema.getProto().getId()), "\n").cStr();
    for (auto enumerant : schema.getEnumerants()) {
      all +=
          kj::str("  ", enumerant.getProto().getName(), " @", enumerant.getOrdinal(), "\n").cStr();
    }
    byName_[nameOf(schema)] = all;
  }

  std::set<uint64_t> seen_;
  std::map<std::string, std::string> byName_;
};

}  // namespace ocapd::config
