@0xd5e0a1c0ffee5ef1;

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "client", worker = (
      compatibilityDate = "2026-08-01",
      modules = [
        (name = "client.js", esModule = embed "client.js"),
        (name = "assert.js", esModule = embed "../../assert.js"),
      ],
      bindings = [
        (name = "DEBUG_PORT", workerdDebugPort = void),
        (name = "ADDRESS", fromEnvironment = "DEBUG_PORT_ADDRESS"),
      ])),
  ],
);
