#include "src/compat/compat_flags.h"

#include "src/compat/compat_flag_table.h"

#include <kj/map.h>
#include <kj/vector.h>

#include <chrono>

namespace ocapd::compat {
namespace {

// What the reference goes on with when a date is none.
constexpr kj::StringPtr kDateForBadOnes = "2021-05-01"_kj;

constexpr auto kError = CompatFinding::Severity::Error;
constexpr auto kWarning = CompatFinding::Severity::Warning;

size_t indexOf(CompatFlag flag) {
  return static_cast<size_t>(flag);
}

kj::String padded(unsigned number, size_t digits) {
  auto text = kj::str(number);
  return kj::str(kj::repeat('0', digits - kj::min(digits, text.size())), text);
}

// As a compatibility date, in UTC.
kj::String dateOf(kj::Date time) {
  auto days = std::chrono::sys_days(std::chrono::days((time - kj::UNIX_EPOCH) / kj::DAYS));
  std::chrono::year_month_day date(days);
  return kj::str(padded(static_cast<unsigned>(static_cast<int>(date.year())), 4), '-',
                 padded(static_cast<unsigned>(date.month()), 2), '-',
                 padded(static_cast<unsigned>(date.day()), 2));
}

class Evaluation {
 public:
  Evaluation(const CompatRules& rules, kj::FunctionParam<void(CompatFinding)>& report)
      : rules_(rules), report_(report) {}

  CompatFlags run(kj::StringPtr date, kj::ArrayPtr<const kj::StringPtr> names);

 private:
  void collectNames(kj::ArrayPtr<const kj::StringPtr> names);
  void setDate(kj::StringPtr date);
  void evaluate(const CompatFlagRow& row);
  void complainAboutEnabling(const CompatFlagRow& row, size_t nameIndex, bool onByDate);
  void imply(const CompatImplication& implication);
  void complainAboutUnknown(kj::ArrayPtr<const kj::StringPtr> names);
  void warnOfMissingSupport();

  // The position of a name among those given; then the name is known.
  kj::Maybe<size_t> takeName(kj::StringPtr name);
  void report(CompatFinding::Severity severity, kj::Maybe<size_t> nameIndex, kj::String text) {
    report_(CompatFinding{severity, nameIndex, kj::mv(text)});
  }

