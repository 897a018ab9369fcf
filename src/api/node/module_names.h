// The names that workers may import, with "node:" before them.
#pragma once

#include <kj/string.h>

namespace ocapd::api::node {

// Those of builtinModules.
inline constexpr kj::StringPtr kModuleNames[] = {
    "_http_agent"_kj, "_http_client"_kj, "_http_common"_kj, "_http_incoming"_kj,
    "_http_outgoing"_kj, "_http_server"_kj, "_stream_duplex"_kj, "_stream_passthrough"_kj,
    "_stream_readable"_kj, "_stream_transform"_kj, "_stream_wrap"_kj, "_stream_writable"_kj,
    "_tls_common"_kj, "_tls_wrap"_kj, "assert"_kj, "assert/strict"_kj, "async_hooks"_kj,
    "buffer"_kj, "child_process"_kj, "cluster"_kj, "console"_kj, "constants"_kj, "crypto"_kj,
    "dgram"_kj, "diagnostics_channel"_kj, "dns"_kj, "dns/promises"_kj, "domain"_kj, "events"_kj,
    "fs"_kj, "fs/promises"_kj, "http"_kj, "http2"_kj, "https"_kj, "inspector"_kj,
    "inspector/promises"_kj, "module"_kj, "net"_kj, "os"_kj, "path"_kj, "path/posix"_kj,
    "path/win32"_kj, "perf_hooks"_kj, "process"_kj, "punycode"_kj, "querystring"_kj,
    "readline"_kj, "readline/promises"_kj, "repl"_kj, "stream"_kj, "stream/consumers"_kj,
    "stream/promises"_kj, "stream/web"_kj, "string_decoder"_kj, "sys"_kj, "timers"_kj,
    "timers/promises"_kj, "tls"_kj, "trace_events"_kj, "tty"_kj, "url"_kj, "util"_kj,
    "util/types"_kj, "v8"_kj, "vm"_kj, "wasi"_kj, "worker_threads"_kj, "zlib"_kj,
};

// Only with their prefix.
inline constexpr kj::StringPtr kPrefixedModuleNames[] = {"sqlite"_kj, "test"_kj};

}  // namespace ocapd::api::node
