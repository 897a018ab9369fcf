// Body: what Request and Response share: bytes or a stream, read once.
//
// Owns      the bytes, or the stream object; a stream's source belongs to the event.
// Limits    kReadBytesMax for text(), json(), arrayBuffer() and bytes().
// Errors    a second use rejects with TypeError.
// Spec      https://fetch.spec.whatwg.org/#body-mixin
#pragma once

#include "src/api/fetch/header_list.h"
#include "src/api/streams/readable_stream.h"
#include "src/js/class.h"

namespace ocapd::api {

class Body : public js::Object {
 public:
  static constexpr const char* kClassName = "Body";
  static const js::Class kClass;
  static constexpr size_t kReadBytesMax = 512u << 20;

  // A body as it is given to a constructor.
  struct Content {
    kj::Maybe<kj::Own<SharedBytes>> bytes;
    ReadableStream* stream = nullptr;  // instead of bytes
    kj::Maybe<kj::StringPtr> contentType;

    bool isNull() const { return bytes == nullptr && stream == nullptr; }
  };
  // https://fetch.spec.whatwg.org/#bodyinit-safely-extract. Null and undefined give no body.
  static Content extract(js::Turn& turn, v8::Local<v8::Value> init);

  // A body on its way out, free of JavaScript. `stream` keeps what it reads from alive.
  struct Outgoing {
    kj::Maybe<kj::Own<SharedBytes>> bytes;
    kj::Maybe<kj::Own<kj::AsyncInputStream>> stream;
    kj::Maybe<uint64_t> length;  // none: not known before the end
  };
  // Takes the body for sending; it counts as used. Throws TypeError when it is used or locked.
  Outgoing takeOutgoing(js::Turn& turn);

  // ---- JavaScript ----
  ReadableStream* body(js::Turn& turn);
  bool bodyUsed() const;
  js::Promise arrayBuffer(js::Turn& turn);
  js::Promise bytes(js::Turn& turn);
  js::Promise text(js::Turn& turn);
  js::Promise json(js::Turn& turn);

  bool hasBody() const { return bytes_ != nullptr || stream_; }
  // The same content for a clone; this body stays readable.
  Content tee(js::Turn& turn);
  void setContent(Content content);

  void Trace(cppgc::Visitor* visitor) const override;

 protected:
  explicit Body(Content content) { setContent(kj::mv(content)); }

 private:
  // Reads everything; `make(turn, bytes)` gives what the promise resolves to.
  template <typename Make>
  js::Promise consume(js::Turn& turn, Make make);
  void requireUnused() const;

  kj::Maybe<kj::Own<SharedBytes>> bytes_;  // until somebody asks for a stream
  cppgc::Member<ReadableStream> stream_;
  bool used_ = false;  // for bytes_; a stream knows by itself
};

}  // namespace ocapd::api
