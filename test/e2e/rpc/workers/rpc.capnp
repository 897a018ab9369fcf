@0xd5e0a1c0ffee5eed;

# Callers and callees in two workers; `ocapd test` runs the tests of "callers".
using Workerd = import "/workerd/workerd.capnp";

const date :Text = "2026-08-01";

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
        (name = "S", service = (name = "callees", entrypoint = "Svc")),
        (name = "F", service = (name = "callees", entrypoint = "handlers")),
        (name = "P", service = (name = "callees", entrypoint = "Svc", props = (json = "{\"level\": 3}"))),
        (name = "LEGACY", service = (name = "legacy", entrypoint = "Svc")),
      ])),
    (name = "callees", worker = (
      compatibilityDate = .date,
      compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
      modules = [(name = "callees.js", esModule = embed "callees.js")])),
    (name = "legacy", worker = (
      compatibilityDate = "2024-06-01",
      modules = [(name = "callees.js", esModule = embed "callees.js")])),
  ],
);
