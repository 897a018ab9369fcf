#include "src/sqlite/allowed_names.h"

#include <strings.h>
#include <algorithm>
#include <cstdint>

namespace ocapd::sqlite {

namespace {

// Sorted, lower case.
constexpr kj::StringPtr kFunctions[] = {
    "->"_kj,
    "->>"_kj,
    "abs"_kj,
    "acos"_kj,
    "acosh"_kj,
    "asin"_kj,
    "asinh"_kj,
    "atan"_kj,
    "atan2"_kj,
    "atanh"_kj,
    "avg"_kj,
    "bm25"_kj,
    "ceil"_kj,
    "changes"_kj,
    "char"_kj,
    "coalesce"_kj,
    "concat"_kj,
    "concat_ws"_kj,
    "cos"_kj,
    "cosh"_kj,
    "count"_kj,
    "cume_dist"_kj,
    "current_date"_kj,
    "current_time"_kj,
    "current_timestamp"_kj,
    "date"_kj,
    "datetime"_kj,
    "degrees"_kj,
    "dense_rank"_kj,
    "exp"_kj,
    "first_value"_kj,
    "floor"_kj,
    "format"_kj,
    "glob"_kj,
    "group_concat"_kj,
    "hex"_kj,
    "highlight"_kj,
    "ifnull"_kj,
    "iif"_kj,
    "instr"_kj,
    "json"_kj,
    "json_array"_kj,
    "json_array_length"_kj,
    "json_each"_kj,
    "json_extract"_kj,
    "json_group_array"_kj,
    "json_group_object"_kj,
    "json_insert"_kj,
    "json_object"_kj,
    "json_patch"_kj,
    "json_quote"_kj,
    "json_remove"_kj,
    "json_replace"_kj,
    "json_set"_kj,
    "json_tree"_kj,
    "json_type"_kj,
    "json_valid"_kj,
    "jsonb"_kj,
    "jsonb_array"_kj,
    "jsonb_extract"_kj,
    "jsonb_group_array"_kj,
    "jsonb_group_object"_kj,
    "jsonb_insert"_kj,
    "jsonb_object"_kj,
    "jsonb_patch"_kj,
    "jsonb_remove"_kj,
    "jsonb_replace"_kj,
    "jsonb_set"_kj,
    "julianday"_kj,
    "lag"_kj,
    "last_insert_rowid"_kj,
    "last_value"_kj,
    "lead"_kj,
    "length"_kj,
    "like"_kj,
    "likelihood"_kj,
    "likely"_kj,
    "ln"_kj,
    "load_extension"_kj,
    "log"_kj,
    "log2"_kj,
    "lower"_kj,
    "ltrim"_kj,
    "match"_kj,
    "max"_kj,
    "min"_kj,
    "mod"_kj,
    "nth_value"_kj,
    "ntile"_kj,
    "nullif"_kj,
    "octet_length"_kj,
    "percent_rank"_kj,
    "pi"_kj,
    "pow"_kj,
    "printf"_kj,
    "quote"_kj,
    "radians"_kj,
    "random"_kj,
    "randomblob"_kj,
    "rank"_kj,
    "replace"_kj,
    "round"_kj,
    "row_number"_kj,
    "rtreecheck"_kj,
    "rtrim"_kj,
    "sign"_kj,
    "sin"_kj,
    "sinh"_kj,
    "snippet"_kj,
    "soundex"_kj,
    "sqlite_drop_column"_kj,
    "sqlite_rename_column"_kj,
    "sqlite_rename_quotefix"_kj,
    "sqlite_rename_table"_kj,
    "sqlite_rename_test"_kj,
    "sqrt"_kj,
    "strftime"_kj,
    "string_agg"_kj,
    "substr"_kj,
    "substring"_kj,
    "sum"_kj,
    "tan"_kj,
    "tanh"_kj,
    "time"_kj,
    "timediff"_kj,
    "total"_kj,
    "total_changes"_kj,
    "trim"_kj,
    "trunc"_kj,
    "typeof"_kj,
    "unhex"_kj,
    "unicode"_kj,
    "unixepoch"_kj,
    "unlikely"_kj,
    "upper"_kj,
    "zeroblob"_kj,
};

constexpr kj::StringPtr kModules[] = {"fts5"_kj, "fts5vocab"_kj, "rtree"_kj, "rtree_i32"_kj};

constexpr kj::StringPtr kHiddenTables[] = {
    "bytecode"_kj,      "dbstat"_kj,      "fts3tokenize"_kj,
    "sqlite_dbpage"_kj, "sqlite_stmt"_kj, "tables_used"_kj,
};

enum class Argument : uint8_t { None, Needed, Optional, Boolean, Integer };

struct Pragma {
  kj::StringPtr name;
  Argument argument;
};

constexpr Pragma kPragmas[] = {
    {"case_sensitive_like"_kj, Argument::Boolean},
    {"data_version"_kj, Argument::None},
    {"defer_foreign_keys"_kj, Argument::Boolean},
    {"foreign_key_check"_kj, Argument::Optional},
    {"foreign_key_list"_kj, Argument::Needed},
    {"foreign_keys"_kj, Argument::Boolean},
    {"ignore_check_constraints"_kj, Argument::Boolean},
    {"index_info"_kj, Argument::Needed},
    {"index_list"_kj, Argument::Needed},
    {"index_xinfo"_kj, Argument::Needed},
    {"legacy_alter_table"_kj, Argument::Boolean},
    {"optimize"_kj, Argument::Integer},
    {"page_size"_kj, Argument::None},
    {"quick_check"_kj, Argument::Optional},
    {"recursive_triggers"_kj, Argument::Boolean},
    {"reverse_unordered_selects"_kj, Argument::Boolean},
    {"table_info"_kj, Argument::Needed},
    {"table_list"_kj, Argument::None},
    {"table_xinfo"_kj, Argument::Needed},
};

template <size_t n>
bool contains(const kj::StringPtr (&names)[n], kj::StringPtr name) {
  for (auto each : names) {
    if (strcasecmp(each.cStr(), name.cStr()) == 0) return true;
  }
  return false;
}

bool isBoolean(kj::StringPtr text) {
  if (text.startsWith("'") || text.startsWith("\"")) text = text.slice(1);
  for (auto word : {"true"_kj, "false"_kj, "yes"_kj, "no"_kj, "on"_kj, "off"_kj, "1"_kj, "0"_kj}) {
    if (strncasecmp(text.cStr(), word.cStr(), word.size()) == 0) return true;
  }
  return false;
}

bool isInteger(kj::StringPtr text) {
  if (text.startsWith("-")) text = text.slice(1);
  return text.size() > 0 && std::ranges::all_of(text.asArray(), [](char c) {
           return (c >= '0' && c <= '9') || c == 'x' || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

bool isAllowedFunction(kj::StringPtr name) {
  auto lower = kj::heapString(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = char(c + ('a' - 'A'));
  }
  return std::ranges::binary_search(kFunctions, kj::StringPtr(lower));
}

bool isAllowedPragma(kj::StringPtr name, kj::StringPtr argument) {
  for (const Pragma& pragma : kPragmas) {
    if (strcasecmp(pragma.name.cStr(), name.cStr()) != 0) continue;
    switch (pragma.argument) {
      case Argument::None: return argument == "";
      case Argument::Needed: return argument != "";
      case Argument::Optional: return true;
      case Argument::Boolean: return argument == "" || isBoolean(argument);
      case Argument::Integer: return argument == "" || isInteger(argument);
    }
  }
  return false;
}

bool isAllowedModule(kj::StringPtr name) {
  return contains(kModules, name);
}

bool isHiddenTable(kj::StringPtr name) {
  return contains(kHiddenTables, name);
}

}  // namespace ocapd::sqlite
