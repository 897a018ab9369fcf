#include "text_config.h"

#include "reference_limits.h"

#include <capnp/schema.capnp.h>
#include <kj/debug.h>

namespace ocapd::config {
namespace {

// A TextFile as the parser wants to see it.
class SourceFile final : public capnp::SchemaFile {
 public:
  SourceFile(TextFiles& files, const SourceTrees& trees, TextFile& file, Problems& problems)
      : files_(files), trees_(trees), file_(file), problems_(problems) {}

  kj::StringPtr getDisplayName() const override { return file_.displayName; }

  kj::Array<const char> readContent() const override {
    return kj::Array<const char>(file_.content.begin(), file_.content.size(),
                                 kj::NullArrayDisposer::instance);
  }

  kj::Maybe<kj::Own<capnp::SchemaFile>> import(kj::StringPtr path) const override {
    // Nothing that was not looked at before: what is parsed is known to be within the limits.
    auto imported =
        file_.path == nullptr ? files_.openBuiltin(path) : trees_.findImported(file_, path);
    return imported.map([&](TextFile& file) -> kj::Own<capnp::SchemaFile> {
      return kj::heap<SourceFile>(files_, trees_, file, problems_);
    });
  }

  bool operator==(const capnp::SchemaFile& other) const override {
    return &file_ == &kj::downcast<const SourceFile>(other).file_;
  }
  bool operator!=(const capnp::SchemaFile& other) const override { return !(*this == other); }
  size_t hashCode() const override { return kj::hashCode(&file_); }

  void reportError(SourcePos start, SourcePos end, kj::StringPtr message) const override {
    Position position{kj::str(file_.displayName), start.line + 1, start.column + 1, 0};
    if (start.line == end.line && start.column < end.column) position.endColumn = end.column + 1;
    problems_.error(kj::mv(position), kj::str(message));
  }

 private:
  TextFiles& files_;
  const SourceTrees& trees_;
  TextFile& file_;
  Problems& problems_;
};

bool isConfig(const capnp::ParsedSchema& schema) {
  auto proto = schema.getProto();
  if (!proto.isConst()) return false;
  auto type = proto.getConst().getType();
  return type.isStruct() && type.getStruct().getTypeId() == capnp::typeId<schema::Config>();
}

}  // namespace

TextConfigReader::TextConfigReader(TextFiles& files, SourceTrees& trees, SourceMap& map,
                                   Problems& problems)
    : files_(files), trees_(trees), map_(map), problems_(problems) {
  parser_.setFileIdsRequired(false);
}

kj::Maybe<schema::Config::Reader> TextConfigReader::read(const TextConfig& config) {
  path_ = config.path;
  kj::Maybe<schema::Config::Reader> result;
  KJ_IF_MAYBE(main, files_.openMain(config.path)) {
    KJ_IF_MAYBE(file, parse(*main)) {
      kj::Maybe<capnp::ParsedSchema> selected;
      KJ_IF_MAYBE(name, config.constName) {
        selected = selectNamed(*file, *name);
      } else {
        selected = selectOnly(*file);
      }
      KJ_IF_MAYBE(constant, selected) {
        // Not ConstSchema::as<>(), which insists on our own compiled-in schema: the layouts are
        // the same, for the ids are, and a reader checks every pointer it follows.
        result = constant->getProto().getConst().getValue().getStruct().getAs<schema::Config>();
      }
    }
  }
  return result;
}

kj::Maybe<capnp::ParsedSchema> TextConfigReader::parse(TextFile& main) {
  kj::Maybe<capnp::ParsedSchema> result;
  if (!trees_.scan(files_, main, problems_) || !checkReferences(trees_, problems_)) {
    return nullptr;
  }
  auto failure = kj::runCatchingExceptions(
      [&]() { result = parser_.parseFile(kj::heap<SourceFile>(files_, trees_, main, problems_)); });
  if (problems_.hasErrors()) return nullptr;
  KJ_IF_MAYBE(exception, failure) {
    problems_.error(Position{kj::str(main.displayName)},
                    kj::str("cannot be parsed: ", exception->getDescription()));
    return nullptr;
  }
  return result;
}

void TextConfigReader::complain(kj::StringPtr message) {
  problems_.error(nullptr, kj::str(path_, ": ", message));
}

// The texts of these complaints are the reference's.
kj::Maybe<capnp::ParsedSchema> TextConfigReader::selectNamed(capnp::ParsedSchema file,
                                                             kj::StringPtr name) {
  capnp::ParsedSchema scope = file;
  kj::StringPtr rest = name;
  for (;;) {
    KJ_IF_MAYBE(dot, rest.findFirst('.')) {
      auto scopeName = kj::str(rest.slice(0, *dot));
      KJ_IF_MAYBE(nested, scope.findNested(scopeName)) {
        scope = *nested;
      } else {
        complain(kj::str(name,
                         ": No such constant is defined in the config file (the parent "
                         "scope '",
                         scopeName, "' does not exist)."));
        return nullptr;
      }
      rest = rest.slice(*dot + 1);
    } else {
      break;
    }
  }
  KJ_IF_MAYBE(found, scope.findNested(rest)) {
    if (!found->getProto().isConst()) {
      complain(kj::str(name, ": Symbol is not a constant."));
    } else if (!isConfig(*found)) {
      complain(kj::str(name, ": Constant is not of type 'Config'."));
    } else {
      map_.setConfig(name);
      return *found;
    }
    return nullptr;
  }
  complain(kj::str(name, ": No such constant is defined in the config file."));
  return nullptr;
}

kj::Maybe<capnp::ParsedSchema> TextConfigReader::selectOnly(capnp::ParsedSchema file) {
  kj::Vector<capnp::ParsedSchema> candidates;
  kj::Vector<kj::String> names;
  for (auto nested : file.getProto().getNestedNodes()) {
    auto symbol = file.getNested(nested.getName());
    if (!isConfig(symbol)) continue;
    candidates.add(symbol);
    names.add(kj::str(nested.getName()));
  }
  if (candidates.size() == 1) {
    map_.setConfig(names[0]);
    return candidates[0];
  }
  if (candidates.size() == 0) {
    complain("The config file does not define any top-level constants of type 'Config'.");
  } else {
    complain(
        kj::str("The config file defines multiple top-level constants of type 'Config', so "
                "you must specify which one to use with <const-name>. The options are: ",
                kj::strArray(names, ", ")));
  }
  return nullptr;
}

}  // namespace ocapd::config
