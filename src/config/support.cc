#include "support.h"

#include <capnp/any.h>
#include <capnp/dynamic.h>
#include <capnp/schema.h>
#include <kj/debug.h>
#include <kj/map.h>
#include <simdutf.h>

namespace ocapd::config {
namespace {

constexpr TypeSupport kSupported[] = {
    {"Config"_kj, "services sockets v8Flags structuredLogging logging extensions"_kj},
    {"Extension"_kj, "modules"_kj},
    {"Extension.Module"_kj, "name internal esModule"_kj},
    {"LoggingOptions"_kj, "structuredLogging"_kj},
    {"Socket"_kj, "name address http https tcp service"_kj},
    {"Socket.https"_kj, "options tlsOptions"_kj},
    {"Socket.tcp"_kj, "tlsOptions tlsMode"_kj},
    {"Service"_kj, "name unspecified worker network external disk"_kj},
    {"ServiceDesignator"_kj, "name entrypoint props"_kj},
    {"ServiceDesignator.props"_kj, "empty json"_kj},
    {"Worker"_kj,
     "modules serviceWorkerScript compatibilityDate compatibilityFlags bindings globalOutbound "
     "cacheApiOutbound durableObjectNamespaces durableObjectStorage containerEngine "
     "moduleFallback tails"_kj},
    {"Worker.DurableObjectNamespace"_kj,
     "className uniqueKey ephemeralLocal preventEviction enableSql"_kj},
    {"Worker.Binding.DurableObjectNamespaceDesignator"_kj, "className serviceName"_kj},
    {"Worker.durableObjectStorage"_kj, "none inMemory localDisk"_kj},
    // An engine without containers has nothing to do.
    {"Worker.containerEngine"_kj, "none localDocker"_kj},
    {"Worker.DockerConfiguration"_kj, "socketPath containerEgressInterceptorImage sessionId"_kj},
    {"Worker.Module"_kj, "name esModule commonJsModule text data wasm json namedExports"_kj},
    {"Worker.Binding"_kj,
     "name unspecified text data json service fromEnvironment wrapped unsafeEval wasmModule "
     "durableObjectNamespace durableObjectClass kvNamespace r2Bucket queue analyticsEngine "
     "workerdDebugPort hyperdrive"_kj},
    {"Worker.Binding.hyperdrive"_kj, "designator database user password scheme"_kj},
    {"Worker.Binding.WrappedBinding"_kj, "moduleName entrypoint innerBindings"_kj},
    {"ExternalServer"_kj, "address http https tcp"_kj},
    {"ExternalServer.https"_kj, "options tlsOptions certificateHost"_kj},
    {"ExternalServer.tcp"_kj, "tlsOptions certificateHost"_kj},
    {"Network"_kj, "allow deny tlsOptions"_kj},
    {"DiskDirectory"_kj, "path writable allowDotfiles"_kj},
    {"HttpOptions"_kj,
     "style forwardedProtoHeader cfBlobHeader injectRequestHeaders injectResponseHeaders "
     "capnpConnectHost"_kj},
    {"HttpOptions.Header"_kj, "name value"_kj},
    {"TlsOptions"_kj,
     "keypair requireClientCerts trustBrowserCas trustedCertificates minVersion cipherList"_kj},
    {"TlsOptions.Keypair"_kj, "privateKey certificateChain"_kj},
};

constexpr auto kError = FieldAdvice::Severity::Error;
constexpr auto kWarning = FieldAdvice::Severity::Warning;

constexpr FieldAdvice kAdvice[] = {
    {"Config"_kj, "autogates"_kj, kWarning,
     "Autogates switch code inside workerd; ocapd has none."_kj},
    {"Config"_kj, "cluster"_kj, kError, "Run a single instance."_kj},
    {"LoggingOptions"_kj, "stdoutPrefix"_kj, kWarning, "Workers have no process.stdout yet."_kj},
    {"LoggingOptions"_kj, "stderrPrefix"_kj, kWarning, "Workers have no process.stderr yet."_kj},
    {"Socket"_kj, "udp"_kj, kError, "Use http, https or tcp."_kj},
    {"Service"_kj, "assets"_kj, kError, "Serve the files with a disk service."_kj},
    {"Worker"_kj, "inherit"_kj, kError,
     "Repeat the worker's definition, or share it as a constant."_kj},
    {"Worker.DurableObjectNamespace"_kj, "container"_kj, kWarning,
     "Containers cannot be started."_kj},
    {"Worker.Module"_kj, "obsolete"_kj, kError, "Use one of the current module types."_kj},
    {"Worker.Module"_kj, "obsoletePythonRequirement"_kj, kError, "Remove the module."_kj},
    {"Worker.Binding"_kj, "parameter"_kj, kError, "Give the binding its value here."_kj},
    {"Worker.Binding"_kj, "obsolete0"_kj, kError,
     "This binding type is obsolete; remove the binding."_kj},
};

bool hasWord(kj::StringPtr words, kj::StringPtr word) {
  while (words.size() > 0) {
    size_t end = words.size();
    KJ_IF_MAYBE(space, words.findFirst(' ')) end = *space;
    if (words.asArray().slice(0, end) == word.asArray()) return true;
    words = words.slice(kj::min(end + 1, words.size()));
  }
  return false;
}

kj::StringPtr typeNameOf(capnp::StructSchema schema) {
  kj::StringPtr name = schema.getProto().getDisplayName();
  KJ_IF_MAYBE(colon, name.findFirst(':')) return name.slice(*colon + 1);
  return name;
}

const FieldAdvice* findAdvice(kj::StringPtr type, kj::StringPtr field) {
  for (const FieldAdvice& row : kAdvice) {
    if (row.type == type && row.field == field) return &row;
  }
  return nullptr;
}

// False for structs, and lists of them, without a row of their own.
bool isInTable(capnp::Type type) {
  while (type.isList()) type = type.asList().getElementType();
  if (!type.isStruct()) return true;
  auto name = typeNameOf(type.asStruct());
  for (const TypeSupport& row : kSupported) {
    if (row.type == name) return true;
  }
  return false;
}

class Walker {
 public:
  explicit Walker(Problems& problems) : problems_(problems) {}

