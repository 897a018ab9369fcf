#include "support.h"

#include "load_testing.h"

#include <capnp/any.h>
#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema.h>
#include <gtest/gtest.h>

#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace ocapd::config {
namespace {

std::string typeNameOf(capnp::StructSchema schema) {
  std::string name = schema.getProto().getDisplayName().cStr();
  return name.substr(name.find(':') + 1);
}

std::set<std::string> wordsOf(kj::StringPtr text) {
  std::istringstream stream(text.cStr());
  return {std::istream_iterator<std::string>(stream), {}};
}

bool hasField(capnp::StructSchema schema, kj::StringPtr field) {
  return schema.findFieldByName(field) != nullptr;
}

// Calls `function` for each struct type in the schema, groups included.
template <typename Function>
void forEachType(capnp::StructSchema schema, std::set<uint64_t>& seen, Function&& function) {
  if (!seen.insert(schema.getProto().getId()).second) return;
  function(schema);
  for (auto field : schema.getFields()) {
    auto type = field.getType();
    while (type.isList()) type = type.asList().getElementType();
    if (type.isStruct()) forEachType(type.asStruct(), seen, function);
  }
}

std::map<std::string, capnp::StructSchema> allTypes() {
  std::map<std::string, capnp::StructSchema> types;
  std::set<uint64_t> seen;
  forEachType(capnp::Schema::from<schema::Config>(), seen,
              [&](capnp::StructSchema schema) { types.emplace(typeNameOf(schema), schema); });
  return types;
}

TEST(Support, NamesOnlyTypesAndFieldsThatExist) {
  auto types = allTypes();
  for (const TypeSupport& row : supportedTypes()) {
    SCOPED_TRACE(row.type.cStr());
    ASSERT_TRUE(types.contains(row.type.cStr()));
    for (const std::string& field : wordsOf(row.honoured)) {
      EXPECT_TRUE(hasField(types.at(row.type.cStr()), field.c_str())) << field;
    }
  }
  for (const FieldAdvice& row : fieldAdvice()) {
    SCOPED_TRACE(row.type.cStr());
    ASSERT_TRUE(types.contains(row.type.cStr()));
    EXPECT_TRUE(hasField(types.at(row.type.cStr()), row.field)) << row.field.cStr();
  }
}

TEST(Support, AdvisesOnlyOnFieldsThatAreNotHonoured) {
  for (const FieldAdvice& advice : fieldAdvice()) {
    for (const TypeSupport& row : supportedTypes()) {
      if (row.type != advice.type) continue;
      EXPECT_FALSE(wordsOf(row.honoured).contains(advice.field.cStr())) << advice.field.cStr();
    }
  }
}

// Sets a field to something that is not its default.
void fill(capnp::DynamicStruct::Builder builder, capnp::StructSchema::Field field) {
  auto type = field.getType();
  switch (type.which()) {
    case capnp::schema::Type::VOID: builder.set(field, capnp::VOID); break;
    case capnp::schema::Type::BOOL: builder.set(field, true); break;
    case capnp::schema::Type::TEXT: builder.set(field, "x"); break;
    case capnp::schema::Type::DATA: builder.init(field, 1); break;
    case capnp::schema::Type::LIST: builder.init(field, 1); break;
    case capnp::schema::Type::ENUM: builder.set(field, capnp::DynamicEnum(type.asEnum(), 1)); break;
    case capnp::schema::Type::STRUCT: {
      auto inner = builder.init(field).as<capnp::DynamicStruct>();
      // A group says something when one of its members does.
      auto members = type.asStruct().getFields();
      bool isGroup = type.asStruct().getProto().getStruct().getIsGroup();
      if (isGroup) fill(inner, members[members.size() - 1]);
      break;
    }
    case capnp::schema::Type::ANY_POINTER:
      builder.init(field).as<capnp::AnyPointer>().setAs<capnp::Text>("x");
      break;
    default: builder.set(field, 1); break;
  }
}

// A struct of type `name` within an otherwise plain config.
capnp::DynamicStruct::Builder locate(schema::Config::Builder config, const std::string& name) {
  auto service = config.initServices(1)[0];
  auto socket = config.initSockets(1)[0];
  if (name == "Config") return capnp::toDynamic(config);
  if (name == "LoggingOptions") return capnp::toDynamic(config.initLogging());
  if (name == "Socket") return capnp::toDynamic(socket);
  if (name == "Socket.https") return capnp::toDynamic(socket.initHttps());
  if (name == "Socket.tcp") return capnp::toDynamic(socket.initTcp());
  if (name == "Service") return capnp::toDynamic(service);
  if (name == "ServiceDesignator") return capnp::toDynamic(socket.initService());
  if (name == "ServiceDesignator.props") {
    return capnp::toDynamic(socket.initService().initProps());
  }
  if (name == "Worker") return capnp::toDynamic(service.initWorker());
  if (name == "Worker.durableObjectStorage") {
    return capnp::toDynamic(service.initWorker().getDurableObjectStorage());
  }
  if (name == "Worker.DurableObjectNamespace") {
    return capnp::toDynamic(service.initWorker().initDurableObjectNamespaces(1)[0]);
  }
  if (name == "Worker.Binding.DurableObjectNamespaceDesignator") {
    return capnp::toDynamic(service.initWorker().initBindings(1)[0].initDurableObjectNamespace());
  }
  if (name == "Worker.containerEngine") {
    return capnp::toDynamic(service.initWorker().getContainerEngine());
  }
  if (name == "Worker.DockerConfiguration") {
    return capnp::toDynamic(service.initWorker().getContainerEngine().initLocalDocker());
  }
  if (name == "Worker.Module") {
    return capnp::toDynamic(service.initWorker().initModules(1)[0]);
  }
  if (name == "Worker.Binding") {
    return capnp::toDynamic(service.initWorker().initBindings(1)[0]);
  }
  if (name == "Worker.Binding.hyperdrive") {
    return capnp::toDynamic(service.initWorker().initBindings(1)[0].initHyperdrive());
  }
  if (name == "Worker.Binding.WrappedBinding") {
    return capnp::toDynamic(service.initWorker().initBindings(1)[0].initWrapped());
  }
  if (name == "Extension") return capnp::toDynamic(config.initExtensions(1)[0]);
  if (name == "Extension.Module") {
    return capnp::toDynamic(config.initExtensions(1)[0].initModules(1)[0]);
  }
  if (name == "ExternalServer") return capnp::toDynamic(service.initExternal());
  if (name == "ExternalServer.https") {
    return capnp::toDynamic(service.initExternal().initHttps());
  }
  if (name == "ExternalServer.tcp") return capnp::toDynamic(service.initExternal().initTcp());
  if (name == "Network") return capnp::toDynamic(service.initNetwork());
  if (name == "DiskDirectory") return capnp::toDynamic(service.initDisk());
  if (name == "HttpOptions") return capnp::toDynamic(socket.initHttp());
  if (name == "HttpOptions.Header") {
    return capnp::toDynamic(socket.initHttp().initInjectRequestHeaders(1)[0]);
  }
  if (name == "TlsOptions") return capnp::toDynamic(socket.initHttps().initTlsOptions());
  if (name == "TlsOptions.Keypair") {
    return capnp::toDynamic(socket.initHttps().initTlsOptions().initKeypair());
  }
  ADD_FAILURE() << "this test does not know where a " << name << " goes";
  return capnp::toDynamic(config);
}

TEST(Support, LeavesNoFieldWithoutAWord) {
  auto types = allTypes();
  for (const TypeSupport& row : supportedTypes()) {
    auto honoured = wordsOf(row.honoured);
    for (auto field : types.at(row.type.cStr()).getFields()) {
      std::string name = field.getProto().getName().cStr();
      SCOPED_TRACE(std::string(row.type.cStr()) + "." + name);
      capnp::MallocMessageBuilder message;
      auto config = message.initRoot<schema::Config>();
      fill(locate(config, row.type.cStr()), field);
      Problems problems;
      checkSupport(config, problems);
      auto lines = linesOf(problems.takeErrors());
      auto warnings = linesOf(problems.takeWarnings());
      lines.insert(lines.end(), warnings.begin(), warnings.end());
      std::string said = "." + name + " is not implemented yet in ocapd";
      bool mentioned = false;
      for (const std::string& line : lines) {
        mentioned |= line.find(said) != line.npos || line.find(" " + said.substr(1)) != line.npos;
      }
      EXPECT_EQ(mentioned, !honoured.contains(name));
    }
  }
}

TEST(Support, EntersEveryTypeThatAnHonouredFieldLeadsTo) {
  std::set<std::string> known;
  for (const TypeSupport& row : supportedTypes()) known.insert(row.type.cStr());
  auto types = allTypes();
  for (const TypeSupport& row : supportedTypes()) {
    auto honoured = wordsOf(row.honoured);
    for (auto field : types.at(row.type.cStr()).getFields()) {
      if (!honoured.contains(field.getProto().getName().cStr())) continue;
      auto type = field.getType();
      while (type.isList()) type = type.asList().getElementType();
      if (!type.isStruct()) continue;
      EXPECT_TRUE(known.contains(typeNameOf(type.asStruct()))) << typeNameOf(type.asStruct());
    }
  }
}

TEST(Support, KnowsWhenAKindIsNewerThanTheSchema) {
  for (const char* type :
       {"Service", "Socket", "Worker", "Worker.Module", "Worker.Binding", "ExternalServer"}) {
    SCOPED_TRACE(type);
    capnp::MallocMessageBuilder message;
    auto config = message.initRoot<schema::Config>();
    auto builder = locate(config, type);
    auto layout = builder.getSchema().getProto().getStruct();
    auto data = builder.as<capnp::AnyStruct>().getDataSection();
    data[layout.getDiscriminantOffset() * 2] = layout.getDiscriminantCount();
    Problems problems;
    checkSupport(config, problems);
    auto errors = linesOf(problems.takeErrors());
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_NE(errors[0].find("is of a kind that this version does not know."), std::string::npos);
  }
}

TEST(Support, WarnsOfFieldsThatAreNewerThanTheSchema) {
  struct Row {
    const char* why;
    size_t dataByte;
    size_t pointer;
    size_t warnings;
  };
  // A Config has one word of data and seven pointers.
  for (const Row& row : {
           Row{"larger, but empty", 0, 0, 0},
           Row{"more data", 9, 0, 1},
           Row{"more pointers", 0, 8, 1},
       }) {
    SCOPED_TRACE(row.why);
    capnp::MallocMessageBuilder message;
    auto any = message.getRoot<capnp::AnyPointer>().initAsAnyStruct(2, 9);
    if (row.dataByte > 0) any.getDataSection()[row.dataByte] = 1;
    if (row.pointer > 0) any.getPointerSection()[row.pointer].setAs<capnp::Text>("x");
    Problems problems;
    checkSupport(message.getRoot<capnp::AnyPointer>().asReader().getAs<schema::Config>(), problems);
    EXPECT_FALSE(problems.hasErrors());
    EXPECT_EQ(problems.takeWarnings().size(), row.warnings);
  }
}

TEST(Support, TakesEmptyListsForNothing) {
  EXPECT_EQ(
      TestConfig().config(configWithWorker("tails = [], durableObjectNamespaces = []")).errors(),
      Lines{});
}

TEST(Support, SaysWhoHasTheFieldAndWhatToDo) {
  struct Row {
    const char* why;
    std::string config;
    Lines errors;
    Lines warnings;
  };
  for (const Row& row : {
           Row{"of the config",
               "(cluster = ())",
               {"main.capnp:2: The config: cluster is not implemented yet in ocapd. Run a single "
                "instance."},
               {}},
           Row{"of a socket",
               configWithSocket("(name = \"s\", address = \"*\", service = \"w\","
                                " udp = ())"),
               {"main.capnp:3: Socket \"s\": udp is not implemented yet in ocapd. Use http, https "
                "or tcp."},
               {}},
           Row{"of a service",
               configWithService("(name = \"a\", assets = ())"),
               {"main.capnp:3: Service \"a\": assets is not implemented yet in ocapd. Serve the "
                "files with a disk service."},
               {}},
           Row{"of a worker",
               configWithWorker("accessBlobHeader = \"h\", streamingTails = [\"w\"]"),
               {"main.capnp:2: Worker \"w\": streamingTails is not implemented yet in ocapd. "
                "Remove it.",
                "main.capnp:2: Worker \"w\": accessBlobHeader is not implemented yet in ocapd. "
                "Remove it."},
               {}},
           Row{"of a module",
               "(services = [ (name = \"w\", worker = (compatibilityDate ="
               " \"2024-01-01\", modules = [ (name = \"m\", esModule = \"\"),"
               " (name = \"p\", pythonModule = \"\") ])) ])",
               {"main.capnp:2: Worker \"w\"'s module \"p\": pythonModule is not implemented yet in "
                "ocapd. Remove it."},
               {}},
           Row{"of logging",
               "(logging = (stdoutPrefix = \"o\", stderrPrefix = \"e\"))",
               {},
               {"main.capnp:2: The config: stdoutPrefix is not implemented yet in ocapd and "
                "has no effect. Workers have no process.stdout yet.",
                "main.capnp:2: The config: stderrPrefix is not implemented yet in ocapd and "
                "has no effect. Workers have no process.stderr yet."}},
           Row{"of what refers to others, which is checked",
               configWithWorker("cacheApiOutbound = (name = \"w\", entrypoint = \"\\xff\")"),
               {"main.capnp:2: Worker \"w\": entrypoint is not valid UTF-8."},
               {}},
       }) {
    SCOPED_TRACE(row.why);
    auto result = TestConfig().config(row.config).load();
    EXPECT_EQ(linesOf(result.errors), row.errors);
    EXPECT_EQ(linesOf(result.warnings), row.warnings);
  }
}

}  // namespace
}  // namespace ocapd::config
