#include "src/api/forms/blob.h"

#include <math.h>
#include <string.h>
#include <v8-array-buffer.h>
#include <v8-typed-array.h>

#include "src/js/isolate.h"
#include "src/js/sequence.h"

namespace ocapd::api {

namespace {

v8::Local<v8::ArrayBuffer> toArrayBuffer(js::Turn& turn, kj::ArrayPtr<const kj::byte> bytes) {
  auto buffer = v8::ArrayBuffer::New(turn.v8, bytes.size());
  if (bytes.size() > 0) memcpy(buffer->Data(), bytes.begin(), bytes.size());
  return buffer;
}

kj::Array<const kj::byte> toBytes(kj::String text) {
  auto chars = text.releaseArray();
  auto bytes = kj::arrayPtr(reinterpret_cast<const kj::byte*>(chars.begin()),
                            chars.size() == 0 ? 0 : chars.size() - 1);
  return bytes.attach(kj::mv(chars));
}

// https://w3c.github.io/FileAPI/#convert-line-endings-to-native
kj::String withNativeEndings(kj::StringPtr text) {
  kj::Vector<char> result(text.size() + 1);
  for (size_t i = 0; i < text.size(); ++i) {
    bool isReturn = text[i] == '\r';
    if (isReturn && i + 1 < text.size() && text[i + 1] == '\n') ++i;
    result.add(isReturn ? '\n' : text[i]);
  }
  return kj::heapString(result.begin(), result.size());
}

// https://w3c.github.io/FileAPI/#slice-blob, steps 1 and 2, with Web IDL's [Clamp]
size_t clampIndex(kj::Maybe<double> given, size_t size, size_t byDefault) {
  KJ_IF_MAYBE(number, given) {
    if (isnan(*number)) return 0;
    double whole = nearbyint(*number);
    double index = whole < 0 ? kj::max(whole + double(size), 0.0) : kj::min(whole, double(size));
    return size_t(index);
  }
  return byDefault;
}

}  // namespace

kj::String normalBlobType(kj::Maybe<kj::String> type) {
  KJ_IF_MAYBE(given, type) {
    for (char& c : *given) {
      if (c < 0x20 || c > 0x7E) return kj::String();
      if (c >= 'A' && c <= 'Z') c = char(c + 32);
    }
    return kj::mv(*given);
  }
  return kj::String();
}

kj::Own<SharedBytes> BlobParts::join(Endings endings) {
  kj::Vector<kj::Own<SharedBytes>> pieces(parts_.size());
  size_t total = 0;
  for (auto& part : parts_) {
    KJ_SWITCH_ONEOF(part) {
      KJ_CASE_ONEOF(text, kj::String) {
        if (endings == Endings::Native) text = withNativeEndings(text);
        pieces.add(kj::refcounted<SharedBytes>(toBytes(kj::mv(text))));
      }
      KJ_CASE_ONEOF(bytes, kj::Array<kj::byte>) {
        pieces.add(kj::refcounted<SharedBytes>(kj::mv(bytes)));
      }
      KJ_CASE_ONEOF(shared, kj::Own<SharedBytes>) {
        pieces.add(kj::mv(shared));
      }
    }
    total += pieces.back()->bytes.size();
    if (total > Blob::kBytesMax) {
      throw js::Error::range("Blob: the parts have more than ", Blob::kBytesMax,
                             " bytes together; make it of fewer or smaller ones.");
    }
  }
  if (pieces.size() == 1) return kj::mv(pieces[0]);
  auto joined = kj::heapArray<kj::byte>(total);
  size_t at = 0;
  for (auto& piece : pieces) {
    size_t count = piece->bytes.size();
    if (count > 0) memcpy(joined.begin() + at, piece->bytes.begin(), count);
    at += count;
  }
  return kj::refcounted<SharedBytes>(kj::mv(joined));
}

// Differs: the reference refuses the field.
BlobParts::Endings toEndings(kj::Maybe<kj::StringPtr> endings) {
  KJ_IF_MAYBE(given, endings) {
    if (*given == "native") return BlobParts::Endings::Native;
    if (*given != "transparent") {
      throw js::Error::type("Blob: endings is \"", *given,
                            "\"; it must be \"transparent\" or \"native\".");
    }
  }
  return BlobParts::Endings::Transparent;
}

Blob::Blob(js::Turn& turn, kj::Own<SharedBytes> bytes, kj::String type)
    : bytes_(kj::mv(bytes)), type_(kj::mv(type)) {
  turn.isolate().addNativeGarbage(bytes_->bytes.size());
}

// https://w3c.github.io/FileAPI/#constructorBlob
Blob* Blob::create(js::Turn& turn, kj::Maybe<BlobParts> parts, kj::Maybe<Options> given) {
  auto options = kj::mv(given).orDefault({});
  auto type = normalBlobType(kj::mv(options.type));
  auto endings = toEndings(options.endings.map([](kj::String& text) { return text.asPtr(); }));
  KJ_IF_MAYBE(present, parts) {
    return turn.make<Blob>(turn, present->join(endings), kj::mv(type));
  }
  return turn.make<Blob>(turn, kj::refcounted<SharedBytes>(nullptr), kj::mv(type));
}

// https://w3c.github.io/FileAPI/#slice-method-algo
Blob* Blob::slice(js::Turn& turn, kj::Maybe<double> start, kj::Maybe<double> end,
                  kj::Maybe<kj::String> type) {
  auto all = content();
  size_t from = clampIndex(start, all.size(), 0);
  size_t to = kj::max(from, clampIndex(end, all.size(), all.size()));
  auto part = all.slice(from, to).attach(share());
  return turn.make<Blob>(turn, kj::refcounted<SharedBytes>(kj::mv(part)),
                         normalBlobType(kj::mv(type)));
}

js::Promise Blob::arrayBuffer(js::Turn& turn) {
  return turn.resolved(toArrayBuffer(turn, content()));
}

js::Promise Blob::bytes(js::Turn& turn) {
  return turn.resolved(v8::Uint8Array::New(toArrayBuffer(turn, content()), 0, content().size()));
}

// Differs from the standard: a byte order mark stays, as in the reference.
js::Promise Blob::text(js::Turn& turn) {
  return turn.resolved(turn.string(content().asChars()));
}

ReadableStream Blob::stream(js::Turn& turn) {
  return ReadableStream::create(turn, *turn.make<NativeSource>(share()));
}

namespace {

constexpr js::Member kMembers[] = {
    js::constructor<&Blob::create>(),
    js::getter<&Blob::size>("size"),
    js::getter<&Blob::type>("type"),
    js::method<&Blob::slice>("slice"),
    js::method<&Blob::arrayBuffer>("arrayBuffer"),
    js::method<&Blob::bytes>("bytes"),
    js::method<&Blob::text>("text"),
    js::method<&Blob::stream>("stream"),
};

}  // namespace

constinit const js::Class Blob::kClass{
    .name = kClassName,
    .spec = "https://w3c.github.io/FileAPI/#blob-section",
    .members = kMembers,
};

}  // namespace ocapd::api

