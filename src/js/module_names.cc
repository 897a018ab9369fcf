#include "src/js/module_names.h"

#include <ada.h>

#include <kj/vector.h>

namespace ocapd::js {

namespace {

constexpr kj::StringPtr kBundle = "file:///bundle/"_kj;

// "a/../b.js" without the dots; none when it leaves the bundle.
kj::Maybe<kj::String> withoutDots(kj::ArrayPtr<const char> rest) {
  kj::Vector<kj::ArrayPtr<const char>> parts;
  while (true) {
    size_t end = 0;
    while (end < rest.size() && rest[end] != '/') ++end;
    auto part = rest.slice(0, end);
    if (part == ".."_kj.asArray()) {
      if (parts.empty()) return nullptr;
      parts.removeLast();
    } else if (part.size() > 0 && part != "."_kj.asArray()) {
      parts.add(part);
    }
    if (end == rest.size()) break;
    rest = rest.slice(end + 1, rest.size());
  }
  return kj::strArray(parts, "/");
}

kj::ArrayPtr<const char> folderOf(kj::StringPtr path) {
  KJ_IF_MAYBE(slash, path.findLast('/')) {
    return path.slice(0, *slash + 1);
  }
  return nullptr;
}

kj::Maybe<kj::String> parseUrl(kj::StringPtr specifier, kj::StringPtr base) {
  auto baseUrl = ada::parse<ada::url_aggregator>({base.begin(), base.size()});
  auto url = ada::parse<ada::url_aggregator>({specifier.begin(), specifier.size()},
                                             baseUrl ? &*baseUrl : nullptr);
  if (!url) return nullptr;
  auto href = url->get_href();
  return kj::heapString(href.data(), href.size());
}

}  // namespace

bool hasScheme(kj::StringPtr specifier) {
  for (size_t i = 0; i < specifier.size(); ++i) {
    char c = specifier[i];
    if (c == ':') return i > 0;
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    if (!letter && (i == 0 || !other)) return false;
  }
  return false;
}

kj::Maybe<kj::String> ModuleNames::ofBundled(kj::StringPtr name) const {
  if (registry_ == ModuleRegistry::Urls) return parseUrl(name, kBundle);
  if (name.startsWith("/")) return nullptr;
  if (hasScheme(name)) return kj::str(name);  // it takes the place of a built-in module
  return withoutDots(name);
}

kj::Maybe<kj::String> ModuleNames::resolve(kj::StringPtr specifier, kj::StringPtr referrer) const {
  if (registry_ == ModuleRegistry::Urls) return parseUrl(specifier, referrer);
  // A leading "/" is the bundle's root; everything else is relative to the importer's folder.
  if (specifier.startsWith("/")) return withoutDots(specifier);
  return withoutDots(kj::str(folderOf(referrer), specifier));
}

kj::String ModuleNames::withoutInstance(kj::StringPtr name) const {
  if (registry_ == ModuleRegistry::Legacy) return kj::str(name);
  size_t end = 0;
  while (end < name.size() && name[end] != '?' && name[end] != '#') ++end;
  return kj::heapString(name.begin(), end);
}

kj::String ModuleNames::notFound(kj::StringPtr specifier, kj::StringPtr referrer) const {
  if (registry_ == ModuleRegistry::Urls) {
    return kj::str("Module not found: ",
                   resolve(specifier, referrer).orDefault(kj::str(specifier)));
  }
  KJ_IF_MAYBE(resolved, resolve(specifier, referrer)) {
    // A scheme's specifier is told as it is, unless it looks like a path.
    bool path = !hasScheme(specifier) || specifier.findFirst('/') != nullptr;
    return kj::str("No such module \"", path ? kj::StringPtr(*resolved) : specifier, "\".");
  }
  return kj::str("No such module \"", specifier, "\"");
}

kj::String ModuleNames::filename(kj::StringPtr name) const {
  if (registry_ == ModuleRegistry::Legacy) return kj::str("/", name);
  if (!name.startsWith("file://")) return kj::str(name);
  return withoutInstance(name.slice(7));
}

kj::String ModuleNames::dirname(kj::StringPtr name) const {
  auto file = filename(name);
  auto folder = folderOf(file);
  if (folder.size() > 1) folder = folder.slice(0, folder.size() - 1);
  return kj::str(folder);
}

}  // namespace ocapd::js
