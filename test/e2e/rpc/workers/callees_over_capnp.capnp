@0xd5e0a1c0ffee5eee;

# The callees of rpc.capnp, behind sockets that speak Cap'n Proto through CONNECT. Addresses come
# from the command line.
using Workerd = import "/workerd/workerd.capnp";

const date :Text = "2026-08-01";
const http :Workerd.HttpOptions = (capnpConnectHost = "rpc");

const config :Workerd.Config = (
  services = [
    (name = "callees", worker = (
      compatibilityDate = .date,
      compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
      modules = [(name = "callees.js", esModule = embed "callees.js")])),
    (name = "legacy", worker = (
      compatibilityDate = "2024-06-01",
      modules = [(name = "callees.js", esModule = embed "callees.js")])),
  ],
  sockets = [
    (name = "svc", http = .http, service = (name = "callees", entrypoint = "Svc")),
    (name = "handlers", http = .http, service = (name = "callees", entrypoint = "handlers")),
    (name = "props", http = .http,
     service = (name = "callees", entrypoint = "Svc", props = (json = "{\"level\": 3}"))),
    (name = "legacy", http = .http, service = (name = "legacy", entrypoint = "Svc")),
  ],
);
