#include "src/api/crypto/usages.h"

#include "src/js/error.h"

namespace ocapd::api::crypto {

namespace {

kj::Maybe<Usage> findUsage(kj::StringPtr name) {
  for (uint8_t i = 0; i < sizeof(kUsageNames) / sizeof(kUsageNames[0]); ++i) {
    if (kUsageNames[i] == name) return Usage(i);
  }
  return nullptr;
}

}  // namespace

Usages knownUsages(const UsageNames& names) {
  Usages result;
  for (const kj::String& name : names) {
    KJ_IF_MAYBE(usage, findUsage(name)) {
      result.add(*usage);
    }
  }
  return result;
}

Usages checkUsages(const UsageNames& names, Usages allowed, kj::StringPtr attempt) {
  for (const kj::String& name : names) {
    bool isAllowed = false;
    KJ_IF_MAYBE(usage, findUsage(name)) {
      isAllowed = allowed.has(*usage);
    }
    // Pinned by the reference.
    if (!isAllowed) {
      throw js::Error::dom("SyntaxError", attempt, " key with invalid usage \"", name, "\".");
    }
  }
  return knownUsages(names);
}

}  // namespace ocapd::api::crypto
