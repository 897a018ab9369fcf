// RequestBodyLoan: the caller's request body, which an event may use until the caller takes it
// back.
//
// waitUntil() work may outlive the request whose connection the bytes come from; what it reads then
// fails instead of touching a stream that is gone.
//
// Owns      nothing; shared by the FetchEvent, which ends it, and the stream in JavaScript's hands.
// Threads   its lane.
// Errors    after end(): DISCONNECTED, for reads under way as well.
#pragma once

#include <kj/async-io.h>
#include <kj/refcount.h>

namespace ocapd::worker {

class RequestBodyLoan final : public kj::Refcounted {
 public:
  explicit RequestBodyLoan(kj::AsyncInputStream& body) : body_(body) {}

  void end() {
    body_ = nullptr;
    canceler_.cancel(gone());
  }

  template <typename Use>
  auto use(Use&& action) -> decltype(action(kj::instance<kj::AsyncInputStream&>())) {
    KJ_IF_MAYBE(body, body_) {
      return canceler_.wrap(action(*body));
    }
    return gone();
  }

  kj::Maybe<uint64_t> tryGetLength() {
    KJ_IF_MAYBE(body, body_) {
      return body->tryGetLength();
    }
    return nullptr;
  }

 private:
  static kj::Exception gone() {
    return KJ_EXCEPTION(DISCONNECTED, "the request has ended, and its body with it");
  }

  kj::Maybe<kj::AsyncInputStream&> body_;
  kj::Canceler canceler_;
};

}  // namespace ocapd::worker
