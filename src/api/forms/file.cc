#include "src/api/forms/file.h"

#include <math.h>

#include <kj/time.h>

namespace ocapd::api {

namespace {

double nowMilliseconds() {
  auto sinceEpoch = kj::systemCoarseCalendarClock().now() - kj::UNIX_EPOCH;
  return double(sinceEpoch / kj::MILLISECONDS);
}

// https://webidl.spec.whatwg.org/#js-long-long, as far as a double is exact
double toInteger(double number) {
  constexpr double kMax = 9007199254740991.0;
  if (!(fabs(number) <= kMax)) return 0;
  return trunc(number) + 0.0;
}

}  // namespace

File* File::make(js::Turn& turn, kj::Own<SharedBytes> bytes, kj::String name, kj::String type) {
  return turn.make<File>(turn, kj::mv(bytes), kj::mv(name), kj::mv(type), nowMilliseconds());
}

// https://w3c.github.io/FileAPI/#file-constructor
File* File::create(js::Turn& turn, kj::Maybe<BlobParts> parts, kj::String name,
                   kj::Maybe<Options> givenOptions) {
  auto options = kj::mv(givenOptions).orDefault({});
  auto type = normalBlobType(kj::mv(options.type));
  auto endings = toEndings(options.endings.map([](kj::String& text) { return text.asPtr(); }));
  auto bytes = kj::refcounted<SharedBytes>(nullptr);
  KJ_IF_MAYBE(given, parts) {
    bytes = given->join(endings);
  }
  double modified = 0;
  KJ_IF_MAYBE(given, options.lastModified) {
    modified = toInteger(*given);
  } else {
    modified = nowMilliseconds();
  }
  return turn.make<File>(turn, kj::mv(bytes), kj::mv(name), kj::mv(type), modified);
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&File::create>(),
    js::getter<&File::name>("name"),
    js::getter<&File::lastModified>("lastModified"),
};

}  // namespace

constinit const js::Class File::kClass{
    .name = kClassName,
    .spec = "https://w3c.github.io/FileAPI/#file-section",
    .members = kMembers,
    .parent = &Blob::kClass,
};

}  // namespace ocapd::api
