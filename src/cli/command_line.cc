#include "src/cli/command_line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "src/cli/version.h"

namespace ocapd::cli {
namespace {

// What is wrong with an option's value; none if nothing is.
struct Invalid {
  kj::String what;
  // The value could be read, but what it refers to cannot be used.
  bool unusable = false;
};
using Complaint = kj::Maybe<Invalid>;

constexpr kj::uint kServe = 1;
constexpr kj::uint kTest = 2;
constexpr kj::uint kBoth = kServe | kTest;

struct Option {
  char shortName;  // 0: none
  kj::StringPtr longName;
  kj::StringPtr valueName;  // empty: takes no value
  kj::uint commands;
  Complaint (*apply)(CommandLine& line, kj::StringPtr value);
  kj::StringPtr help;  // empty: understood, but refused, so not shown
};

Invalid malformed(kj::StringPtr what) {
  return {kj::heapString(what)};
}
Invalid unusable(kj::StringPtr what) {
  return {kj::heapString(what), true};
}

kj::Maybe<config::Overrides::Value> splitAtEquals(CommandLine& line, kj::StringPtr text) {
  KJ_IF_MAYBE(position, text.findFirst('=')) {
    kj::StringPtr name = line.names.add(kj::heapString(text.slice(0, *position)));
    return config::Overrides::Value{name, text.slice(*position + 1)};
  }
  return nullptr;
}

kj::Maybe<int> parseDescriptor(kj::StringPtr text) {
  if (text.size() == 0 || text.size() > 9) return nullptr;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return nullptr;
    value = value * 10 + (c - '0');
  }
  return value;
}

template <kj::Vector<config::Overrides::Value> CommandLine::* kList>
Complaint addPair(CommandLine& line, kj::StringPtr value) {
  KJ_IF_MAYBE(pair, splitAtEquals(line, value)) {
    (line.*kList).add(*pair);
    return nullptr;
  }
  return malformed("Expected <name>=<value>"_kj);
}

Complaint addSocketAddress(CommandLine& line, kj::StringPtr value) {
  KJ_IF_MAYBE(pair, splitAtEquals(line, value)) {
    line.sockets.add(config::Overrides::Listener{pair->name, pair->value});
    return nullptr;
  }
  return malformed("Expected <name>=<value>"_kj);
}

Complaint addSocketFd(CommandLine& line, kj::StringPtr value) {
  auto maybePair = splitAtEquals(line, value);
  KJ_IF_MAYBE(pair, maybePair) {
    KJ_IF_MAYBE(fd, parseDescriptor(pair->value)) {
      if (::fcntl(*fd, F_GETFD) < 0) return unusable("File descriptor is not open."_kj);
      int listening = 0;
      socklen_t bytes = sizeof(listening);
      if (::getsockopt(*fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &bytes) < 0) {
        return unusable("File descriptor is not a socket."_kj);
      }
      if (!listening) {
        return Invalid{kj::str("Socket for ", pair->name, " is not listening."), true};
      }
      line.sockets.add(config::Overrides::Listener{pair->name, *fd});
      return nullptr;
    }
    return malformed("Socket value must be a file descriptor (non-negative integer)."_kj);
  }
  return malformed("Expected <name>=<value>"_kj);
}

Complaint setControlFd(CommandLine& line, kj::StringPtr value) {
  KJ_IF_MAYBE(fd, parseDescriptor(value)) {
    if (::fcntl(*fd, F_GETFD) < 0) {
      return Invalid{kj::str(strerror(errno), " (os error ", errno, ")"), true};
    }
    line.controlFd = *fd;
    return nullptr;
  }
  return malformed("Output value must be a file descriptor (non-negative integer)."_kj);
}

Complaint addImportDir(CommandLine& line, kj::StringPtr value) {
  struct stat info;
  if (::stat(value.cStr(), &info) < 0 || !S_ISDIR(info.st_mode)) {
    return unusable("No such directory."_kj);
  }
  line.importDirs.add(value);
  return nullptr;
}

template <uint64_t CommandLine::* kNumber>
Complaint setNumber(CommandLine& line, kj::StringPtr value) {
  KJ_IF_MAYBE(number, value.tryParseAs<uint64_t>()) {
    constexpr uint64_t kNumberMax = 1'000'000'000;
    if (*number <= kNumberMax) {
      line.*kNumber = *number;
      return nullptr;
    }
  }
  return malformed("Give a whole number from 0 to 1000000000; 0 means no limit."_kj);
}

template <bool CommandLine::* kFlag>
Complaint setFlag(CommandLine& line, kj::StringPtr value) {
  line.*kFlag = true;
  return nullptr;
}

Complaint refuse(CommandLine& line, kj::StringPtr value) {
  return unusable("This is not implemented by this version of ocapd. Leave the option out."_kj);
}

const Option kOptions[] = {
    {'I', "import-path"_kj, "<dir>"_kj, kBoth, addImportDir,
     "Look for imports that start with / below this directory, too"_kj},
    {'b', "binary"_kj, ""_kj, kBoth, setFlag<&CommandLine::binary>,
     "The config is a binary Cap'n Proto message, not text"_kj},
    {'d', "directory-path"_kj, "<name>=<path>"_kj, kBoth, addPair<&CommandLine::directoryPaths>,
     "Use this path for the disk service <name>"_kj},
    {'e', "external-addr"_kj, "<name>=<addr>"_kj, kBoth, addPair<&CommandLine::externalAddresses>,
     "Use this address for the external service <name>"_kj},
    {'s', "socket-addr"_kj, "<name>=<addr>"_kj, kBoth, addSocketAddress,
     "Let the socket <name> listen on this address"_kj},
    {'S', "socket-fd"_kj, "<name>=<fd>"_kj, kServe, addSocketFd,
     "Let the socket <name> use this inherited descriptor, which is already listening"_kj},
    {0, "control-fd"_kj, "<fd>"_kj, kServe, setControlFd,
     "Write a line of JSON to this descriptor for each socket that listens"_kj},
    {'w', "watch"_kj, ""_kj, kServe, setFlag<&CommandLine::watch>,
     "Start again whenever the config, a file it uses or the program changes"_kj},
    {0, "experimental"_kj, ""_kj, kBoth, setFlag<&CommandLine::experimental>,
     "Permit what may change without notice in a later release"_kj},
    {0, "verbose"_kj, ""_kj, kBoth, setFlag<&CommandLine::verbose>, "Log what goes well, too"_kj},
    {0, "no-verbose"_kj, ""_kj, kTest, setFlag<&CommandLine::quiet>, "Log only what goes wrong"_kj},
    {0, "limit-cpu-ms"_kj, "<n>"_kj, kBoth, setNumber<&CommandLine::turnMillisecondsMax>,
     "End a worker's turn after <n> ms of processor time (30000; 0: never)"_kj},
    {0, "limit-memory-mb"_kj, "<n>"_kj, kBoth, setNumber<&CommandLine::heapMegabytesMax>,
     "Let each worker's JavaScript heap grow to <n> MB (0: as V8 has it)"_kj},
    {0, "predictable"_kj, ""_kj, kTest, setFlag<&CommandLine::predictable>,
     "Run V8 in its predictable mode, on one thread"_kj},
    {0, "gc-stress"_kj, ""_kj, kTest, setFlag<&CommandLine::gcStress>,
     "Collect garbage as often as possible"_kj},
    {0, "all-autogates"_kj, ""_kj, kTest, setFlag<&CommandLine::allAutogates>,
     "Taken for workerd's sake, with a warning: ocapd has no autogates"_kj},
    {0, "compat-date"_kj, "<date>"_kj, kTest,
     [](CommandLine& line, kj::StringPtr value) -> Complaint {
       line.compatibilityDate = value;
       return nullptr;
     },
     "Use this compatibility date for workers that have none"_kj},
    {'i', "inspector-addr"_kj, "<addr>"_kj, kTest, refuse, ""_kj},  // TODO(#9): debugging tests
    {'i', "inspector-addr"_kj, "<addr>"_kj, kServe,
     [](CommandLine& line, kj::StringPtr value) -> Complaint {
       line.inspectorAddress = value;
       return nullptr;
     },
     "Let DevTools connect to <addr>; port 9229 if none is given"_kj},
    {0, "debug-port"_kj, "<addr>"_kj, kServe,
     [](CommandLine& line, kj::StringPtr value) -> Complaint {
       line.debugPort = value;
       return nullptr;
     },
     "Let tools reach every service at this address; host:port, port 0 for any, or unix:path"_kj},
    {0, "debug-port-allow-remote"_kj, ""_kj, kServe, setFlag<&CommandLine::debugPortAllowRemote>,
     "Let the debug port listen on addresses that other machines can reach"_kj},
};

constexpr auto kServeUsage = "Usage: ocapd serve [OPTIONS] <config-file> [const-name]"_kj;
constexpr auto kTestUsage = "Usage: ocapd test [OPTIONS] <config-file> [filter]"_kj;
constexpr auto kGeneralUsage = "Usage: ocapd [OPTIONS] <COMMAND>"_kj;

UsageError errorWithUsage(kj::StringPtr message, kj::StringPtr usage) {
  return {kj::str("error: ", message, "\n\n", usage, "\n\nFor more information, try '--help'.\n")};
}

kj::String generalHelp() {
  return kj::str("ocapd ", kVersion, ": runs JavaScript workers from workerd configs\n\n",
                 kGeneralUsage, "\n\n",
                 "Commands:\n"
                 "  serve  Answer requests as a config says\n"
                 "  test   Run the tests in a config's workers\n"
                 "  help   Print this, or the help of a command\n\n"
                 "Options:\n"
                 "      --verbose  Log what goes well, too\n"
                 "  -h, --help     Print help\n"
                 "  -V, --version  Print the workerd version that ocapd stands in for\n");
}

kj::String commandHelp(Command command) {
  bool serves = command == Command::Serve;
  kj::Vector<kj::String> parts;
  parts.add(kj::str(serves ? "Answers requests as a config says.\n\n"_kj
                           : "Runs the tests in a config's workers.\n\n"_kj,
                    serves ? kServeUsage : kTestUsage, "\n\nArguments:\n",
                    "  <config-file>\n"
                    "          A Cap'n Proto config in text form; with --binary, a message, "
                    "which may be - for\n          standard input\n"));
  parts.add(kj::str(serves ? "  [const-name]\n"
                             "          Which constant of the file is the config, if there are "
                             "several\n"_kj
                           : "  [filter]\n"
                             "          Which tests to run: service, service:entrypoint or "
                             "const:service:entrypoint;\n          * and ? stand for anything\n"_kj,
                    "\nOptions:\n"));
  for (auto& option : kOptions) {
    if (!(option.commands & (serves ? kServe : kTest)) || option.help.size() == 0) continue;
    auto names = option.shortName == 0 ? kj::str("      --", option.longName)
                                       : kj::str("  -", option.shortName, ", --", option.longName);
    parts.add(kj::str(names, option.valueName.size() > 0 ? " "_kj : ""_kj, option.valueName,
                      "\n          ", option.help, "\n"));
  }
  parts.add(kj::str("  -h, --help\n          Print this\n"));
  return kj::strArray(parts, "");
}

class Parser {
 public:
  explicit Parser(kj::ArrayPtr<const kj::StringPtr> arguments) : arguments_(arguments) {}

