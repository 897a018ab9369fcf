// CompatFlags: which compatibility flags are on for one worker, and how that follows from its
// compatibility date and the flags that it names.
//
// Threads   any; a set never changes.
// Errors    handed to the caller one by one, in the reference's words (which suites and tools pin)
//           but for the warning about what ocapd does not implement.
#pragma once

#include "src/compat/compat_flag.h"

#include <kj/array.h>
#include <kj/function.h>
#include <kj/string.h>
#include <kj/time.h>

#include <bitset>

namespace ocapd::compat {

// The newest date whose flags are in the table.
inline constexpr kj::StringPtr kNewestCompatDate = "2026-11-24"_kj;

class CompatFlags {
 public:
  using Bits = std::bitset<kCompatFlagOrdinalMax + 1>;

  CompatFlags() = default;  // none is on
  explicit CompatFlags(const Bits& on) : on_(on) {}

  bool has(CompatFlag flag) const { return on_[static_cast<size_t>(flag)]; }

  struct Entry {
    kj::StringPtr enableName;  // lives forever
    bool on;
  };
  // All flags there are, in the order of their ordinals: `Cloudflare.compatibilityFlags`.
  kj::Array<Entry> entries() const;

 private:
  Bits on_;
};

// What decides besides the worker's date and names.
struct CompatRules {
  enum class DateFrom {
    Config,
    CommandLine,  // --compat-date, for tests: may lie in the future, and names may be redundant
  };
  DateFrom dateFrom = DateFrom::Config;
  bool experimental = false;  // flags that need --experimental may be named
  kj::Date now = kj::UNIX_EPOCH;
};

struct CompatFinding {
  enum class Severity { Error, Warning };
  Severity severity;
  kj::Maybe<size_t> nameIndex;  // which of the names it is about; none: the date
  kj::String text;
};

// The set is of use only if no error was reported. Takes time in proportion to the names, of which
// a hostile config may have many.
CompatFlags evaluateCompatFlags(kj::StringPtr date, kj::ArrayPtr<const kj::StringPtr> names,
                                const CompatRules& rules,
                                kj::FunctionParam<void(CompatFinding)> report);

// `YYYY-MM-DD` within the years, months and days the reference takes; no calendar.
bool isCompatDate(kj::StringPtr date);

}  // namespace ocapd::compat
