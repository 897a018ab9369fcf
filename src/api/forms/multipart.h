// Multipart: form data as the bytes of a body, in both directions. No JavaScript.
//
// Limits    as many parts as there are in a body; memory grows with the body's size only.
// Errors    js::Error (TypeError) for what is malformed. Texts pinned by the reference.
// Spec      https://www.rfc-editor.org/rfc/rfc7578
#pragma once

#include <kj/array.h>
#include <kj/string.h>
#include <kj/vector.h>

namespace ocapd::api {

// A part that was read; `content` lies in the body.
struct MultipartPart {
  kj::String name;
  kj::Maybe<kj::String> filename;
  kj::String contentType;
  kj::ArrayPtr<const kj::byte> content;
};

// Differs from https://andreubotella.github.io/multipart-form-data/#parsing: lines may end in LF, a
// backslash escapes in names, and an empty file name is none, as in the reference.
kj::Vector<MultipartPart> parseMultipart(kj::ArrayPtr<const kj::byte> body, kj::StringPtr boundary);

// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
class MultipartWriter {
 public:
  MultipartWriter();  // with a random boundary

  kj::StringPtr boundary() const { return boundary_; }
  void addText(kj::StringPtr name, kj::StringPtr value);
  void addFile(kj::StringPtr name, kj::StringPtr filename, kj::StringPtr contentType,
               kj::ArrayPtr<const kj::byte> content);
  kj::Array<kj::byte> finish();

 private:
  void addHead(kj::StringPtr name);
  void addQuoted(kj::StringPtr text);
  void add(kj::ArrayPtr<const char> text) { bytes_.addAll(text.asBytes()); }

  kj::String boundary_;
  kj::Vector<kj::byte> bytes_;
};

}  // namespace ocapd::api
