// The modules that workers may import, and the compatibility flag each depends on beside
// nodejs_compat; NodejsCompat where there is none.
#pragma once

#include <kj/string.h>

#include "src/compat/compat_flag.h"

namespace ocapd::api::node {

using Flag = compat::CompatFlag;

struct ModuleName {
  kj::StringPtr specifier;
  Flag gate;
};

// Those of builtinModules, in its order.
inline constexpr ModuleName kModules[] = {
    {"node:_http_agent"_kj, Flag::EnableNodejsHttpModules},
    {"node:_http_client"_kj, Flag::EnableNodejsHttpModules},
    {"node:_http_common"_kj, Flag::EnableNodejsHttpModules},
    {"node:_http_incoming"_kj, Flag::EnableNodejsHttpModules},
    {"node:_http_outgoing"_kj, Flag::EnableNodejsHttpModules},
    {"node:_http_server"_kj, Flag::EnableNodejsHttpModules},
    {"node:_stream_duplex"_kj, Flag::NodejsCompat},
    {"node:_stream_passthrough"_kj, Flag::NodejsCompat},
    {"node:_stream_readable"_kj, Flag::NodejsCompat},
    {"node:_stream_transform"_kj, Flag::NodejsCompat},
    {"node:_stream_wrap"_kj, Flag::EnableNodejsStreamWrapModule},
    {"node:_stream_writable"_kj, Flag::NodejsCompat},
    {"node:_tls_common"_kj, Flag::NodejsCompat},
    {"node:_tls_wrap"_kj, Flag::NodejsCompat},
    {"node:assert"_kj, Flag::NodejsCompat},
    {"node:assert/strict"_kj, Flag::NodejsCompat},
    {"node:async_hooks"_kj, Flag::NodejsCompat},
    {"node:buffer"_kj, Flag::NodejsCompat},
    {"node:child_process"_kj, Flag::EnableNodejsChildProcessModule},
    {"node:cluster"_kj, Flag::EnableNodejsClusterModule},
    {"node:console"_kj, Flag::EnableNodejsConsoleModule},
    {"node:constants"_kj, Flag::NodejsCompat},
    {"node:crypto"_kj, Flag::NodejsCompat},
    {"node:dgram"_kj, Flag::EnableNodejsDgramModule},
    {"node:diagnostics_channel"_kj, Flag::NodejsCompat},
    {"node:dns"_kj, Flag::NodejsCompat},
    {"node:dns/promises"_kj, Flag::NodejsCompat},
    {"node:domain"_kj, Flag::EnableNodejsDomainModule},
    {"node:events"_kj, Flag::NodejsCompat},
    {"node:fs"_kj, Flag::EnableNodejsFsModule},
    {"node:fs/promises"_kj, Flag::NodejsCompat},
    {"node:http"_kj, Flag::EnableNodejsHttpModules},
    {"node:http2"_kj, Flag::EnableNodejsHttp2Module},
    {"node:https"_kj, Flag::EnableNodejsHttpModules},
    {"node:inspector"_kj, Flag::EnableNodejsInspectorModule},
    {"node:inspector/promises"_kj, Flag::EnableNodejsInspectorModule},
    {"node:module"_kj, Flag::NodejsCompat},
    {"node:net"_kj, Flag::NodejsCompat},
    {"node:os"_kj, Flag::EnableNodejsOsModule},
    {"node:path"_kj, Flag::NodejsCompat},
    {"node:path/posix"_kj, Flag::NodejsCompat},
    {"node:path/win32"_kj, Flag::NodejsCompat},
    {"node:perf_hooks"_kj, Flag::EnableNodejsPerfHooksModule},
    {"node:process"_kj, Flag::NodejsCompat},
    {"node:punycode"_kj, Flag::EnableNodejsPunycodeModule},
    {"node:querystring"_kj, Flag::NodejsCompat},
    {"node:readline"_kj, Flag::EnableNodejsReadlineModule},
    {"node:readline/promises"_kj, Flag::EnableNodejsReadlineModule},
    {"node:repl"_kj, Flag::EnableNodejsReplModule},
    {"node:stream"_kj, Flag::NodejsCompat},
    {"node:stream/consumers"_kj, Flag::NodejsCompat},
    {"node:stream/promises"_kj, Flag::NodejsCompat},
    {"node:stream/web"_kj, Flag::NodejsCompat},
    {"node:string_decoder"_kj, Flag::NodejsCompat},
    {"node:sys"_kj, Flag::NodejsCompat},
    {"node:timers"_kj, Flag::NodejsCompat},
    {"node:timers/promises"_kj, Flag::NodejsCompat},
    {"node:tls"_kj, Flag::NodejsCompat},
    {"node:trace_events"_kj, Flag::EnableNodejsTraceEventsModule},
    {"node:tty"_kj, Flag::EnableNodejsTtyModule},
    {"node:url"_kj, Flag::NodejsCompat},
    {"node:util"_kj, Flag::NodejsCompat},
    {"node:util/types"_kj, Flag::NodejsCompat},
    {"node:v8"_kj, Flag::EnableNodejsV8Module},
    {"node:vm"_kj, Flag::EnableNodejsVmModule},
    {"node:wasi"_kj, Flag::EnableNodejsWasiModule},
    {"node:worker_threads"_kj, Flag::EnableNodejsWorkerThreadsModule},
    {"node:zlib"_kj, Flag::NodejsZlib},
};

// Only with their prefix.
inline constexpr ModuleName kPrefixedModules[] = {
    {"node:sqlite"_kj, Flag::EnableNodejsSqliteModule},
    {"node:test"_kj, Flag::NodejsCompat},
};

}  // namespace ocapd::api::node
