// CommandLine: what the user typed, understood.
//
// Options may stand before, between and behind positional arguments, as `--opt value`,
// `--opt=value`, `-o value` or `-ovalue`; `--` ends them. They are data: see the table in
// command_line.cc.
//
// Owns      the names it cut out; other strings point into argv.
#pragma once

#include <kj/one-of.h>
#include <kj/string.h>
#include <kj/vector.h>

#include "src/config/load.h"

namespace ocapd::cli {

enum class Command { Serve, Test };

struct CommandLine {
  Command command = Command::Serve;
  kj::StringPtr configFile;            // `-` is standard input
  kj::Maybe<kj::StringPtr> constName;  // serve
  kj::Maybe<kj::StringPtr> filter;     // test

  kj::Vector<kj::String> names;  // what the names below point to
  kj::Vector<kj::StringPtr> importDirs;
  kj::Vector<config::Overrides::Value> directoryPaths;
  kj::Vector<config::Overrides::Value> externalAddresses;
  kj::Vector<config::Overrides::Listener> sockets;
  kj::Maybe<int> controlFd;
  kj::Maybe<kj::StringPtr> debugPort;          // serve
  bool debugPortAllowRemote = false;           // serve
  kj::Maybe<kj::StringPtr> compatibilityDate;  // test
  kj::Maybe<kj::StringPtr> inspectorAddress;
  bool binary = false;
  bool verbose = false;
  bool quiet = false;  // test
  bool watch = false;
  bool experimental = false;
  // Generous: what reaches them is a mistake.
  uint64_t turnMillisecondsMax = 30'000;  // --limit-cpu-ms; 0: none
  uint64_t heapMegabytesMax = 0;          // --limit-memory-mb; 0: V8's own
  bool predictable = false;               // test
  bool gcStress = false;                  // test
  bool allAutogates = false;              // test
};

// The command line cannot be obeyed: `error: …`, how to use it, where there is help. For stderr;
// the exit code is 1.
struct UsageError {
  kj::String text;
};

// The command line asks for nothing but a text: help or version, for stdout.
struct Answer {
  kj::String text;
};

kj::OneOf<CommandLine, UsageError, Answer> parseCommandLine(
    kj::ArrayPtr<const kj::StringPtr> arguments);

// For what is found out later, such as a file that does not exist.
UsageError usageError(kj::StringPtr message);

}  // namespace ocapd::cli
