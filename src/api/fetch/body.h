// Body: what Request and Response share: bytes or a stream, read once.
//
// Owns      the bytes, the native source, or the stream object that JavaScript has asked for; a
//           source's stream belongs to the event.
// Limits    kReadBytesMax for what reads it whole: text(), formData() and the like.
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
    NativeSource* source = nullptr;  // instead of bytes
    v8::Local<v8::Object> stream;    // a ReadableStream, instead of both; tidy: local: a parameter
    kj::Maybe<kj::StringPtr> contentType;  // text that outlives every body
    kj::String madeContentType;            // instead, when not empty

    // Unless there is one.
    void addTypeTo(HeaderList& headers) const;
    bool isNull() const { return bytes == nullptr && source == nullptr && stream.IsEmpty(); }
  };
  // https://fetch.spec.whatwg.org/#bodyinit-safely-extract. Null and undefined give no body.
  static Content extract(js::Turn& turn, v8::Local<v8::Value> init);

  // A body on its way out, free of JavaScript. `stream` keeps what it reads from alive.
  struct Outgoing {
    kj::Maybe<kj::Own<SharedBytes>> bytes;
    kj::Maybe<kj::Own<kj::AsyncInputStream>> stream;
    kj::Maybe<uint64_t> length;  // none: not known before the end
    ContentCoding coding = ContentCoding::Identity;

    // Undoes the coding there is and does another, where there is a body.
    void recode(ContentCoding target);
  };
  // Takes the body for sending; it counts as used. Throws TypeError when it is used or locked.
  Outgoing takeOutgoing(js::Turn& turn);

  // ---- JavaScript ----
  v8::Local<v8::Value> body(js::Turn& turn);
  bool bodyUsed(js::Turn& turn);
  js::Promise arrayBuffer(js::Turn& turn);
  js::Promise bytes(js::Turn& turn);
  js::Promise text(js::Turn& turn);
  js::Promise json(js::Turn& turn);
  js::Promise formData(js::Turn& turn);
  js::Promise blob(js::Turn& turn);

  bool hasBody() const { return bytes_ != nullptr || source_ || !stream_.IsEmpty(); }
  // The same content for a clone; this body stays readable.
  Content tee(js::Turn& turn);
  // The content for another object; this body counts as used.
  Content moveOut(js::Turn& turn);

  void Trace(cppgc::Visitor* visitor) const override;

 protected:
  Body(js::Turn& turn, Content content) { setContent(turn, kj::mv(content)); }

  // What the message says the body is.
  virtual kj::Maybe<kj::String> contentType() const = 0;

 private:
  // Reads everything; `make(turn, bytes)` gives what the promise resolves to.
  template <typename Make>
  js::Promise consume(js::Turn& turn, Make make);
  js::Promise consumeSource(js::Turn& turn, NativeSource& source, ReadableStream::Make make);
  void requireUnused(js::Turn& turn);
  void setContent(js::Turn& turn, Content content);
  ReadableStream stream(js::Turn& turn) { return {stream_.Get(turn.v8)}; }

  // One of three; the first two until somebody asks for a stream.
  kj::Maybe<kj::Own<SharedBytes>> bytes_;
  cppgc::Member<NativeSource> source_;
  v8::TracedReference<v8::Object> stream_;
  bool used_ = false;  // for the first two; a stream knows by itself
};

}  // namespace ocapd::api