  // One struct on the way from the Config to what is being looked at.
  struct Frame {
    const Frame* parent;
    const Place& place;
    capnp::DynamicStruct::Reader value;
  };

  void walk(const Frame& frame);

 private:
  void walkField(const Frame& frame, capnp::StructSchema::Field field);
  void walkList(const Frame& frame, capnp::StructSchema::Field field);
  // Says that the field is not honoured, and how bad that is.
  FieldAdvice::Severity refuse(const Frame& frame, kj::StringPtr field);
  kj::ArrayPtr<const bool> honouredFields(capnp::StructSchema schema);

  Problems& problems_;
  kj::HashMap<uint64_t, kj::Array<bool>> honoured_;  // by type id, then field index
};

kj::ArrayPtr<const bool> Walker::honouredFields(capnp::StructSchema schema) {
  return honoured_.findOrCreate(schema.getProto().getId(), [&]() {
    auto type = typeNameOf(schema);
    kj::StringPtr words = "";
    for (const TypeSupport& row : kSupported) {
      if (row.type == type) words = row.honoured;
    }
    auto fields = schema.getFields();
    auto flags = kj::heapArray<bool>(fields.size());
    for (auto field : fields) {
      flags[field.getIndex()] = hasWord(words, field.getProto().getName());
    }
    return kj::HashMap<uint64_t, kj::Array<bool>>::Entry{schema.getProto().getId(), kj::mv(flags)};
  });
}

// Whether a field outside of the union says anything; an empty list does not.
bool isSet(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
  if (!value.has(field, capnp::HasMode::NON_DEFAULT)) return false;
  if (field.getType().isList()) return value.get(field).as<capnp::DynamicList>().size() > 0;
  return true;
}

// Whether the active member of the union was chosen, rather than being what nothing reads as.
bool isChosen(capnp::DynamicStruct::Reader value, capnp::StructSchema::Field field) {
  return field.getProto().getDiscriminantValue() != 0 ||
         value.has(field, capnp::HasMode::NON_DEFAULT);
}

// Whether somebody with a newer schema has set what ours does not reach to.
bool hasNewerFields(capnp::DynamicStruct::Reader value) {
  auto layout = value.getSchema().getProto().getStruct();
  if (layout.getIsGroup()) return false;
  auto any = value.as<capnp::AnyStruct>();
  auto data = any.getDataSection();
  for (size_t i = layout.getDataWordCount() * sizeof(capnp::word); i < data.size(); ++i) {
    if (data[i] != 0) return true;
  }
  auto pointers = any.getPointerSection();
  for (uint i = layout.getPointerCount(); i < pointers.size(); ++i) {
    if (!pointers[i].isNull()) return true;
  }
  return false;
}

// `Worker "w"'s binding "B"`, as the planner calls things.
kj::String describe(const Walker::Frame& frame) {
  kj::StringPtr type = typeNameOf(frame.value.getSchema());
  auto name = [&]() { return frame.value.get("name").as<capnp::Text>(); };
  if (type == "Config") return kj::str("The config");
  if (type == "Socket") return kj::str("Socket \"", name(), '"');
  if (type == "Service") return kj::str("Service \"", name(), '"');
  if (frame.parent == nullptr) return kj::str(type);
  if (type == "Worker") {
    return kj::str("Worker \"", frame.parent->value.get("name").as<capnp::Text>(), '"');
  }
  if (type == "Worker.Binding") {
    return kj::str(describe(*frame.parent), "'s binding \"", name(), '"');
  }
  if (type == "Worker.Module") {
    return kj::str(describe(*frame.parent), "'s module \"", name(), '"');
  }
  return describe(*frame.parent);
}

FieldAdvice::Severity Walker::refuse(const Frame& frame, kj::StringPtr field) {
  kj::StringPtr type = typeNameOf(frame.value.getSchema());
  const FieldAdvice* row = findAdvice(type, field);
  // A group's member is known to authors by both names.
  kj::StringPtr group = frame.value.getSchema().getProto().getStruct().getIsGroup()
                            ? frame.place.name()
                            : kj::StringPtr();
  auto message = kj::str(describe(frame), ": ", group, group.size() > 0 ? "." : "", field,
                         " is not implemented yet in ocapd");
  Place place = frame.place.field(field);
  if (row == nullptr) {
    problems_.error(place, kj::str(message, ". Remove it."));
    return kError;
  }
  if (row->severity == kError) {
    problems_.error(place, kj::str(message, ". ", row->advice));
  } else {
    problems_.warning(place, kj::str(message, " and has no effect. ", row->advice));
  }
  return row->severity;
}

void Walker::walk(const Frame& frame) {
  auto schema = frame.value.getSchema();
  auto honoured = honouredFields(schema);
  auto look = [&](capnp::StructSchema::Field field) {
    if (honoured[field.getIndex()]) return walkField(frame, field);
    bool stays = refuse(frame, field.getProto().getName()) == kWarning;
    // What stays in the config is to be sound, as far as this table reaches.
    if (stays && isInTable(field.getType())) walkField(frame, field);
  };
  for (auto field : schema.getNonUnionFields()) {
    if (isSet(frame.value, field)) look(field);
  }
  KJ_IF_MAYBE(active, frame.value.which()) {
    if (isChosen(frame.value, *active)) look(*active);
  } else if (schema.getProto().getStruct().getDiscriminantCount() > 0) {
    problems_.error(frame.place,
                    kj::str(describe(frame), " is of a kind that this version does not know."));
  }
  if (hasNewerFields(frame.value)) {
    problems_.warning(frame.place, kj::str(describe(frame),
                                           " has fields that this version does "
                                           "not know; they have no effect."));
  }
}

void Walker::walkField(const Frame& frame, capnp::StructSchema::Field field) {
  auto type = field.getType();
  kj::StringPtr name = field.getProto().getName();
  if (type.isText()) {
    auto text = frame.value.get(field).as<capnp::Text>();
    if (!simdutf::validate_utf8(text.begin(), text.size())) {
      problems_.error(frame.place.field(name),
                      kj::str(describe(frame), ": ", name, " is not valid UTF-8."));
    }
  } else if (type.isStruct()) {
    Place place = frame.place.field(name);
    walk(Frame{&frame, place, frame.value.get(field).as<capnp::DynamicStruct>()});
  } else if (type.isList()) {
    walkList(frame, field);
  }
}

void Walker::walkList(const Frame& frame, capnp::StructSchema::Field field) {
  auto list = frame.value.get(field).as<capnp::DynamicList>();
  auto element = list.getSchema().getElementType();
  kj::StringPtr name = field.getProto().getName();
  for (uint i = 0; i < list.size(); ++i) {
    Place place = frame.place.item(name, i);
    if (element.isStruct()) {
      walk(Frame{&frame, place, list[i].as<capnp::DynamicStruct>()});
    } else if (element.isText()) {
      auto text = list[i].as<capnp::Text>();
      if (!simdutf::validate_utf8(text.begin(), text.size())) {
        problems_.error(place,
                        kj::str(describe(frame), ": ", name, '[', i, "] is not valid UTF-8."));
      }
    }
  }
}

}  // namespace

kj::ArrayPtr<const TypeSupport> supportedTypes() {
  return kSupported;
}
kj::ArrayPtr<const FieldAdvice> fieldAdvice() {
  return kAdvice;
}

void checkSupport(schema::Config::Reader config, Problems& problems) {
  Place root;
  Walker(problems).walk(Walker::Frame{nullptr, root, capnp::toDynamic(config)});
}

}  // namespace ocapd::config
