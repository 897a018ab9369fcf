// What is known of each compatibility flag: the one table to edit when ocapd's behaviour changes.
#pragma once

#include "src/compat/compat_flag.h"

#include <kj/common.h>
#include <kj/string.h>

namespace ocapd::compat {

// Dates compare as text. These two lie before and behind all that a worker can have.
inline constexpr kj::StringPtr kOnAtAllDates = "0000-00-00"_kj;
inline constexpr kj::StringPtr kNeverByDate = "9999-99-99"_kj;

// What ocapd does about a flag. Only naming a flag is warned about, never what a date brings.
enum class CompatSupport : uint8_t {
  Switched,   // obeyed either way
  AlwaysOn,   // as with the flag on, whatever was asked for: warned of when switched off by name
  AlwaysOff,  // as with the flag off: warned of when switched on by name
  NotYet,     // what the flag is about does not exist: warned of either way
  NoEffect,   // says nothing to a server of one's own, or is obsolete: accepted, as workerd does
};

struct CompatFlagRow {
  enum class Stage : uint8_t { Stable, Unfinished };  // Unfinished: needs --experimental when named

  CompatFlag flag;
  kj::StringPtr enableName;
  kj::StringPtr disableName;  // empty: there is none
  kj::StringPtr onSince;      // the first date at which it is on
  Stage stage;
  CompatSupport support;
};

// `flag` is on wherever `source` is, from a date on, unless it is disabled by name.
struct CompatImplication {
  CompatFlag flag;
  CompatFlag source;
  kj::StringPtr since;
};

// Both in the order of the flags' ordinals.
kj::ArrayPtr<const CompatFlagRow> compatFlagRows();
kj::ArrayPtr<const CompatImplication> compatImplications();

}  // namespace ocapd::compat