  kj::OneOf<CommandLine, UsageError, Answer> parse() {
    bool optionsEnded = false;
    while (next_ < arguments_.size() && result_ == nullptr) {
      auto argument = arguments_[next_++];
      if (optionsEnded || argument == "-" || !argument.startsWith("-")) {
        positional(argument);
      } else if (argument == "--") {
        optionsEnded = true;
      } else if (argument.startsWith("--")) {
        longOption(argument);
      } else {
        shortOptions(argument);
      }
    }
    if (result_ == nullptr) finish();
    KJ_IF_MAYBE(result, result_) {
      return kj::mv(*result);
    }
    return kj::mv(line_);
  }

 private:
  using Result = kj::OneOf<CommandLine, UsageError, Answer>;

  void fail(kj::StringPtr message) {
    result_ = Result(errorWithUsage(message, command_ == nullptr ? kGeneralUsage : usage()));
  }
  void answer(kj::String text) { result_ = Result(Answer{kj::mv(text)}); }

  kj::StringPtr usage() const { return line_.command == Command::Serve ? kServeUsage : kTestUsage; }

  void positional(kj::StringPtr argument) {
    if (command_ == nullptr || wantsHelp_) return commandWord(argument);
    positionals_++;
    if (positionals_ == 1) {
      line_.configFile = argument;
    } else if (positionals_ == 2 && line_.command == Command::Serve) {
      line_.constName = argument;
    } else if (positionals_ == 2) {
      line_.filter = argument;
    } else {
      fail(kj::str("unexpected argument '", argument, "' found"));
    }
  }

