#include "src/compat/compat_flags.h"

#include "src/compat/compat_flag_table.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace ocapd::compat {
namespace {

using Lines = std::vector<std::string>;
using Names = std::vector<kj::StringPtr>;

// 2026-11-22T12:00:00Z
constexpr kj::Date kNow = kj::UNIX_EPOCH + 1795348800 * kj::SECONDS;

class StoppedClock final : public kj::Clock {
 public:
  kj::Date now() const override { return kNow; }
};

struct Evaluated {
  CompatFlags flags;
  Lines errors;
  Lines warnings;
};

Evaluated evaluate(kj::StringPtr date, const Names& names, CompatRules rules = {}) {
  rules.now = kNow;
  Evaluated result;
  result.flags = evaluateCompatFlags(
      date, kj::arrayPtr(names.data(), names.size()), rules, [&](CompatFinding finding) {
        bool isError = finding.severity == CompatFinding::Severity::Error;
        auto& lines = isError ? result.errors : result.warnings;
        KJ_IF_MAYBE(index, finding.nameIndex) {
          lines.emplace_back(kj::str(*index, ": ", finding.text).cStr());
        } else {
          lines.emplace_back(kj::str("date: ", finding.text).cStr());
        }
      });
  return result;
}

// The ordinals of the flags that are on, as in "0-1 4".
std::string rangesOf(const CompatFlags& flags) {
  std::string text;
  auto isOn = [&](size_t i) {
    return i <= kCompatFlagOrdinalMax && flags.has(static_cast<CompatFlag>(i));
  };
  for (size_t i = 0; i <= kCompatFlagOrdinalMax; ++i) {
    if (!isOn(i)) continue;
    if (!text.empty()) text += ' ';
    text += std::to_string(i);
    size_t last = i;
    while (isOn(last + 1)) ++last;
    if (last > i) text += '-' + std::to_string(last);
    i = last;
  }
  return text;
}

TEST(CompatFlags, AreThoseOfTheReference) {
  struct Row {
    kj::StringPtr date;
    Names names;
    const char* on;
  };
  // What workerd 1.20261117.1 answers for its Cloudflare.compatibilityFlags, all 205 of them.
  const Row kRows[] = {
      {"2000-01-01"_kj, {}, "13"},
      {"2021-11-09"_kj, {}, "0 13"},
      {"2022-09-01"_kj, {}, "0-1 4-5 7-9 11 13 15 17"},
      {"2023-07-24"_kj,
       {"experimental"_kj, "nodejs_compat"_kj, "service_binding_extra_handlers"_kj},
       "0-1 4-13 15-18 21 23-24 26-28 30"},
      {"2024-01-01"_kj,
       {"no_rpc"_kj, "rpc_params_transfer_stubs"_kj, "url_original"_kj,
        "http_headers_getsetcookie"_kj},
       "0-1 4-9 11-13 15-18 20 23 26-27 29-31 33 36-37"},
      {"2024-09-22"_kj,
       {"nodejs_compat"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-49 55 57"},
      {"2024-09-23"_kj,
       {"nodejs_compat"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-50 55 57 59"},
      {"2024-09-23"_kj,
       {"nodejs_compat"_kj, "no_nodejs_compat_v2"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-49 55 57 59"},
      {"2024-09-22"_kj,
       {"nodejs_compat_v2"_kj},
       "0-1 4-13 15-18 20 23 26-27 29-33 36-37 40 42 44-50 55 57"},
      {"2024-09-23"_kj,
       {"nodejs_compat_v2"_kj},
       "0-1 4-13 15-18 20 23 26-27 29-33 36-37 40 42 44-50 55 57 59"},
      {"2025-01-01"_kj,
       {},
       "0-1 4-13 15-18 20 23 26-27 29-33 36-37 40 42 44-49 53 55 57 62 64-65 67-68"},
      {"2025-09-15"_kj,
       {"nodejs_compat"_kj, "disable_nodejs_http_modules"_kj, "disable_nodejs_fs_module"_kj,
        "pedantic_wpt"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-50 53 55 57 59 62 64-65 67-68 70 72 74 "
       "76-77 79-80 83-84 86 89 93-94 97-99 101-102 104 106-108 112 114"},
      {"2025-09-01"_kj,
       {"remove_nodejs_compat_eol_v24"_kj, "nodejs_als"_kj},
       "0-1 4-13 15-18 20 23 26-27 29-33 36-37 40-42 44-49 53 55 57 62 64-65 67-68 70 72 74 77 "
       "79-80 83-84 86 89 93-94 98-99 102 104 107 114 118-119"},
      {"2026-01-15"_kj,
       {"fetch_iterable_type_support"_kj, "pedantic_wpt"_kj, "cache_no_cache_disabled"_kj},
       "0-1 4-13 15-18 20 23 26-27 29-33 36-37 40 42 44-49 53 55 57 62 64-65 67-68 72 74 77 79-80 "
       "83-84 86 89 93-94 98-99 101-102 104 107 109 114 139 141 146 149-150"},
      {"2026-02-24"_kj,
       {"pedantic_wpt"_kj, "nodejs_compat"_kj, "no_nodejs_compat_v2"_kj,
        "cache_option_disabled"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-49 55 57 59 62 64-65 67-68 72 74 76-77 "
       "79-80 83-84 86 89 93-94 97-109 112 114 120-121 124 127-128 131-135 138-139 141 146 149-150 "
       "152-153 156-157 159 161"},
      {"2026-09-08"_kj,
       {"original-transform-stream-backpressure"_kj, "no_nodejs_global_timers"_kj,
        "do_not_bind_asynclocalstorage_snapshot_to-request"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-50 53 55 57 59 62 64-65 67 70 72 74 "
       "76-77 79-80 83-84 86 89 94 97-100 102-109 112 114-115 120-141 146 149-150 152 156-164 "
       "166-168 170-171 174 176-177 185"},
      {"2026-11-20"_kj,
       {"no_nodejs_compat"_kj},
       "0-1 4-13 15-18 20 23 26-27 29-33 36-37 40 42 44-50 52-53 55 57 59 62 64-65 67-68 70 72 74 "
       "77 79-80 83-84 86 89-90 93-94 98-99 102 104 107 109 114-115 139-141 146 149-150 152 "
       "156-164 166-168 170-171 174 176-177 185 188 190 193-194"},
      {"2026-11-20"_kj,
       {"no_nodejs_compat"_kj, "no_nodejs_compat_v2"_kj, "legacy_module_registry"_kj,
        "r2_internal_beta_bindings"_kj},
       "0-1 4-12 15-18 20 23 26-27 29-33 36-37 40 42 44-49 53 55 57 62 64-65 67-68 70 72 74 77 "
       "79-80 83-84 86 89-90 93-94 98-99 102 104 107 109 114-115 139-141 146 149-150 152 156-164 "
       "166-168 170-171 174 176-177 185 188 190 193-194"},
      {"2026-11-20"_kj,
       {"disable_nodejs_http_modules"_kj, "remove_nodejs_compat_eol_v23"_kj,
        "no_pipe_to_backward_propagation"_kj},
       "0-1 4-13 15-18 20-21 23 26-27 29-33 36-37 40 42 44-50 52-53 55 57 59 62 64-65 67-68 70 72 "
       "74 76-77 79-80 83-84 86 89-90 93-94 97-99 102 104-109 112 114-115 118 120-141 146 149-150 "
       "152-153 156-164 166-168 170-171 174 176-177 185 188 190 194"},
      {"2026-11-20"_kj,
       {"experimental"_kj, "unsafe_module"_kj, "temporal"_kj, "rpc"_kj},
       "0-1 4-13 15-18 20-21 23-24 26-27 29-33 36-38 40 42 44-50 52-53 55 57 59 62 64-65 67-68 70 "
       "72 74 76-77 79-80 83-84 86 89-90 93-94 97-100 102-109 112 114-115 120-141 146 149-150 "
       "152-153 156-164 166-168 170-171 174 176-177 185 188 190 193-194 200"},
      {"2024-02-31"_kj, {}, "0-1 4-13 15-18 20 23 26-27 29-31 33 36-37"},
  };
  for (const Row& row : kRows) {
    auto result = evaluate(row.date, row.names, {.experimental = true});
    std::string why = row.date.cStr();
    for (kj::StringPtr name : row.names) why += std::string(" ") + name.cStr();
    SCOPED_TRACE(why);
    EXPECT_EQ(rangesOf(result.flags), row.on);
    EXPECT_EQ(result.errors, Lines{});
  }
}

struct Case {
  const char* why;
  kj::StringPtr date;
  Names names;
  Lines errors;
  Lines warnings = {};
};

void expectFindings(kj::ArrayPtr<const Case> cases, CompatRules rules = {}) {
  for (const Case& row : cases) {
    SCOPED_TRACE(row.why);
    auto result = evaluate(row.date, row.names, rules);
    EXPECT_EQ(result.errors, row.errors);
    EXPECT_EQ(result.warnings, row.warnings);
  }
}

constexpr const char* kNeedsExperimental =
    " is experimental and may break or be removed in a future version of workerd. To use this "
    "flag, you must pass --experimental on the command line.";
constexpr const char* kNotYet =
    "ocapd does not implement what these compatibility flags ask for yet, so they have no "
    "effect: ";

std::string needsExperimental(std::string where, std::string flag) {
  return where + ": The compatibility flag " + flag + kNeedsExperimental;
}
std::string notYet(std::string where, std::string flags) {
  return where + ": " + kNotYet + flags + '.';
}

TEST(CompatFlags, ReportDatesThatCannotBe) {
  const Case kCases[] = {
      {"none", "zz"_kj, {}, {"date: Invalid compatibility date: zz"}},
      {"empty", ""_kj, {}, {"date: Invalid compatibility date: "}},
      {"today", "2026-11-22"_kj, {}, {}},
      {"tomorrow",
       "2026-11-23"_kj,
       {},
       {"date: Can't set compatibility date in the future: \"2026-11-23\". Today's date (UTC) is "
        "\"2026-11-22\"."}},
      {"newer than the table, and in the future",
       "2026-11-25"_kj,
       {},
       {"date: This Worker requires compatibility date \"2026-11-25\", but the newest date "
        "supported by this server binary is \"2026-11-24\".",
        "date: Can't set compatibility date in the future: \"2026-11-25\". Today's date (UTC) is "
        "\"2026-11-22\"."}},
  };
  expectFindings(kCases);
}

TEST(CompatFlags, GoOnFromAnEarlyDateWhenTheDateIsNone) {
  constexpr auto kName = "immutable_api_prototypes"_kj;
  auto result = evaluate("2024-13-01"_kj, {kName});
  EXPECT_EQ(rangesOf(result.flags), rangesOf(evaluate("2021-05-01"_kj, {kName}).flags));
  EXPECT_EQ(result.warnings, Lines{notYet("0", "immutable_api_prototypes")});
}

TEST(CompatFlags, ReportNamesThatCannotBe) {
  const Case kCases[] = {
      {"unknown, in the order given",
       "2024-01-01"_kj,
       {"zz"_kj, "aa"_kj, ""_kj},
       {"0: No such compatibility flag: zz", "1: No such compatibility flag: aa",
        "2: No such compatibility flag: "}},
      {"repeated",
       "2024-01-01"_kj,
       {"no_rpc"_kj, "zz"_kj, "no_rpc"_kj, "zz"_kj, "no_rpc"_kj},
       {"2: Compatibility flag specified multiple times: no_rpc",
        "3: Compatibility flag specified multiple times: zz",
        "4: Compatibility flag specified multiple times: no_rpc",
        "1: No such compatibility flag: zz"}},
      {"on and off",
       "2022-10-30"_kj,
       {"url_original"_kj, "url_standard"_kj},
       {"1: Compatibility flags are mutually contradictory: url_standard vs url_original"},
       {notYet("0", "url_original")}},
      {"experimental",
       "2024-01-01"_kj,
       {"experimental"_kj, "durable_object_rename"_kj},
       {needsExperimental("1", "durable_object_rename"), needsExperimental("0", "experimental")}},
      {"experimental, switched off", "2024-01-01"_kj, {"no_precise_timers"_kj}, {}},
      {"everything at once, in the reference's order",
       "2026-12-01"_kj,
       {"experimental"_kj, "url_standard"_kj, "rpc"_kj, "no_rpc"_kj, "zz"_kj, "zz"_kj, "aa"_kj},
       {"5: Compatibility flag specified multiple times: zz",
        "date: This Worker requires compatibility date \"2026-12-01\", but the newest date "
        "supported by this server binary is \"2026-11-24\".",
        "date: Can't set compatibility date in the future: \"2026-12-01\". Today's date (UTC) is "
        "\"2026-11-22\".",
        needsExperimental("0", "experimental"),
        "2: Compatibility flags are mutually contradictory: rpc vs no_rpc",
        "4: No such compatibility flag: zz", "6: No such compatibility flag: aa"},
       {"1: The compatibility flag url_standard became the default as of 2022-10-31 so does not "
        "need to be specified anymore.",
        "2: The compatibility flag rpc became the default as of 2024-04-03 so does not need to be "
        "specified anymore."}},
  };
  expectFindings(kCases);
}

TEST(CompatFlags, WarnOfNamesThatSayNothingNew) {
  const Case kCases[] = {
      {"the day before", "2022-10-30"_kj, {"url_standard"_kj}, {}},
      {"the day",
       "2022-10-31"_kj,
       {"url_standard"_kj},
       {},
       {"0: The compatibility flag url_standard became the default as of 2022-10-31 so does not "
        "need to be specified anymore."}},
      {"on at all dates",
       "2000-01-01"_kj,
       {"r2_public_beta_bindings"_kj},
       {},
       {"0: The compatibility flag r2_public_beta_bindings is the default, so does not need to be "
        "specified anymore.",
        notYet("0", "r2_public_beta_bindings")}},
      {"off already", "2022-10-30"_kj, {"no_rpc"_kj}, {}},
  };
  expectFindings(kCases);
}

TEST(CompatFlags, WarnOnceOfNamesThatOcapdDoesNotObey) {
  const Case kCases[] = {
      {"several, at the first",
       "2024-01-01"_kj,
       {"url_standard"_kj, "rpc"_kj, "immutable_api_prototypes"_kj},
       {},
       {"0: The compatibility flag url_standard became the default as of 2022-10-31 so does not "
        "need to be specified anymore.",
        notYet("2", "immutable_api_prototypes")}},
      {"off by name what is always on",
       "2024-01-01"_kj,
       {"url_original"_kj},
       {},
       {notYet("0", "url_original")}},
      {"off by name what is always off", "2026-11-20"_kj, {"no_nodejs_compat"_kj}, {}},
      {"off by date what is always on", "2021-05-01"_kj, {}, {}},
      {"neither way",
       "2024-01-01"_kj,
       {"cache_option_disabled"_kj},
       {},
       {notYet("0", "cache_option_disabled")}},
      {"without effect anywhere but at the edge",
       "2024-01-01"_kj,
       {"global_fetch_strictly_public"_kj},
       {}},
  };
  expectFindings(kCases);
}

TEST(CompatFlags, TakeAnyDateFromTheCommandLine) {
  const Case kCases[] = {
      {"the last", "2999-12-31"_kj, {"fetch_standard_url"_kj}, {}},
      {"the first", "2000-01-01"_kj, {}, {}},
      {"none", "9999-12-31"_kj, {}, {"date: Invalid compatibility date: 9999-12-31"}},
  };
  expectFindings(kCases, {.dateFrom = CompatRules::DateFrom::CommandLine});
}

TEST(CompatFlags, AreListedByEnableNameInOrder) {
  auto entries = evaluate("2022-10-31"_kj, {"rpc"_kj}).flags.entries();
  ASSERT_EQ(entries.size(), 205u);
  EXPECT_EQ(entries[0].enableName, "formdata_parser_supports_files");
  EXPECT_TRUE(entries[0].on);
  EXPECT_EQ(entries[2].enableName, "html_rewriter_treats_esi_include_as_void_tag");
  EXPECT_FALSE(entries[2].on);
  for (auto& entry : entries) {
    if (entry.enableName == "rpc") EXPECT_TRUE(entry.on);
    if (entry.enableName == "no_rpc") ADD_FAILURE() << "a disable name";
  }
  EXPECT_EQ(entries[204].enableName, "python_dedicated_snapshot_keep_import_caches");
}

// ---- the table ----

TEST(CompatFlagTable, IsInOrderAndNamesEachFlagOnce) {
  std::set<std::string> names;
  int previous = -1;
  for (const CompatFlagRow& row : compatFlagRows()) {
    SCOPED_TRACE(row.enableName.cStr());
    EXPECT_GT(static_cast<int>(row.flag), previous);
    previous = static_cast<int>(row.flag);
    EXPECT_TRUE(names.insert(row.enableName.cStr()).second);
    if (row.disableName.size() > 0) EXPECT_TRUE(names.insert(row.disableName.cStr()).second);
    EXPECT_TRUE(row.onSince == kNeverByDate || row.onSince == kOnAtAllDates ||
                isCompatDate(row.onSince));
  }
  EXPECT_EQ(previous, static_cast<int>(kCompatFlagOrdinalMax));
  previous = 0;
  for (const CompatImplication& row : compatImplications()) {
    EXPECT_GE(static_cast<int>(row.flag), previous);
    previous = static_cast<int>(row.flag);
    EXPECT_TRUE(isCompatDate(row.since));
  }
}

TEST(CompatDate, IsAcceptedByItsShapeOnly) {
  struct Row {
    kj::StringPtr date;
    bool accepted;
  };
  for (const Row& row : {
           Row{"2024-01-01"_kj, true},
           Row{"2024-02-31"_kj, true},
           Row{"2000-12-31"_kj, true},
           Row{"2999-12-31"_kj, true},
           Row{"1999-12-31"_kj, false},
           Row{"3000-01-01"_kj, false},
           Row{"2024-00-01"_kj, false},
           Row{"2024-13-01"_kj, false},
           Row{"2024-01-00"_kj, false},
           Row{"2024-01-32"_kj, false},
           Row{"2024/01/01"_kj, false},
           Row{"2024-1-01"_kj, false},
           Row{"2024-01-01 "_kj, false},
           Row{"2O24-01-01"_kj, false},
           Row{""_kj, false},
       }) {
    SCOPED_TRACE(row.date.cStr());
    EXPECT_EQ(isCompatDate(row.date), row.accepted);
  }
}

// The flags under a heading of docs/COMPATIBILITY.md, which are `in backticks`.
std::set<std::string> flagsUnder(const std::string& page, const std::string& heading) {
  std::set<std::string> flags;
  size_t begin = page.find("\n### " + heading + "\n");
  if (begin == page.npos) return flags;
  size_t end = std::min(page.find("\n#", begin + 5), page.size());
  size_t open;
  while ((open = page.find('`', begin)) < end) {
    size_t close = page.find('`', open + 1);
    flags.insert(page.substr(open + 1, close - open - 1));
    begin = close + 1;
  }
  return flags;
}

TEST(CompatFlagTable, IsWhatTheCompatibilityPageSays) {
  std::ifstream file("docs/COMPATIBILITY.md");
  std::string page(std::istreambuf_iterator<char>(file), {});
  struct Row {
    const char* heading;
    CompatSupport support;
  };
  for (const Row& row : {
           Row{"Switched", CompatSupport::Switched},
           Row{"Always on", CompatSupport::AlwaysOn},
           Row{"Always off", CompatSupport::AlwaysOff},
           Row{"Not yet, neither way", CompatSupport::NotYet},
           Row{"Without effect", CompatSupport::NoEffect},
       }) {
    SCOPED_TRACE(row.heading);
    std::set<std::string> flags;
    for (const CompatFlagRow& flag : compatFlagRows()) {
      if (flag.support == row.support) flags.insert(flag.enableName.cStr());
    }
    EXPECT_EQ(flagsUnder(page, row.heading), flags);
  }
}

}  // namespace
}  // namespace ocapd::compat
