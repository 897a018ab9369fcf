#include "src/api/fetch/body.h"

#include <cppgc/persistent.h>
#include <v8-array-buffer.h>
#include <v8-json.h>
#include <v8-typed-array.h>

#include "src/api/url/url_search_params.h"

namespace ocapd::api {

namespace {

kj::Own<SharedBytes> utf8Bytes(js::Turn& turn, v8::Local<v8::String> text) {
  auto string = turn.utf8(text);
  auto chars = string.releaseArray();
  auto bytes = kj::arrayPtr(reinterpret_cast<const kj::byte*>(chars.begin()),
                            chars.size() == 0 ? 0 : chars.size() - 1);
  return kj::refcounted<SharedBytes>(bytes.attach(kj::mv(chars)));
}

v8::Local<v8::ArrayBuffer> toArrayBuffer(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return buffer;
}

// https://encoding.spec.whatwg.org/#utf-8-decode: a leading byte order mark is dropped.
v8::Local<v8::String> toText(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  if (bytes.size() >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF) {
    bytes = bytes.slice(3, bytes.size());
  }
  return turn.string(bytes.asChars());
}

}  // namespace

Body::Content Body::extract(js::Turn& turn, v8::Local<v8::Value> init) {
  Content content;
  if (init->IsNullOrUndefined()) return content;
  if (init->IsString()) {
    content.bytes = utf8Bytes(turn, init.As<v8::String>());
    content.contentType = "text/plain;charset=UTF-8"_kj;
    return content;
  }
  if (auto* stream = turn.unwrap<ReadableStream>(init)) {
    if (stream->locked() || stream->disturbed()) {
      throw js::Error::type(
          "This ReadableStream is disturbed (has already been read from), and "
          "cannot be used as a body.");
    }
    content.stream = stream;
    return content;
  }
  if (init->IsArrayBuffer() || init->IsArrayBufferView()) {
    auto source = js::Convert<js::BufferSource>::from(turn, init);
    content.bytes = kj::refcounted<SharedBytes>(kj::heapArray<kj::byte>(source.bytes));
    return content;
  }
  if (auto* params = turn.unwrap<UrlSearchParams>(init)) {
    auto text = params->toString();
    content.bytes = kj::refcounted<SharedBytes>(
        kj::heapArray<kj::byte>(kj::arrayPtr(text.data(), text.size()).asBytes()));
    content.contentType = "application/x-www-form-urlencoded;charset=UTF-8"_kj;
    return content;
  }
  content.bytes = utf8Bytes(turn, turn.check(init->ToString(turn.context)));
  content.contentType = "text/plain;charset=UTF-8"_kj;
  return content;
}

void Body::setContent(Content content) {
  bytes_ = kj::mv(content.bytes);
  stream_ = content.stream;
}

void Body::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(stream_);
}

bool Body::bodyUsed() const {
  return used_ || (stream_ && stream_->disturbed());
}

void Body::requireUnused() const {
  if (bodyUsed()) {
    throw js::Error::type(
        "Body has already been used. It can only be used once. Use tee() first "
        "if you need to read it twice.");
  }
  if (stream_ && stream_->locked()) {
    throw js::Error::type("This ReadableStream is currently locked to a reader.");
  }
}

ReadableStream* Body::body(js::Turn& turn) {
  if (!stream_) {
    KJ_IF_MAYBE(bytes, bytes_) {
      auto* stream = turn.make<ReadableStream>(kj::mv(*bytes));
      stream_ = stream;
      bytes_ = nullptr;
      if (used_) stream->detach(turn);
    }
  }
  return stream_.Get();
}

Body::Outgoing Body::takeOutgoing(js::Turn& turn) {
  Outgoing result;
  if (!hasBody()) return result;
  requireUnused();
  KJ_IF_MAYBE(bytes, bytes_) {
    used_ = true;
    result.length = (*bytes)->bytes.size();
    result.bytes = kj::addRef(**bytes);
    return result;
  }
  result.length = stream_->length();
  result.stream = stream_->detach(turn);
  return result;
}

Body::Content Body::tee(js::Turn& turn) {
  requireUnused();
  Content copy;
  KJ_IF_MAYBE(bytes, bytes_) {
    copy.bytes = kj::addRef(**bytes);
  } else if (stream_) {
    auto [mine, theirs] = stream_->split(turn);
    stream_ = mine;
    copy.stream = theirs;
  }
  return copy;
}

template <typename Make>
js::Promise Body::consume(js::Turn& turn, Make make) {
  if (!hasBody()) return turn.resolved(make(turn, kj::ArrayPtr<const kj::byte>()));
  requireUnused();
  KJ_IF_MAYBE(bytes, bytes_) {
    used_ = true;
    return turn.resolved(make(turn, (*bytes)->bytes));
  }
  auto& context = IoContext::current(turn);
  auto length = stream_->length();
  auto source = stream_->detach(turn);
  auto allRead = readAll(*source, length, kReadBytesMax).attach(kj::mv(source));
  cppgc::Persistent<ReadableStream> stream(stream_.Get());
  return context.awaitIo(
      turn, kj::mv(allRead),
      [make](js::Turn& inner, kj::Array<kj::byte> bytes) mutable { return make(inner, bytes); },
      [stream](js::Turn& inner, kj::Exception&& exception) -> v8::Local<v8::Value> {
        KJ_IF_MAYBE(reason, stream->abortReason(inner)) {
          return *reason;
        }
        return js::toJs(inner, kj::mv(exception));
      });
}

js::Promise Body::arrayBuffer(js::Turn& turn) {
  return consume(turn,
                 [](js::Turn& inner, kj::ArrayPtr<const kj::byte> bytes) -> v8::Local<v8::Value> {
                   return toArrayBuffer(inner, bytes);
                 });
}

js::Promise Body::bytes(js::Turn& turn) {
  return consume(turn,
                 [](js::Turn& inner, kj::ArrayPtr<const kj::byte> bytes) -> v8::Local<v8::Value> {
                   return v8::Uint8Array::New(toArrayBuffer(inner, bytes), 0, bytes.size());
                 });
}

js::Promise Body::text(js::Turn& turn) {
  return consume(turn,
                 [](js::Turn& inner, kj::ArrayPtr<const kj::byte> bytes) -> v8::Local<v8::Value> {
                   return toText(inner, bytes);
                 });
}

js::Promise Body::json(js::Turn& turn) {
  return consume(turn,
                 [](js::Turn& inner, kj::ArrayPtr<const kj::byte> bytes) -> v8::Local<v8::Value> {
                   return inner.check(v8::JSON::Parse(inner.context, toText(inner, bytes)));
                 });
}

namespace {

constexpr js::Member kMembers[] = {
    js::getter<&Body::body>("body"),
    js::getter<&Body::bodyUsed>("bodyUsed"),
    js::method<&Body::arrayBuffer>("arrayBuffer"),
    js::method<&Body::bytes>("bytes"),
    js::method<&Body::text>("text"),
    js::method<&Body::json>("json"),
};

}  // namespace

constinit const js::Class Body::kClass{
    .name = kClassName,
    .spec = "https://fetch.spec.whatwg.org/#body-mixin",
    .members = kMembers,
};

}  // namespace ocapd::api
