#include "src/wire/error_details.h"

#include <kj/debug.h>
#include <kj/encoding.h>

namespace ocapd::wire {

namespace {

constexpr kj::StringPtr kRemote = "remote."_kj;
constexpr kj::StringPtr kMark = "ocapd-error:"_kj;

}  // namespace

kj::Exception asRemote(kj::Exception exception) {
  auto text = exception.getDescription();
  bool isTunnelled = text.startsWith("jsg.") || text.startsWith("broken.");
  if (isTunnelled) exception.setDescription(kj::str(kRemote, text));
  return exception;
}

void throwRemote(kj::Exception exception) {
  kj::throwFatalException(asRemote(kj::mv(exception)));
}

void attachDetail(kj::Exception& exception, kj::ArrayPtr<const kj::byte> serialized) {
  if (serialized.size() > kDetailBytesMax) return;
  exception.setRemoteTrace(kj::str(kMark, kj::encodeBase64(serialized)));
}

kj::Maybe<kj::Array<kj::byte>> findDetail(const kj::Exception& exception) {
  auto trace = exception.getRemoteTrace();
  if (trace == nullptr || !trace.startsWith(kMark)) return nullptr;
  auto text = trace.slice(kMark.size());
  if (text.size() > kDetailBytesMax * 2) return nullptr;
  auto decoded = kj::decodeBase64(text);
  if (decoded.hadErrors) return nullptr;
  return kj::Array<kj::byte>(kj::mv(decoded));
}

kj::String encodeTrace(const kj::Exception& exception) {
  auto trace = exception.getRemoteTrace();
  if (trace != nullptr && trace.startsWith(kMark)) return kj::str(trace);
  return kj::String();
}

}  // namespace ocapd::wire