  void commandWord(kj::StringPtr word) {
    if (word == "serve" || word == "test") {
      command_ = line_.command = word == "serve" ? Command::Serve : Command::Test;
      if (wantsHelp_) answer(commandHelp(line_.command));
    } else if (word == "help" && !wantsHelp_) {
      wantsHelp_ = true;
    } else {
      fail(kj::str("unrecognized subcommand '", word, "'"));
    }
  }

  const Option* findOption(char shortName, kj::StringPtr longName) const {
    for (auto& option : kOptions) {
      bool matches = longName.size() > 0 ? option.longName == longName
                                         : option.shortName == shortName && shortName != 0;
      kj::uint command = line_.command == Command::Serve ? kServe : kTest;
      if (matches &&
          (command_ != nullptr ? (option.commands & command) != 0 : option.longName == "verbose")) {
        return &option;
      }
    }
    return nullptr;
  }

  // Those that every command has; true if it was one.
  bool universalOption(char shortName, kj::StringPtr longName) {
    if (shortName == 'h' || longName == "help") {
      answer(command_ == nullptr ? generalHelp() : commandHelp(line_.command));
      return true;
    }
    if (shortName == 'V' || longName == "version") {
      answer(kj::str(kWorkerdVersion, "\n"));
      return true;
    }
    return false;
  }

