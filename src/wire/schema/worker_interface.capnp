# Events and RPC sessions between processes. Ids, names and ordinals are the reference's; what is
# only for tracing is left out.
@0xf7958855f6746344;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ocapd::wire::schema");

using ByteStream = import "byte_stream.capnp".ByteStream;
using HttpService = import "http_over_capnp.capnp".HttpService;
using Frankenvalue = import "frankenvalue.capnp".Frankenvalue;
using EventOutcome = import "outcome.capnp".EventOutcome;

interface WorkerdDebugPort {
  getEntrypoint @0 (service :Text, entrypoint :Text, props :Frankenvalue)
      -> (entrypoint :WorkerdBootstrap);
  getActor @1 (service :Text, entrypoint :Text, actorId :Text) -> (actor :WorkerdBootstrap);
}

interface WorkerdBootstrap {
  startEvent @0 (cfBlobJson :Text, fromPersistentStub :Bool) -> (dispatcher :EventDispatcher);
}

struct Trace @0x8e8d911203762d34 {}

struct SendTracesRun @0xde913ebe8e1b82a5 {
  outcome @0 :EventOutcome;
}

struct ScheduledRun @0xd98fc1ae5c8095d0 {
  outcome @0 :EventOutcome;
  retry @1 :Bool;
}

struct AlarmRun @0xfa8ea4e97e23b03d {
  outcome @0 :EventOutcome;
  retry @1 :Bool;
  retryCountsAgainstLimit @2 :Bool = true;
  errorDescription @3 :Text;
}

struct QueueMessage @0x944adb18c0352295 {
  id @0 :Text;
  timestampNs @1 :Int64;
  data @2 :Data;
  contentType @3 :Text;
  attempts @4 :UInt16;
}

struct QueueRetryBatch {
  retry @0 :Bool;
  union {
    undefined @1 :Void;
    delaySeconds @2 :Int32;
  }
}

struct QueueRetryMessage {
  msgId @0 :Text;
  union {
    undefined @1 :Void;
    delaySeconds @2 :Int32;
  }
}

struct QueueResponse @0x90e98932c0bfc0de {
  outcome @0 :EventOutcome;
  ackAll @1 :Bool;
  retryBatch @2 :QueueRetryBatch;
  explicitAcks @3 :List(Text);
  retryMessages @4 :List(QueueRetryMessage);
}

struct MessageBatchMetrics {
  backlogCount @0 :Float64;
  backlogBytes @1 :Float64;
  oldestMessageTimestamp @2 :Float64;
}

struct MessageBatchMetadata {
  metrics @0 :MessageBatchMetrics;
}

interface TailStreamTarget {}

interface EventDispatcher @0xf20697475ec1752d {
  getHttpService @0 () -> (http :HttpService) $Cxx.allowCancellation;
  sendTraces @1 (traces :List(Trace)) -> (result :SendTracesRun) $Cxx.allowCancellation;
  prewarm @2 (url :Text) $Cxx.allowCancellation;
  runScheduled @3 (scheduledTime :Int64, cron :Text) -> (result :ScheduledRun)
      $Cxx.allowCancellation;
  runAlarm @4 (scheduledTime :Int64, retryCount :UInt32) -> (result :AlarmRun);
  obsolete5 @5 ();
  obsolete6 @6 ();
  obsolete7 @7 ();
  queue @8 (messages :List(QueueMessage), queueName :Text, metadata :MessageBatchMetadata)
      -> (result :QueueResponse) $Cxx.allowCancellation;
  jsRpcSession @9 () -> (topLevel :JsRpcTarget, session :JsRpcSession) $Cxx.allowCancellation;
  tailStreamSession @10 () -> (topLevel :TailStreamTarget, result :EventOutcome)
      $Cxx.allowCancellation;
  abandonAlarm @11 (scheduledTimeMs :Int64) -> (storedAlarmTimeMs :Int64) $Cxx.allowCancellation;
  restoreService @12 (params :Frankenvalue) -> (service :WorkerdBootstrap);
  restoreRpcStub @13 (params :Frankenvalue) -> (target :JsRpcTarget, session :JsRpcSession);
}

enum StreamEncoding {
  identity @0;
  gzip @1;
  brotli @2;
}

struct JsValue {
  v8Serialized @0 :Data;
  externals @1 :List(External);

  struct External {
    union {
      invalid @0 :Void;
      rpcTarget :group {
        cap @1 :JsRpcTarget;
        union {
          channelToken @14 :Data;
          delayedChannelToken @15 :ExternalPusher.DelayedChannelToken;
        }
      }
      writableStream :group {
        byteStream @2 :ByteStream;
        encoding @3 :StreamEncoding;
      }
      readableStream :group {
        stream @10 :ExternalPusher.InputStream;
        encoding @4 :StreamEncoding;
        expectedLength :union {
          unknown @5 :Void;
          known @6 :UInt64;
        }
      }
      obsolete7 @7 :Void;
      subrequestChannelToken @8 :Data;
      actorClassChannelToken @9 :Data;
      abortSignal @11 :ExternalPusher.AbortSignal;
      delayedSubrequestChannelToken @12 :ExternalPusher.DelayedChannelToken;
      delayedActorClassChannelToken @13 :ExternalPusher.DelayedChannelToken;
      socket :group {
        remoteAddress @16 :Text;
        secureTransport @17 :SecureTransport;
        isDefaultFetchPort @18 :Bool;
        localAddress @19 :Text;
        allowHalfOpen @20 :Bool;
      }
    }

    enum SecureTransport {
      off @0;
      starttls @1;
      on @2;
    }
  }

  interface ExternalPusher {
    # Where the sender of a value puts what does not fit into bytes, ahead of the value.

    pushByteStream @0 (lengthPlusOne :UInt64 = 0) -> (source :InputStream, sink :ByteStream);
    pushAbortSignal @1 () -> (signal :AbortSignal, trigger :AbortTrigger);
    pushDelayedChannelToken @2 (token :Data) -> (cap :DelayedChannelToken);

    interface InputStream {}
    interface AbortSignal {}
    interface DelayedChannelToken {}
  }
}

interface AbortTrigger $Cxx.allowCancellation {
  abort @0 (reason :JsValue);
  release @1 ();
}

interface JsRpcTarget extends(JsValue.ExternalPusher) $Cxx.allowCancellation {
  call @0 CallParams -> CallResults;

  struct CallParams {
    union {
      methodName @0 :Text;
      methodPath @2 :List(Text);
    }
    operation :union {
      callWithArgs @1 :JsValue;
      getProperty @3 :Void;
    }
    resultsStreamHandler :union {
      obsolete4 @4 :Capability;
      externalPusher @5 :JsValue.ExternalPusher;
    }
  }

  struct CallResults {
    result @0 :JsValue;
    callPipeline @1 :JsRpcTarget;
    hasDisposer @2 :Bool;
    obsolete3 @3 :Capability;
  }
}

interface JsRpcSession {}
