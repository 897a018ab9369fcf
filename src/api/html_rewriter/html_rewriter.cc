#include "src/api/html_rewriter/html_rewriter.h"

#include <v8-typed-array.h>

#include "src/api/fetch/response.h"
#include "src/api/forms/mime_type.h"
#include "src/api/html_rewriter/html_rewriter_js.h"
#include "src/api/io/report_error.h"
#include "src/api/io/worker_host.h"

namespace ocapd::api {

namespace {

// A binary string has a character for each byte.

v8::Local<v8::Value> toBinary(js::Turn& turn, js::BufferSource source) {
  if (source.bytes.size() > size_t(v8::String::kMaxLength)) {
    throw js::Error::range("HTMLRewriter: a chunk of ", source.bytes.size(),
                           " bytes is too large; use smaller ones.");
  }
  return turn.check(v8::String::NewFromOneByte(
      turn.v8, source.bytes.begin(), v8::NewStringType::kNormal, int(source.bytes.size())));
}

kj::Array<kj::byte> bytesOf(js::Turn& turn, v8::Local<v8::String> binary) {
  auto bytes = kj::heapArray<kj::byte>(size_t(binary->Length()));
  binary->WriteOneByteV2(turn.v8, 0, uint32_t(bytes.size()), bytes.begin());
  return bytes;
}

v8::Local<v8::Value> fromBinary(js::Turn& turn, v8::Local<v8::String> binary) {
  auto size = size_t(binary->Length());
  auto buffer = v8::ArrayBuffer::New(turn.v8, size);
  binary->WriteOneByteV2(turn.v8, 0, uint32_t(size), static_cast<uint8_t*>(buffer->Data()));
  return v8::Uint8Array::New(buffer, 0, size);
}

v8::Local<v8::Value> utf8ToBinary(js::Turn& turn, js::UsvString text) {
  return toBinary(turn,
                  {kj::arrayPtr(reinterpret_cast<kj::byte*>(text.text.begin()), text.text.size())});
}

v8::Local<v8::Value> binaryToUtf8(js::Turn& turn, v8::Local<v8::String> binary) {
  return turn.string(bytesOf(turn, binary).asChars());
}

kj::Maybe<kj::String> charsetOf(kj::String contentType) {
  KJ_IF_MAYBE(type, MimeType::parse(contentType)) {
    KJ_IF_MAYBE(charset, type->parameter("charset")) {
      return kj::str(*charset);
    }
  }
  return nullptr;
}

bool isResponse(js::Turn& turn, AnyValue value) {
  return turn.unwrap<Response>(value.value) != nullptr;
}

bool esiIsVoid(js::Turn& turn) {
  return WorkerHost::of(turn).has(compat::CompatFlag::HtmlRewriterTreatsEsiIncludeAsVoidTag);
}

constexpr js::Member kNatives[] = {
    js::function<&binaryToUtf8>("binaryToUtf8"), js::function<&charsetOf>("charsetOf"),
    js::function<&esiIsVoid>("esiIsVoid"),       js::function<&fromBinary>("fromBinary"),
    js::function<&isResponse>("isResponse"),     js::function<&toBinary>("toBinary"),
    js::function<&utf8ToBinary>("utf8ToBinary"),
};

}  // namespace

constinit const js::Builtin kHtmlRewriter{
    .name = "HTMLRewriter", .source = kHtmlRewriterJs, .natives = kNatives};

}  // namespace ocapd::api
