#include "src/api/fetch/header_list.h"

#include <string.h>

#include <algorithm>

#include "src/js/error.h"

namespace ocapd::api {

namespace {

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

struct TokenTable {
  bool allowed[256] = {};
  constexpr TokenTable() {
    for (int c = '0'; c <= '9'; ++c) allowed[c] = true;
    for (int c = 'a'; c <= 'z'; ++c) allowed[c] = true;
    for (int c = 'A'; c <= 'Z'; ++c) allowed[c] = true;
    for (unsigned char c :
         {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'}) {
      allowed[c] = true;
    }
  }
};
constexpr TokenTable kToken;

kj::String toLower(kj::StringPtr text) {
  auto result = kj::heapString(text);
  for (char& c : result) c = lower(c);
  return result;
}

}  // namespace

bool isToken(kj::ArrayPtr<const char> text) {
  for (char c : text) {
    if (!kToken.allowed[static_cast<unsigned char>(c)]) return false;
  }
  return text.size() > 0;
}

bool isFieldValue(kj::ArrayPtr<const char> text) {
  for (char c : text) {
    if (c == '\0' || c == '\r' || c == '\n') return false;
  }
  return true;
}

bool equalsIgnoringCase(kj::StringPtr a, kj::StringPtr b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

HeaderList::HeaderList(const kj::HttpHeaders& headers) {
  size_t bytes = 0;
  size_t count = 0;
  headers.forEach([&](kj::StringPtr name, kj::StringPtr value) {
    bytes += name.size() + value.size() + 2;
    ++count;
  });
  block_ = kj::heapArray<char>(bytes);
  entries_.reserve(count);
  char* at = block_.begin();
  auto place = [&](kj::StringPtr text) {
    memcpy(at, text.begin(), text.size());
    at[text.size()] = '\0';
    kj::StringPtr placed(at, text.size());
    at += text.size() + 1;
    return placed;
  };
  headers.forEach([&](kj::StringPtr name, kj::StringPtr value) {
    auto placedName = place(name);
    entries_.add(Entry{placedName, place(value), nullptr});
  });
}

kj::Own<HeaderList> HeaderList::copy() const {
  auto result = kj::refcounted<HeaderList>();
  for (auto& entry : entries_) result->append(entry.name, entry.value);
  return result;
}

kj::Maybe<kj::String> HeaderList::get(kj::StringPtr name) const {
  kj::Maybe<kj::String> result;
  for (auto& entry : entries_) {
    if (!equalsIgnoringCase(entry.name, name)) continue;
    KJ_IF_MAYBE(soFar, result) {
      *soFar = kj::str(*soFar, ", ", entry.value);
    } else {
      result = kj::str(entry.value);
    }
  }
  return result;
}

bool HeaderList::has(kj::StringPtr name) const {
  for (auto& entry : entries_) {
    if (equalsIgnoringCase(entry.name, name)) return true;
  }
  return false;
}

void HeaderList::append(kj::StringPtr name, kj::StringPtr value) {
  if (entries_.size() >= kHeadersMax) {
    throw js::Error::range("Headers: there are ", entries_.size(), " already; the most is ",
                           kHeadersMax, ".");
  }
  auto owned = kj::heapString(name.size() + 1 + value.size());
  memcpy(owned.begin(), name.begin(), name.size() + 1);
  memcpy(owned.begin() + name.size() + 1, value.begin(), value.size());
  kj::StringPtr ownName(owned.begin(), name.size());
  kj::StringPtr ownValue(owned.begin() + name.size() + 1, value.size());
  ++changes_;
  entries_.add(Entry{ownName, ownValue, kj::mv(owned)});
}

// https://fetch.spec.whatwg.org/#concept-header-list-set
void HeaderList::set(kj::StringPtr name, kj::StringPtr value) {
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (!equalsIgnoringCase(entries_[i].name, name)) continue;
    // The first keeps its place and spelling; later ones go.
    auto spelling = kj::str(entries_[i].name);
    append(spelling, value);
    auto replaced = kj::mv(entries_.back());
    entries_.removeLast();
    entries_[i] = kj::mv(replaced);
    size_t kept = i + 1;
    for (size_t j = i + 1; j < entries_.size(); ++j) {
      if (equalsIgnoringCase(entries_[j].name, name)) continue;
      if (kept != j) entries_[kept] = kj::mv(entries_[j]);
      ++kept;
    }
    entries_.truncate(kept);
    return;
  }
  append(name, value);
}

void HeaderList::remove(kj::StringPtr name) {
  ++changes_;
  size_t kept = 0;
  for (size_t i = 0; i < entries_.size(); ++i) {
    if (equalsIgnoringCase(entries_[i].name, name)) continue;
    if (kept != i) entries_[kept] = kj::mv(entries_[i]);
    ++kept;
  }
  entries_.truncate(kept);
}

kj::Array<HeaderList::Combined> HeaderList::sortAndCombine() const {
  struct Row {
    kj::String name;
    kj::StringPtr value;
  };
  auto rows = KJ_MAP(entry, entries_) {
    return Row{toLower(entry.name), entry.value};
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.name < b.name; });
  kj::Vector<Combined> result(rows.size());
  for (auto& row : rows) {
    if (result.size() > 0 && result.back().name == row.name && row.name != "set-cookie") {
      result.back().value = kj::str(result.back().value, ", ", row.value);
    } else {
      result.add(Combined{kj::mv(row.name), kj::str(row.value)});
    }
  }
  return result.releaseAsArray();
}

void HeaderList::addTo(kj::HttpHeaders& target) const {
  for (auto& entry : entries_) target.add(entry.name, entry.value);
}

}  // namespace ocapd::api
