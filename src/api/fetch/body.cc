#include "src/api/fetch/body.h"

#include <cppgc/persistent.h>
#include <v8-array-buffer.h>
#include <v8-json.h>
#include <v8-typed-array.h>

#include "src/api/forms/form_data.h"
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
  if (auto* blob = turn.unwrap<Blob>(init)) {
    content.bytes = blob->share();
    content.madeContentType = kj::str(blob->type());
    return content;
  }
  if (auto* form = turn.unwrap<FormData>(init)) {
    auto encoded = form->encode();
    content.bytes = kj::refcounted<SharedBytes>(kj::mv(encoded.bytes));
    content.madeContentType = kj::mv(encoded.contentType);
    return content;
  }
  KJ_IF_MAYBE(stream, ReadableStream::from(turn, init)) {
    // Texts pinned by the reference.
    if (stream->disturbed(turn)) {
      throw js::Error::type(
          "This ReadableStream is disturbed (has already been read from), and "
          "cannot be used as a body.");
    }
    if (stream->locked(turn)) {
      throw js::Error::type(
          "This ReadableStream is locked to a reader, and cannot be used as a body.");
    }
    content.stream = stream->object;
    return content;
  }
  content.bytes = utf8Bytes(turn, turn.check(init->ToString(turn.context)));
  content.contentType = "text/plain;charset=UTF-8"_kj;
  return content;
}

void Body::Content::addTypeTo(HeaderList& headers) const {
  if (contentType == nullptr && madeContentType.size() == 0) return;
  if (headers.has("Content-Type")) return;
  KJ_IF_MAYBE(type, contentType) {
    headers.appendLiteral("Content-Type", *type);
  } else {
    headers.append("Content-Type", madeContentType);
  }
}

void Body::setContent(js::Turn& turn, Content content) {
  bytes_ = kj::mv(content.bytes);
  source_ = content.source;
  if (!content.stream.IsEmpty()) stream_.Reset(turn.v8, content.stream);
}

void Body::Trace(cppgc::Visitor* visitor) const {
  js::Object::Trace(visitor);
  visitor->Trace(source_);
  visitor->Trace(stream_);
}

bool Body::bodyUsed(js::Turn& turn) {
  return used_ || (!stream_.IsEmpty() && stream(turn).disturbed(turn));
}

void Body::requireUnused(js::Turn& turn) {
  if (bodyUsed(turn)) {
    throw js::Error::type(
        "Body has already been used. It can only be used once. Use tee() first "
        "if you need to read it twice.");
  }
  if (!stream_.IsEmpty() && stream(turn).locked(turn)) {
    throw js::Error::type("This ReadableStream is currently locked to a reader.");
  }
}

v8::Local<v8::Value> Body::body(js::Turn& turn) {
  if (!stream_.IsEmpty()) return stream_.Get(turn.v8);
  if (!hasBody()) return v8::Null(turn.v8);
  NativeSource* source = source_.Get();
  KJ_IF_MAYBE(bytes, bytes_) {
    source = turn.make<NativeSource>(kj::mv(*bytes));
  }
  auto made = ReadableStream::create(turn, *source);
  if (used_) made.takeSource(turn);
  bytes_ = nullptr;
  source_ = nullptr;
  stream_.Reset(turn.v8, made.object);
  return made.object;
}

Body::Outgoing Body::takeOutgoing(js::Turn& turn) {
  Outgoing result;
  if (!hasBody()) return result;
  requireUnused(turn);
  NativeSource* source = source_.Get();
  used_ = true;
  KJ_IF_MAYBE(bytes, bytes_) {
    result.length = (*bytes)->bytes.size();
    result.bytes = kj::addRef(**bytes);
    return result;
  }
  if (!stream_.IsEmpty()) {
    auto stream = this->stream(turn);
    source = stream.takeSource(turn);
    if (source == nullptr) {
      result.length = stream.length(turn);
      result.stream = stream.take(turn);
      return result;
    }
  }
  result.length = source->length();
  result.bytes = source->sharedBytes();
  if (result.bytes == nullptr) {
    auto coded = source->takeCoded(turn);
    result.length = coded.length;
    result.coding = coded.coding;
    result.stream = kj::mv(coded.stream);
  }
  return result;
}

void Body::Outgoing::recode(ContentCoding target) {
  if (coding == target || (bytes == nullptr && stream == nullptr)) return;
  KJ_IF_MAYBE(whole, bytes) {
    stream = newSharedBytesStream(kj::mv(*whole));
    bytes = nullptr;
  }
  auto plain = newDecodingStream(kj::mv(KJ_ASSERT_NONNULL(stream)), coding);
  stream = newEncodingStream(kj::mv(plain), target);
  coding = target;
  length = nullptr;
}

