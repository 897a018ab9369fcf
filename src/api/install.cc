#include "src/api/install.h"

#include "src/api/actor/install.h"
#include "src/api/bindings/bindings.h"
#include "src/api/cache/cache.h"
#include "src/api/compression/compression.h"
#include "src/api/console/console.h"
#include "src/api/crypto/crypto.h"
#include "src/api/crypto/digest_stream.h"
#include "src/api/encoding/base64.h"
#include "src/api/encoding/text_decoder.h"
#include "src/api/encoding/text_encoder.h"
#include "src/api/events/events.h"
#include "src/api/eventsource/event_source.h"
#include "src/api/fetch/fetcher.h"
#include "src/api/forms/form_data.h"
#include "src/api/global/global_scope.h"
#include "src/api/html_rewriter/html_rewriter.h"
#include "src/api/node/bindings/install.h"
#include "src/api/sockets/socket.h"
#include "src/api/streams/streams.h"
#include "src/api/timers/performance.h"
#include "src/api/timers/scheduler.h"
#include "src/api/timers/timers.h"
#include "src/api/url/url.h"
#include "src/api/url/url_pattern.h"
#include "src/api/websocket/web_socket.h"
#include "src/api/workers/debug_port.h"
#include "src/api/workers/entrypoint_classes.h"
#include "src/api/workers/execution_context.h"
#include "src/api/workers/loopback.h"
#include "src/api/workers/queue_controller.h"
#include "src/api/workers/scheduled_controller.h"
#include "src/api/workers/test_controller.h"
#include "src/api/workers/trace_items.h"
#include "src/api/workers/unsafe_eval.h"
#include "src/api/workers/workers_module.h"
#include "src/rpc/stub.h"

namespace ocapd::api {

namespace {

constexpr js::Member kFetch = js::function<&globalFetch>("fetch");

js::GlobalBuilder build() {
  js::GlobalBuilder builder;
  builder.add(Url::kClass).add(UrlSearchParams::kClass).add(UrlSearchParams::Iterator::kClass);
  builder.add(kUrlPatternRegExp).add(UrlPattern::kClass);
  builder.add(TextEncoder::kClass).add(TextDecoder::kClass).add(kAtob).add(kBtoa);
  builder.add(Blob::kClass).add(File::kClass).add(FormData::kClass).add(FormData::Iterator::kClass);
  builder.add(Headers::kClass)
      .add(Headers::Iterator::kClass)
      .add(Body::kClass)
      .add(Request::kClass)
      .add(Response::kClass)
      .add(Fetcher::kClass)
      .add(kFetch);
  rpc::install(builder);
  installActors(builder);
  builder.add(ExecutionContext::kClass)
      .add(LoopbackServiceStub::kClass)
      .add(TestController::kClass)
      .add(ScheduledController::kClass)
      .add(QueueMessage::kClass)
      .add(QueueController::kClass)
      .add(WorkerEntrypoint::kClass)
      .add(DurableObjectBase::kClass)
      .add(WorkflowEntrypoint::kClass)
      .add(UnsafeEval::kClass)
      .add(DebugPortConnector::kClass)
      .add(DebugPortClient::kClass)
      .add(kWorkersModule)
      .add(kTraceItems);
  builder.add(kEvents);
  installStreams(builder);
  installCompression(builder);
  installSockets(builder);
  installWebSocket(builder);
  installTimers(builder);
  builder.add(kEventSource).add(kScheduler).add(kPerformance);
  installCrypto(builder);
  crypto::installDigestStream(builder);
  installGlobalScope(builder);
  builder.add(kCache).add(kBindings).add(kHtmlRewriter);
  builder.add(kConsole);
  installNodeClasses(builder);
  return builder;
}

}  // namespace

const js::GlobalBuilder& global() {
  static const js::GlobalBuilder kGlobal = build();
  return kGlobal;
}

}  // namespace ocapd::api
