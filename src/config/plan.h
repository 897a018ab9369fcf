// Plan: what the server is to run, validated: every name in it resolves, every address is set,
// every field that is present is honoured.
//
// Owns      the config message it was made from; all kj::StringPtr and kj::ArrayPtr in it point
//           there or into the Plan's own strings. Cheap to move, never copied.
// Lives     as long as the server made from it.
// Threads   immutable; any.
// See       config/workerd.capnp, whose fields the names follow.
#pragma once

#include "src/compat/compat_flags.h"

#include <kj/array.h>
#include <kj/one-of.h>
#include <kj/string.h>
#include <kj/time.h>

namespace ocapd::config {

using Text = kj::StringPtr;
using Bytes = kj::ArrayPtr<const kj::byte>;
template <typename T>
using List = kj::Array<T>;

// A service by position in Plan::services, and how it is to be entered.
struct ServiceRef {
  size_t service;  // index into Plan::services; always valid
  kj::Maybe<Text> entrypoint;
  kj::Maybe<Text> propsJson;
};

struct Header {
  Text name;
  kj::Maybe<Text> value;  // none: remove the header
};

struct HttpOptions {
  enum class Style { Host, Proxy };
  Style style = Style::Host;
  kj::Maybe<Text> forwardedProtoHeader;
  kj::Maybe<Text> cfBlobHeader;
  List<Header> injectRequestHeaders;
  List<Header> injectResponseHeaders;
  kj::Maybe<Text> capnpConnectHost;
};

struct TlsOptions {
  enum class Version { GoodDefault, Ssl3, Tls1Dot0, Tls1Dot1, Tls1Dot2, Tls1Dot3 };
  struct Keypair {
    Text privateKey;        // PEM
    Text certificateChain;  // PEM
  };
  kj::Maybe<Keypair> keypair;
  bool requireClientCerts = false;
  bool trustBrowserCas = false;
  List<Text> trustedCertificates;  // PEM
  Version minVersion = Version::GoodDefault;
  kj::Maybe<Text> cipherList;
};

// ---- sockets ----

struct HttpSocket {
  HttpOptions http;
  kj::Maybe<TlsOptions> tls;  // set: https
};

struct TcpSocket {
  enum class TlsMode { Implicit, StartTls };
  kj::Maybe<TlsOptions> tls;
  TlsMode tlsMode = TlsMode::Implicit;
};

struct Socket {
  Text name;
  // Where it listens: exactly one of them. The descriptor comes from --socket-fd, already
  // listening.
  kj::OneOf<Text, int> addressOrFd;
  kj::OneOf<HttpSocket, TcpSocket> protocol;
  ServiceRef service;
};

// ---- services ----

struct NetworkService {
  List<Text> allow;
  List<Text> deny;
  kj::Maybe<TlsOptions> tls;
};

struct ExternalService {
  struct Http {
    HttpOptions http;
    kj::Maybe<TlsOptions> tls;  // set: https
    kj::Maybe<Text> certificateHost;
  };
  struct Tcp {
    kj::Maybe<TlsOptions> tls;
    kj::Maybe<Text> certificateHost;
  };
  Text address;
  kj::OneOf<Http, Tcp> protocol;
};

struct DiskService {
  Text path;  // as given: relative to the working directory of the process
  bool writable = false;
  bool allowDotfiles = false;
};

struct Module {
  enum class Kind { EsModule, CommonJs, Text, Data, Wasm, Json };
  Text name;
  Kind kind;
  Bytes content;  // UTF-8 for all but Data and Wasm
  List<Text> namedExports;
};

struct Binding {
  struct TextValue {
    Text text;
  };
  struct DataValue {
    Bytes data;
  };
  struct JsonValue {
    Text json;
  };
  struct FromEnvironment {
    Text variable;
  };
  struct Service {
    ServiceRef ref;
  };
  // An object over requests to a service.
  struct Product {
    enum class Kind { KvNamespace, R2Bucket, Queue, AnalyticsEngine };
    Kind kind;
    ServiceRef ref;
    Text serviceName;
  };
  // A database behind a service.
  struct Hyperdrive {
    ServiceRef ref;
    Text database;
    Text user;
    Text password;
    Text scheme;
  };
  // Wasm as a global of a service-worker script.
  struct WasmModule {
    Bytes wasm;
  };
  struct UnsafeEval {};
  // Other processes' debug ports, and this one's services.
  struct DebugPort {};
  // The Durable Objects of a class, of this worker or of another.
  struct ActorNamespace {
    size_t service;  // index into Plan::services; a worker
    size_t index;    // into its actorNamespaces
  };
  // A Durable Object class as such, for facets; the ref has an entrypoint.
  struct ActorClass {
    ServiceRef ref;
  };
  // What a module's function makes of other bindings.
  struct Wrapped {
    Text moduleName;
    Text entrypoint;  // the export
    List<Binding> innerBindings;
  };
  Text name;
  kj::OneOf<TextValue, DataValue, JsonValue, FromEnvironment, Service, WasmModule, UnsafeEval,
            ActorNamespace, ActorClass, Wrapped, Product, Hyperdrive, DebugPort>
      value;
};

struct ActorNamespace {
  Text className;
  kj::Maybe<Text> uniqueKey;  // none: ephemeral
  bool preventEviction = false;
  bool enableSql = false;
};

struct ActorStorage {
  struct None {};
  struct InMemory {};
  struct LocalDisk {
    size_t service;  // index into Plan::services; a writable disk
  };
};

struct WorkerService {
  List<Module> modules;  // the first is the main module; empty only with a serviceWorkerScript
  kj::Maybe<Text> serviceWorkerScript;
  Text compatibilityDate;
  compat::CompatFlags compatibilityFlags;
  List<Binding> bindings;
  ServiceRef globalOutbound;
  kj::Maybe<ServiceRef> cacheApiOutbound;
  kj::Maybe<Text> moduleFallback;  // an address
  List<ServiceRef> tails;
  List<ActorNamespace> actorNamespaces;
  kj::OneOf<ActorStorage::None, ActorStorage::InMemory, ActorStorage::LocalDisk> actorStorage =
      ActorStorage::None();
};

struct Service {
  Text name;
  kj::OneOf<WorkerService, NetworkService, ExternalService, DiskService> kind;
};

// An ES module that every worker can import, or, if it is internal, modules like it.
struct ExtensionModule {
  Text name;
  bool internal;
  Text esModule;
};

// ---- the whole ----

struct Logging {
  bool structured = false;
  Text stdoutPrefix = "stdout: "_kj;
  Text stderrPrefix = "stderr: "_kj;
};

struct Plan {
  List<Service> services;  // config order; a synthesized "internet", if any, comes last
  List<Socket> sockets;
  List<ExtensionModule> extensions;
  List<Text> v8Flags;
  Logging logging;

  // Files that were read to make this Plan (config, imports, embeds), absolute: what --watch
  // watches.
  List<kj::String> files;
  // What the strings above point into. Last to die.
  kj::Array<kj::Own<void>> backing;
};

}  // namespace ocapd::config
