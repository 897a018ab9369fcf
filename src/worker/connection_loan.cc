#include "src/worker/connection_loan.h"

#include <kj/debug.h>

namespace ocapd::worker {

class ConnectionLoan::Lent final : public kj::AsyncIoStream {
 public:
  explicit Lent(kj::Own<ConnectionLoan> loan) : loan_(kj::mv(loan)) {}

  kj::Promise<size_t> tryRead(void* buffer, size_t minBytes, size_t maxBytes) override {
    return use([&](auto& stream) { return stream.tryRead(buffer, minBytes, maxBytes); });
  }
  kj::Promise<uint64_t> pumpTo(kj::AsyncOutputStream& output, uint64_t amount) override {
    return use([&](auto& stream) { return stream.pumpTo(output, amount); });
  }
  kj::Promise<void> write(const void* buffer, size_t size) override {
    return use([&](auto& stream) { return stream.write(buffer, size); });
  }
  kj::Promise<void> write(kj::ArrayPtr<const kj::ArrayPtr<const kj::byte>> pieces) override {
    return use([&](auto& stream) { return stream.write(pieces); });
  }
  kj::Promise<void> whenWriteDisconnected() override {
    return use([&](auto& stream) { return stream.whenWriteDisconnected(); });
  }
  void shutdownWrite() override {
    KJ_IF_MAYBE(stream, loan_->connection_) {
      stream->shutdownWrite();
    }
  }
  void abortRead() override {
    KJ_IF_MAYBE(stream, loan_->connection_) {
      stream->abortRead();
    }
  }

 private:
  template <typename Use>
  auto use(Use&& action) -> decltype(action(kj::instance<kj::AsyncIoStream&>())) {
    KJ_IF_MAYBE(stream, loan_->connection_) {
      return loan_->canceler_.wrap(action(*stream));
    }
    return gone();
  }

  kj::Own<ConnectionLoan> loan_;
};

kj::Own<kj::AsyncIoStream> ConnectionLoan::lend() {
  return kj::heap<Lent>(kj::addRef(*this));
}

}  // namespace ocapd::worker
