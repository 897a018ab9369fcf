@0xd5e0a1c0ffee5eef;

# The callers of rpc.capnp; their callees are in another process, see callees_over_capnp.capnp.
using Workerd = import "/workerd/workerd.capnp";

const date :Text = "2026-08-01";
const http :Workerd.HttpOptions = (capnpConnectHost = "rpc");

const config :Workerd.Config = (
  services = [
    (name = "callers", worker = (
      compatibilityDate = .date,
      compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
      modules = [
        (name = "callers.js", esModule = embed "callers.js"),
        (name = "assert.js", esModule = embed "../../assert.js"),
      ],
      bindings = [
        (name = "S", service = "svc"),
        (name = "F", service = "handlers"),
        (name = "P", service = "props"),
        (name = "LEGACY", service = "legacy"),
      ])),
    (name = "svc", external = (http = .http)),
    (name = "handlers", external = (http = .http)),
    (name = "props", external = (http = .http)),
    (name = "legacy", external = (http = .http)),
  ],
);