  void longOption(kj::StringPtr argument) {
    auto body = argument.slice(2);
    size_t nameBytes = body.findFirst('=').orDefault(body.size());
    auto name = kj::heapString(body.slice(0, nameBytes));
    bool hasValue = nameBytes < body.size();
    if (!hasValue && universalOption(0, name)) return;
    auto* option = findOption(0, name);
    if (option == nullptr) return fail(kj::str("unexpected argument '--", name, "' found"));
    if (option->valueName.size() == 0) {
      if (hasValue) {
        return fail(kj::str("unexpected value '", body.slice(nameBytes + 1), "' for '--", name,
                            "' found; no more were expected"));
      }
      return apply(*option, nullptr);
    }
    if (hasValue) return apply(*option, body.slice(nameBytes + 1));
    applyNext(*option);
  }

  // `-bw` is `-b -w`; the first that takes a value takes the rest of the argument, or the next one.
  void shortOptions(kj::StringPtr argument) {
    for (size_t i = 1; i < argument.size() && result_ == nullptr; i++) {
      if (universalOption(argument[i], ""_kj)) return;
      auto* option = findOption(argument[i], ""_kj);
      if (option == nullptr) {
        return fail(kj::str("unexpected argument '-", argument[i], "' found"));
      }
      if (option->valueName.size() == 0) {
        apply(*option, nullptr);
        continue;
      }
      auto rest = argument.slice(i + 1);
      if (rest.size() == 0) return applyNext(*option);
      return apply(*option, rest.startsWith("=") ? rest.slice(1) : rest);
    }
  }

  void applyNext(const Option& option) {
    if (next_ == arguments_.size()) {
      result_ = Result(UsageError{kj::str("error: a value is required for '--", option.longName,
                                          " ", option.valueName,
                                          "' but none was supplied\n\n"
                                          "For more information, try '--help'.\n")});
      return;
    }
    apply(option, arguments_[next_++]);
  }

  void apply(const Option& option, kj::StringPtr value) {
    KJ_IF_MAYBE(invalid, option.apply(line_, value)) {
      if (invalid->unusable) {
        result_ = Result(usageError(kj::str(
            "--", option.longName, value.size() > 0 ? "="_kj : ""_kj, value, ": ", invalid->what)));
      } else {
        result_ = Result(UsageError{kj::str(
            "error: invalid value '", value, "' for '--", option.longName, " ", option.valueName,
            "': ", invalid->what, "\n\nFor more information, try '--help'.\n")});
      }
    }
  }

  void finish() {
    if (wantsHelp_) return answer(generalHelp());
    if (command_ == nullptr) {
      result_ = Result(UsageError{generalHelp()});
      return;
    }
    if (positionals_ == 0) {
      return fail("the following required arguments were not provided:\n  <config-file>"_kj);
    }
    if (line_.debugPortAllowRemote && line_.debugPort == nullptr) {
      result_ = Result(usageError(
          "--debug-port-allow-remote: There is no --debug-port that this could be about."_kj));
    }
    if (line_.configFile == "-") {
      if (!line_.binary) {
        result_ =
            Result(usageError("-: Reading config from stdin is only allowed with --binary."_kj));
      } else if (line_.watch) {
        result_ =
            Result(usageError("-: A config read from stdin cannot be watched. Leave out "
                              "--watch, or name a file."_kj));
      }
    }
  }

  kj::ArrayPtr<const kj::StringPtr> arguments_;
  size_t next_ = 0;
  size_t positionals_ = 0;
  bool wantsHelp_ = false;
  kj::Maybe<Command> command_;
  CommandLine line_;
  kj::Maybe<Result> result_;
};

}  // namespace

UsageError usageError(kj::StringPtr message) {
  return errorWithUsage(message, kGeneralUsage);
}

kj::OneOf<CommandLine, UsageError, Answer> parseCommandLine(
    kj::ArrayPtr<const kj::StringPtr> arguments) {
  return Parser(arguments).parse();
}

}  // namespace ocapd::cli
