// What the tests of this room share: configs as text in, problems as lines out.
#pragma once

#include "load.h"
#include "memory_filesystem.h"

#include <string>
#include <vector>

namespace ocapd::config {

using Lines = std::vector<std::string>;

inline Lines linesOf(kj::ArrayPtr<const Problem> problems) {
  Lines lines;
  for (const Problem& problem : problems) lines.emplace_back(problem.toString().cStr());
  return lines;
}

// Files by name, and the config among them that is loaded.
class TestConfig {
 public:
  TestConfig& file(kj::StringPtr path, kj::ArrayPtr<const char> content) {
    files_.add(path, content);
    return *this;
  }
  // The main file, as it is.
  TestConfig& main(std::string_view text) {
    files_.add("main.capnp", kj::arrayPtr(text.data(), text.size()));
    return *this;
  }
  // A main file with a constant of type Config, whose value begins in line 2.
  TestConfig& config(std::string_view value) {
    auto text = std::string(
                    "using Workerd = import \"/workerd/workerd.capnp\";\n"
                    "const config :Workerd.Config = ")
                    .append(value)
                    .append(";\n");
    return main(text);
  }

  LoadResult load(const Overrides& overrides = {}, kj::Maybe<kj::StringPtr> constName = nullptr,
                  kj::ArrayPtr<const kj::StringPtr> importDirs = nullptr,
                  const LoadOptions& options = {}) {
    return loadText(files_, {"main.capnp", constName, importDirs}, overrides, options);
  }
  Lines errors() { return linesOf(load().errors); }
  Lines warnings() { return linesOf(load().warnings); }

  const MemoryFilesystem& files() const { return files_; }

 private:
  MemoryFilesystem files_;
};

// The pieces that most configs need and few tests are about.
inline constexpr const char* kModules =
    R"(compatibilityDate = "2024-01-01", modules = [ (name = "m.js", esModule = "") ])";

// A config with one worker "w", which has `fields` besides the usual.
inline std::string configWithWorker(std::string fields) {
  return std::string("(services = [ (name = \"w\", worker = (") + kModules + ", " + fields +
         ")) ])";
}
inline std::string configWithService(std::string service) {
  return "(services = [ (name = \"w\", worker = (" + std::string(kModules) + ")),\n " + service +
         " ])";
}
inline std::string configWithSocket(std::string socket) {
  return "(services = [ (name = \"w\", worker = (" + std::string(kModules) +
         ")) ],\n sockets = [ " + socket + " ])";
}

}  // namespace ocapd::config
