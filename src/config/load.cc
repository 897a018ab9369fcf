#include "load.h"

#include "binary_config.h"
#include "planner.h"
#include "text_config.h"
#include "text_files.h"

#include <capnp/message.h>
#include <kj/debug.h>

namespace ocapd::config {
namespace {

void addBacking(Plan& plan, kj::Own<void> owned) {
  auto backing = kj::heapArrayBuilder<kj::Own<void>>(plan.backing.size() + 1);
  for (auto& each : plan.backing) backing.add(kj::mv(each));
  backing.add(kj::mv(owned));
  plan.backing = backing.finish();
}

// Runs what may throw because the input is hostile.
template <typename Function>
void guarded(kj::StringPtr name, Problems& problems, Function&& function) {
  KJ_IF_MAYBE(exception, kj::runCatchingExceptions(kj::fwd<Function>(function))) {
    problems.error(Position{kj::str(name)}, kj::str(exception->getDescription()));
  }
}

LoadResult finish(kj::Maybe<Plan> plan, Problems& problems, kj::Array<kj::String> files) {
  LoadResult result;
  if (!problems.hasErrors()) {
    KJ_IF_MAYBE(made, plan) {
      made->files = KJ_MAP(file, files) {
        return kj::str(file);
      };
      result.plan = kj::mv(*made);
    }
  }
  result.errors = problems.takeErrors();
  result.warnings = problems.takeWarnings();
  result.files = kj::mv(files);
  return result;
}

LoadResult loadBinaryFrom(kj::InputStream& in, kj::StringPtr name, const Overrides& overrides,
                          const LoadOptions& options, kj::Array<kj::String> files) {
  Problems problems;
  kj::Maybe<Plan> plan;
  guarded(kj::str(name, ": not a valid config message"), problems, [&]() {
    KJ_IF_MAYBE(message, BinaryConfig::read(in, name, problems)) {
      plan = makePlan((*message)->config(), overrides, options, problems);
      KJ_IF_MAYBE(made, plan) addBacking(*made, kj::mv(*message));
    }
  });
  return finish(kj::mv(plan), problems, kj::mv(files));
}

// A file as a stream, so that memory grows with what is there.
class FileInput final : public kj::InputStream {
 public:
  explicit FileInput(kj::Own<const kj::ReadableFile> file) : file_(kj::mv(file)) {}

  size_t tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    size_t got = file_->read(offset_, kj::arrayPtr(static_cast<kj::byte*>(buffer), maxBytes));
    offset_ += got;
    return got;
  }

 private:
  kj::Own<const kj::ReadableFile> file_;
  uint64_t offset_ = 0;
};

}  // namespace

LoadResult loadText(const kj::Filesystem& files, const TextConfig& config,
                    const Overrides& overrides, const LoadOptions& options) {
  SourceTrees trees;
  SourceMap map(trees);
  Problems problems(map);
  TextFiles sources(files, config.importDirs, problems);
  kj::Maybe<Plan> plan;
  guarded(config.path, problems, [&]() {
    TextConfigReader reader(sources, trees, map, problems);
    KJ_IF_MAYBE(parsed, reader.read(config)) {
      // The Plan outlives the parser, which is large; the message is not.
      auto message = kj::heap<capnp::MallocMessageBuilder>(parsed->totalSize().wordCount + 1,
                                                           capnp::AllocationStrategy::FIXED_SIZE);
      message->setRoot(*parsed);
      plan = makePlan(message->getRoot<schema::Config>().asReader(), overrides, options, problems);
      KJ_IF_MAYBE(made, plan) addBacking(*made, kj::mv(message));
    }
  });
  return finish(kj::mv(plan), problems, sources.names());
}

LoadResult loadBinary(kj::InputStream& in, kj::StringPtr name, const Overrides& overrides,
                      const LoadOptions& options) {
  return loadBinaryFrom(in, name, overrides, options, nullptr);
}

LoadResult loadBinary(const kj::Filesystem& files, kj::StringPtr path, const Overrides& overrides,
                      const LoadOptions& options) {
  Problems problems;
  kj::Maybe<kj::Own<const kj::ReadableFile>> opened;
  kj::Vector<kj::String> names;
  guarded(path, problems, [&]() {
    auto fullPath = files.getCurrentPath().evalNative(path);
    KJ_IF_MAYBE(metadata, files.getRoot().tryLstat(fullPath)) {
      if (metadata->type == kj::FsNode::Type::DIRECTORY) {
        problems.error(Position{kj::str(path)}, kj::str("Config path is not a file."));
        return;
      }
    }
    opened = files.getRoot().tryOpenFile(fullPath);
    if (opened == nullptr) {
      problems.error(Position{kj::str(path)}, kj::str("No such file."));
    } else {
      names.add(fullPath.toString(true));
    }
  });
  KJ_IF_MAYBE(file, opened) {
    FileInput in(kj::mv(*file));
    return loadBinaryFrom(in, path, overrides, options, names.releaseAsArray());
  }
  return finish(nullptr, problems, names.releaseAsArray());
}

}  // namespace ocapd::config