namespace ocapd::js {

api::BlobParts Convert<api::BlobParts>::from(Turn& turn, v8::Local<v8::Value> value) {
  if (!value->IsObject()) throw TypeMismatch{kName};
  auto object = value.As<v8::Object>();
  auto method = iteratorMethod(turn, object);
  if (method->IsNullOrUndefined()) throw TypeMismatch{kName};
  kj::Vector<api::BlobParts::Part> parts;
  size_t total = 0;
  forEachElement(turn, object, method, [&](v8::Local<v8::Value> item) {
    if (auto* blob = turn.unwrap<api::Blob>(item)) {
      parts.add(blob->share());
      return;
    }
    // Copied at once: what comes next may change or detach it.
    if (item->IsArrayBufferView() || item->IsArrayBuffer()) {
      auto bytes = Convert<SharedBufferSource>::from(turn, item).bytes();
      total += bytes.size();
      parts.add(kj::heapArray<kj::byte>(bytes));
    } else {
      auto text = Convert<kj::String>::from(turn, item);
      total += text.size();
      parts.add(kj::mv(text));
    }
    if (total > api::Blob::kBytesMax) {
      throw Error::range("Blob: the parts have more than ", api::Blob::kBytesMax,
                         " bytes together; make it of fewer or smaller ones.");
    }
  });
  return api::BlobParts(kj::mv(parts));
}

}  // namespace ocapd::js