  const CompatRules& rules_;
  kj::FunctionParam<void(CompatFinding)>& report_;
  kj::StringPtr date_;
  kj::HashMap<kj::StringPtr, size_t> unknown_;  // names not looked up yet, to their positions
  CompatFlags::Bits on_;
  CompatFlags::Bits disabledByName_;
  kj::Vector<kj::StringPtr> unsupported_;   // names
  size_t firstUnsupported_ = kj::maxValue;  // the first position of one
};

void Evaluation::collectNames(kj::ArrayPtr<const kj::StringPtr> names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (unknown_.find(names[i]) == nullptr) {
      unknown_.insert(names[i], i);
    } else {
      report(kError, i, kj::str("Compatibility flag specified multiple times: ", names[i]));
    }
  }
}

void Evaluation::setDate(kj::StringPtr date) {
  if (!isCompatDate(date)) {
    report(kError, nullptr, kj::str("Invalid compatibility date: ", date));
    date_ = kDateForBadOnes;
    return;
  }
  date_ = date;
  if (rules_.dateFrom == CompatRules::DateFrom::CommandLine) return;
  if (date > kNewestCompatDate) {
    report(kError, nullptr,
           kj::str("This Worker requires compatibility date \"", date,
                   "\", but the newest date supported by this server binary is \"",
                   kNewestCompatDate, "\"."));
  }
  auto today = dateOf(rules_.now);
  if (date > today) {
    report(kError, nullptr,
           kj::str("Can't set compatibility date in the future: \"", date,
                   "\". Today's date (UTC) is \"", today, "\"."));
  }
}

kj::Maybe<size_t> Evaluation::takeName(kj::StringPtr name) {
  if (name.size() == 0) return nullptr;  // a flag without such a name
  KJ_IF_MAYBE(position, unknown_.find(name)) {
    size_t taken = *position;
    unknown_.erase(name);
    return taken;
  }
  return nullptr;
}

void Evaluation::evaluate(const CompatFlagRow& row) {
  auto enabled = takeName(row.enableName);
  auto disabled = takeName(row.disableName);
  bool onByDate = date_ >= row.onSince;
  auto noteUnsupported = [&](kj::StringPtr name, size_t nameIndex) {
    firstUnsupported_ = kj::min(firstUnsupported_, nameIndex);
    unsupported_.add(name);
  };
  bool nothing = row.support == CompatSupport::NotYet;
  KJ_IF_MAYBE(nameIndex, enabled) {
    if (disabled != nullptr) {
      report(kError, *nameIndex,
             kj::str("Compatibility flags are mutually contradictory: ", row.enableName, " vs ",
                     row.disableName));
    }
    complainAboutEnabling(row, *nameIndex, onByDate);
    if (nothing || row.support == CompatSupport::AlwaysOff) {
      noteUnsupported(row.enableName, *nameIndex);
    }
  }
  KJ_IF_MAYBE(nameIndex, disabled) {
    if (nothing || row.support == CompatSupport::AlwaysOn) {
      noteUnsupported(row.disableName, *nameIndex);
    }
  }
  on_[indexOf(row.flag)] = enabled != nullptr || (onByDate && disabled == nullptr);
  disabledByName_[indexOf(row.flag)] = disabled != nullptr;
}

void Evaluation::complainAboutEnabling(const CompatFlagRow& row, size_t nameIndex, bool onByDate) {
  if (onByDate && rules_.dateFrom == CompatRules::DateFrom::Config) {
    auto since = row.onSince == kOnAtAllDates
                     ? kj::str("is the default, so")
                     : kj::str("became the default as of ", row.onSince, " so");
    report(kWarning, nameIndex,
           kj::str("The compatibility flag ", row.enableName, ' ', since,
                   " does not need to be specified anymore."));
  }
  if (row.stage == CompatFlagRow::Stage::Unfinished && !rules_.experimental) {
    report(kError, nameIndex,
           kj::str("The compatibility flag ", row.enableName,
                   " is experimental and may break or be removed in a future version of workerd. "
                   "To use this flag, you must pass --experimental on the command line."));
  }
}

// One pass in the order of the flags: a source further down that is itself only implied comes too
// late, as in the reference.
void Evaluation::imply(const CompatImplication& implication) {
  bool applies = date_ >= implication.since && !disabledByName_[indexOf(implication.flag)] &&
                 on_[indexOf(implication.source)];
  if (applies) on_.set(indexOf(implication.flag));
}

void Evaluation::complainAboutUnknown(kj::ArrayPtr<const kj::StringPtr> names) {
  if (unknown_.size() == 0) return;
  for (size_t i = 0; i < names.size(); ++i) {
    KJ_IF_MAYBE(position, unknown_.find(names[i])) {
      if (*position == i) report(kError, i, kj::str("No such compatibility flag: ", names[i]));
    }
  }
}

void Evaluation::warnOfMissingSupport() {
  if (unsupported_.empty()) return;
  report(kWarning, firstUnsupported_,
         kj::str("ocapd does not implement what these compatibility flags ask for yet, so they "
                 "have no effect: ",
                 kj::strArray(unsupported_, ", "), '.'));
}

CompatFlags Evaluation::run(kj::StringPtr date, kj::ArrayPtr<const kj::StringPtr> names) {
  collectNames(names);
  setDate(date);
  for (const CompatFlagRow& row : compatFlagRows()) evaluate(row);
  for (const CompatImplication& each : compatImplications()) imply(each);
  complainAboutUnknown(names);
  warnOfMissingSupport();
  return CompatFlags(on_);
}

}  // namespace

kj::Array<CompatFlags::Entry> CompatFlags::entries() const {
  return KJ_MAP(row, compatFlagRows()) {
    return Entry{row.enableName, has(row.flag)};
  };
}

CompatFlags evaluateCompatFlags(kj::StringPtr date, kj::ArrayPtr<const kj::StringPtr> names,
                                const CompatRules& rules,
                                kj::FunctionParam<void(CompatFinding)> report) {
  return Evaluation(rules, report).run(date, names);
}

bool isCompatDate(kj::StringPtr date) {
  if (date.size() != 10 || date[0] != '2') return false;
  for (size_t i = 0; i < 10; ++i) {
    bool dash = i == 4 || i == 7;
    if (dash ? date[i] != '-' : (date[i] < '0' || date[i] > '9')) return false;
  }
  int month = (date[5] - '0') * 10 + (date[6] - '0');
  int day = (date[8] - '0') * 10 + (date[9] - '0');
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

}  // namespace ocapd::compat
