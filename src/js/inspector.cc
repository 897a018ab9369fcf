#include "src/js/inspector.h"

#include <string.h>

#include <kj/debug.h>
#include <kj/encoding.h>
#include <v8-inspector.h>
#include <v8-json.h>

namespace ocapd::js {

namespace {

constexpr int kGroup = 1;

v8_inspector::StringView viewOf(kj::ArrayPtr<const char16_t> text) {
  return {reinterpret_cast<const uint16_t*>(text.begin()), text.size()};
}

v8_inspector::StringView viewOf(kj::StringPtr ascii) {
  return {reinterpret_cast<const uint8_t*>(ascii.begin()), ascii.size()};
}

kj::String toUtf8(const v8_inspector::StringView& view) {
  if (view.is8Bit()) {
    // Latin-1.
    kj::Vector<char16_t> wide(view.length());
    for (size_t i = 0; i < view.length(); ++i) wide.add(view.characters8()[i]);
    return kj::decodeUtf16(wide);
  }
  return kj::decodeUtf16(
      kj::arrayPtr(reinterpret_cast<const char16_t*>(view.characters16()), view.length()));
}

// The console is a built-in script: whoever has called it is one frame further down.
kj::String withoutConsoleFrame(kj::String message) {
  constexpr auto kCall = "{\"method\":\"Runtime.consoleAPICalled\""_kj;
  constexpr auto kOurs = "\"url\":\"ocapd-internal:console\""_kj;
  constexpr auto kFrames = "\"callFrames\":["_kj;
  if (!message.startsWith(kCall)) return message;
  const char* frames = strstr(message.cStr(), kFrames.cStr());
  if (frames == nullptr) return message;
  const char* first = frames + kFrames.size();
  const char* end = strchr(first, '}');
  const char* ours = strstr(first, kOurs.cStr());
  if (end == nullptr || ours == nullptr || ours > end || end[1] != ',') return message;
  return kj::str(kj::arrayPtr(message.cStr(), first), kj::StringPtr(end + 2));
}

}  // namespace

class Inspector::Impl final : private v8_inspector::V8InspectorClient {
 public:
  Impl(Isolate& isolate, Clients& clients) : isolate_(isolate), clients_(clients) {
    isolate.run([&](Turn& turn) {
      inspector_ = v8_inspector::V8Inspector::create(turn.v8, this);
      v8_inspector::V8ContextInfo info(turn.context, kGroup, viewOf("Worker"_kj));
      inspector_->contextCreated(info);
    });
  }

  ~Impl() noexcept override {
    isolate_.run([&](Turn& turn) {
      sessions_.clear();
      inspector_->contextDestroyed(turn.context);
      inspector_.reset();
    });
  }

  void open(SessionId id) {
    auto session = kj::heap<Session>(*this, id);
    session->v8 =
        inspector_->connect(kGroup, session.get(), {}, v8_inspector::V8Inspector::kFullyTrusted);
    sessions_.insert(id, kj::mv(session));
  }

  void close(SessionId id) {
    KJ_IF_MAYBE(session, sessions_.find(id)) {
      // A script must not stay paused for somebody who has left.
      (*session)->v8->resume();
    }
    sessions_.erase(id);
  }

  void dispatch(Turn& turn, SessionId id, kj::StringPtr message) {
    KJ_IF_MAYBE(session, sessions_.find(id)) {
      if (answerForNetwork(turn, id, message)) return;
      auto wide = kj::encodeUtf16(message);
      (*session)->v8->dispatchProtocolMessage(viewOf(wide));
    }
  }

  void reportException(Turn& turn, v8::Local<v8::Value> reason) {
    if (sessions_.size() == 0) return;
    v8::TryCatch ignored(turn.v8);
    auto message = v8::Exception::CreateMessage(turn.v8, reason);
    auto stack = message->GetStackTrace();
    auto text = kj::encodeUtf16(kj::str(turn.utf8(message->Get())));
    auto url = message->GetScriptResourceName();
    auto place = kj::encodeUtf16(url->IsString() ? turn.utf8(url.As<v8::String>()) : kj::String());
    int line = message->GetLineNumber(turn.context).FromMaybe(0);
    int script = 0;
    if (!stack.IsEmpty() && stack->GetFrameCount() > 0) {
      script = stack->GetFrame(turn.v8, 0)->GetScriptId();
    }
    inspector_->exceptionThrown(turn.context, viewOf(text), reason, viewOf("Uncaught"_kj),
                                viewOf(place), uint(line), uint(message->GetStartColumn()),
                                inspector_->createStackTrace(stack), script);
  }

 private:
  struct Session final : public v8_inspector::V8Inspector::Channel {
    Session(Impl& owner, SessionId id) : owner(owner), id(id) {}
    void sendResponse(int, std::unique_ptr<v8_inspector::StringBuffer> message) override {
      owner.clients_.send(id, toUtf8(message->string()));
    }
    void sendNotification(std::unique_ptr<v8_inspector::StringBuffer> message) override {
      owner.clients_.send(id, withoutConsoleFrame(toUtf8(message->string())));
    }
    void flushProtocolNotifications() override {}

    Impl& owner;
    const SessionId id;
    std::unique_ptr<v8_inspector::V8InspectorSession> v8;
  };

  // Clients switch the domain on and off without asking whether it is there.
  bool answerForNetwork(Turn& turn, SessionId id, kj::StringPtr message) {
    if (strstr(message.cStr(), "\"Network.") == nullptr) return false;
    v8::TryCatch ignored(turn.v8);
    v8::Local<v8::Value> parsed;
    if (!v8::JSON::Parse(turn.context, turn.string(message)).ToLocal(&parsed)) return false;
    if (!parsed->IsObject()) return false;
    auto method = turn.get(parsed.As<v8::Object>(), "method");
    auto number = turn.get(parsed.As<v8::Object>(), "id");
    if (!method->IsString() || !number->IsInt32()) return false;
    auto name = turn.utf8(method.As<v8::String>());
    if (name != "Network.enable" && name != "Network.disable") return false;
    clients_.send(id, kj::str("{\"id\":", number.As<v8::Int32>()->Value(), ",\"result\":{}}"));
    return true;
  }

  // ---- what V8 asks ----

  void runMessageLoopOnPause(int) override {
    paused_ = true;
    while (paused_ && clients_.waitForMore()) {
    }
    paused_ = false;
  }
  void quitMessageLoopOnPause() override { paused_ = false; }

  v8::Local<v8::Context> ensureDefaultContextInGroup(int) override {
    return isolate_.v8()->GetCurrentContext();
  }

  double currentTimeMS() override {
    return double((kj::systemPreciseCalendarClock().now() - kj::UNIX_EPOCH) / kj::MILLISECONDS);
  }

  Isolate& isolate_;
  Clients& clients_;
  std::unique_ptr<v8_inspector::V8Inspector> inspector_;
  kj::HashMap<SessionId, kj::Own<Session>> sessions_;
  bool paused_ = false;
};

Inspector::Inspector(Isolate& isolate, Clients& clients)
    : impl_(std::make_unique<Impl>(isolate, clients)) {}
Inspector::~Inspector() noexcept(false) = default;

void Inspector::open(SessionId session) {
  impl_->open(session);
}

void Inspector::close(SessionId session) {
  impl_->close(session);
}

void Inspector::dispatch(Turn& turn, SessionId session, kj::StringPtr message) {
  impl_->dispatch(turn, session, message);
}

void Inspector::reportException(Turn& turn, v8::Local<v8::Value> reason) {
  impl_->reportException(turn, reason);
}

}  // namespace ocapd::js