Body::Content Body::moveOut(js::Turn& turn) {
  Content moved;
  if (!hasBody()) return moved;
  requireUnused(turn);
  used_ = true;
  KJ_IF_MAYBE(bytes, bytes_) {
    moved.bytes = kj::addRef(**bytes);
  } else if (source_) {
    moved.source = source_.Get();
  } else {
    moved.source = stream(turn).takeSource(turn);
    if (moved.source == nullptr) moved.stream = stream(turn).proxy(turn).object;
  }
  return moved;
}

Body::Content Body::tee(js::Turn& turn) {
  requireUnused(turn);
  Content copy;
  KJ_IF_MAYBE(bytes, bytes_) {
    copy.bytes = kj::addRef(**bytes);
  } else if (source_) {
    auto [mine, theirs] = source_->tee(turn);
    source_ = mine;
    copy.source = theirs;
  } else if (!stream_.IsEmpty()) {
    auto [mine, theirs] = stream(turn).tee(turn);
    stream_.Reset(turn.v8, mine.object);
    copy.stream = theirs.object;
  }
  return copy;
}

template <typename Make>
js::Promise Body::consume(js::Turn& turn, Make make) {
  if (!hasBody()) return turn.resolved(make(turn, kj::ArrayPtr<const kj::byte>()));
  requireUnused(turn);
  used_ = true;
  KJ_IF_MAYBE(bytes, bytes_) {
    return turn.resolved(make(turn, (*bytes)->bytes));
  }
  NativeSource* source = source_.Get();
  if (source == nullptr) source = stream(turn).takeSource(turn);
  if (source == nullptr) return stream(turn).readAll(turn, kReadBytesMax, kj::mv(make));
  KJ_IF_MAYBE(bytes, source->sharedBytes()) {
    return turn.resolved(make(turn, (*bytes)->bytes));
  }
  return consumeSource(turn, *source, kj::mv(make));
}

js::Promise Body::consumeSource(js::Turn& turn, NativeSource& source, ReadableStream::Make make) {
  auto& context = IoContext::current(turn);
  auto length = source.length();
  auto stream = source.take(turn);
  auto allRead = readAll(*stream, length, kReadBytesMax).attach(kj::mv(stream));
  cppgc::Persistent<NativeSource> taken(&source);
  return context.awaitIo(
      turn, kj::mv(allRead),
      [make = kj::mv(make)](js::Turn& inner, kj::Array<kj::byte> bytes) mutable {
        return make(inner, bytes);
      },
      [taken](js::Turn& inner, kj::Exception&& exception) -> v8::Local<v8::Value> {
        KJ_IF_MAYBE(reason, taken->abortReason(inner)) {
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

// https://fetch.spec.whatwg.org/#dom-body-formdata
js::Promise Body::formData(js::Turn& turn) {
  if (hasBody()) requireUnused(turn);
  auto given = contentType();
  // Texts pinned by the reference.
  if (given == nullptr) {
    throw js::Error::type("Parsing a Body as FormData requires a Content-Type header.");
  }
  auto type = MimeType::parse(KJ_ASSERT_NONNULL(given));
  KJ_IF_MAYBE(known, type) {
    if (FormData::canParse(*known)) {
      return consume(
          turn,
          [type = kj::mv(*known)](js::Turn& inner, kj::ArrayPtr<const kj::byte> bytes)
              -> v8::Local<v8::Value> { return inner.wrap(*FormData::parse(inner, bytes, type)); });
    }
  }
  throw js::Error::type(
      "Unrecognized Content-Type header value. FormData can only parse the following MIME types: "
      "multipart/form-data, application/x-www-form-urlencoded");
}

// https://fetch.spec.whatwg.org/#dom-body-blob
js::Promise Body::blob(js::Turn& turn) {
  kj::String text;
  KJ_IF_MAYBE(given, contentType()) {
    KJ_IF_MAYBE(type, MimeType::parse(*given)) {
      text = type->serialized();
    }
  }
  return consume(
      turn,
      [text = kj::mv(text)](js::Turn& inner,
                            kj::ArrayPtr<const kj::byte> bytes) mutable -> v8::Local<v8::Value> {
        auto copy = kj::refcounted<SharedBytes>(kj::heapArray<kj::byte>(bytes));
        return inner.wrap(*inner.make<Blob>(inner, kj::mv(copy), kj::mv(text)));
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
    js::method<&Body::formData>("formData"),
    js::method<&Body::blob>("blob"),
};

}  // namespace

constinit const js::Class Body::kClass{
    .name = kClassName,
    .spec = "https://fetch.spec.whatwg.org/#body-mixin",
    .members = kMembers,
};

}  // namespace ocapd::api
