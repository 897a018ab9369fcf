@0xd5e0a1c0ffee5ef0;

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "target", worker = (
      compatibilityDate = "2026-08-01",
      modules = [(name = "target.js", esModule = embed "target.js")],
      durableObjectNamespaces = [
        (className = "Stored", uniqueKey = "stored"),
        (className = "Ephemeral", ephemeralLocal = void),
      ],
      durableObjectStorage = (inMemory = void))),
    (name = "disk", disk = (path = ".")),
  ],
  sockets = [(name = "http", service = "target", http = ())],
);
