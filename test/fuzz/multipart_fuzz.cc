// Reads whatever bytes as form data: nothing may crash, and what was read can be written and is
// read again as the same.

#include <stddef.h>
#include <stdint.h>

#include <kj/debug.h>

#include "src/api/forms/mime_type.h"
#include "src/api/forms/multipart.h"
#include "src/js/error.h"

namespace ocapd::api {
namespace {

kj::Array<kj::byte> write(const kj::Vector<MultipartPart>& parts, MultipartWriter& writer) {
  for (auto& part : parts) {
    KJ_IF_MAYBE(filename, part.filename) {
      writer.addFile(part.name, *filename, part.contentType, part.content);
    } else {
      writer.addText(part.name, kj::heapString(part.content.asChars()));
    }
  }
  return writer.finish();
}

// The first line is a Content-Type, the rest the body.
void readAndWrite(kj::ArrayPtr<const kj::byte> input) {
  size_t end = 0;
  while (end < input.size() && input[end] != '\n') ++end;
  auto header = kj::heapString(input.slice(0, end).asChars());
  auto body = input.slice(kj::min(end + 1, input.size()), input.size());
  kj::String boundary = kj::str("x");
  KJ_IF_MAYBE(type, MimeType::parse(header)) {
    auto again = KJ_ASSERT_NONNULL(MimeType::parse(type->serialized()), header);
    KJ_ASSERT(again.essence == type->essence);
    KJ_IF_MAYBE(given, type->parameter("boundary")) {
      boundary = kj::str(*given);
    }
  }
  try {
    auto parts = parseMultipart(body, boundary);
    MultipartWriter writer;
    auto written = write(parts, writer);
    KJ_ASSERT(parseMultipart(written, writer.boundary()).size() == parts.size());
  } catch (js::Error&) {
    // Malformed, which is no mistake of ours.
  }
}

}  // namespace
}  // namespace ocapd::api

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ocapd::api::readAndWrite(kj::arrayPtr(data, size));
  return 0;
}
