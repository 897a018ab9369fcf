#include "src/worker/worker.h"

#include <kj/debug.h>
#include <v8-array-buffer.h>
#include <v8-container.h>
#include <v8-json.h>

#include "src/api/fetch/fetcher.h"
#include "src/api/install.h"
#include "src/worker/fetch_event.h"
#include "src/worker/request_context.h"
#include "src/worker/startup_error.h"

namespace ocapd::worker {

Worker::Worker(Lane& lane, ConsoleSink& console, WorkerOptions options)
    : lane_(lane),
      console_(console),
      options_(kj::mv(options)),
      isolate_(lane.engine, api::global(), api::snapshot(), options_.isolate),
      lingering_(*this),
      background_(*this) {
  isolate_.owner = static_cast<api::WorkerHost*>(this);
  modules_.emplace(isolate_, kj::mv(options_.modules));
}

Worker::~Worker() noexcept(false) {
  lingering_.clear();
  background_.clear();
}

Worker::Started Worker::start(Lane& lane, ConsoleSink& console, WorkerOptions options) {
  Started result;
  auto worker = kj::Own<Worker>(new Worker(lane, console, kj::mv(options)),
                                kj::_::HeapDisposer<Worker>::instance);
  worker->isolate_.run([&](js::Turn& turn) {
    v8::TryCatch tryCatch(turn.v8);
    try {
      worker->makeEnv(turn);
      worker->evaluate(turn);
    } catch (...) {
      auto reason = turn.caught(tryCatch);
      result.errors.add(describeStartupError(turn, reason, tryCatch.Message()));
    }
  });
  if (result.errors.empty()) {
    worker->background_.add(worker->pumpForegroundTasks());
    result.worker = kj::mv(worker);
  }
  return result;
}

void Worker::evaluate(js::Turn& turn) {
  auto& loader = KJ_ASSERT_NONNULL(modules_);
  auto exports = loader.evaluateMain(turn);
  auto names = turn.check(exports->GetOwnPropertyNames(turn.context));
  for (uint32_t i = 0; i < names->Length(); ++i) {
    auto name = turn.check(names->Get(turn.context, i));
    if (!name->IsString()) continue;
    addEntrypoint(turn, turn.utf8(name.As<v8::String>()),
                  turn.check(exports->Get(turn.context, name)));
  }
}

void Worker::addEntrypoint(js::Turn& turn, kj::StringPtr name, v8::Local<v8::Value> exported) {
  if (!exported->IsObject()) {
    // Pinned text.
    throw js::Error::type("Incorrect type for map entry '", name,
                          "': the provided value is not of type 'function or ExportedHandler'.");
  }
  Entrypoint entrypoint;
  if (exported->IsFunction()) {
    throw js::Error::plain("Export '", name,
                           "' is a class or function; WorkerEntrypoint and "
                           "DurableObject classes are not implemented in ocapd yet. Export an "
                           "object with handlers instead.");
  }
  auto handler = exported.As<v8::Object>();
  entrypoint.handler.Reset(turn.v8, handler);
  auto fetch = turn.get(handler, "fetch");
  if (fetch->IsFunction()) entrypoint.fetch.Reset(turn.v8, fetch.As<v8::Function>());
  entrypoints_.insert(kj::str(name), kj::mv(entrypoint));
}

void Worker::makeEnv(js::Turn& turn) {
  auto env = v8::Object::New(turn.v8);
  for (auto& binding : options_.bindings) {
    v8::Local<v8::Value> value;
    KJ_SWITCH_ONEOF(binding.value) {
      KJ_CASE_ONEOF(text, Binding::Text) {
        value = turn.string(text.text);
      }
      KJ_CASE_ONEOF(json, Binding::Json) {
        value = turn.check(v8::JSON::Parse(turn.context, turn.string(json.json)));
      }
      KJ_CASE_ONEOF(data, Binding::Data) {
        auto buffer = v8::ArrayBuffer::New(turn.v8, data.data.size());
        if (data.data.size() > 0) {
          memcpy(buffer->Data(), data.data.begin(), data.data.size());
        }
        value = buffer;
      }
      KJ_CASE_ONEOF(null, Binding::Null) {
        value = v8::Null(turn.v8);
      }
      KJ_CASE_ONEOF(service, Binding::Service) {
        value = turn.wrap(*turn.make<api::Fetcher>(service->addRef()));
      }
    }
    turn.check(env->Set(turn.context, turn.string(binding.name), value));
  }
  env_.Reset(turn.v8, env);
}

bool Worker::hasEntrypoint(kj::Maybe<kj::StringPtr> name) const {
  KJ_IF_MAYBE(given, name) {
    return entrypoints_.find(*given) != nullptr;
  }
  return true;
}

kj::Own<channel::RequestTarget> Worker::startRequest(kj::Maybe<kj::StringPtr> entrypoint,
                                                     kj::Maybe<kj::StringPtr> propsJson,
                                                     channel::RequestMetadata metadata) {
  auto found = entrypoints_.find(entrypoint.orDefault("default"_kj));
  return kj::heap<FetchEvent>(*this, found, propsJson, kj::mv(metadata));
}

kj::Promise<void> Worker::pumpForegroundTasks() {
  while (true) {
    co_await isolate_.foregroundTasks().whenDue(lane_.timer);
    isolate_.run([&](js::Turn&) { isolate_.foregroundTasks().runDue(); });
  }
}

void Worker::linger(kj::Own<RequestContext> context) {
  auto& reference = *context;
  lingering_.add(reference.waitUntilDone().attach(kj::mv(context)));
}

void Worker::taskFailed(kj::Exception&& exception) {
  KJ_LOG(ERROR, "background work of a worker failed", options_.name, exception);
}

}  // namespace ocapd::worker
