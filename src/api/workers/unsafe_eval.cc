#include "src/api/workers/unsafe_eval.h"

#include <kj/vector.h>
#include <v8-script.h>
#include <v8-wasm.h>

namespace ocapd::api {

namespace {

constexpr kj::StringPtr kDefaultName = "anonymous"_kj;

v8::Local<v8::Value> run(js::Turn& turn, v8::Local<v8::String> text, kj::StringPtr name) {
  v8::ScriptOrigin origin(turn.string(name));
  v8::ScriptCompiler::Source source(text, origin);
  auto script = turn.check(v8::ScriptCompiler::Compile(turn.context, &source));
  return turn.check(script->Run(turn.context));
}

// https://tc39.es/ecma262/#sec-createdynamicfunction: parameters and body must be complete each.
v8::Local<v8::Value> make(js::Turn& turn, const char* keyword, v8::Local<v8::String> body,
                          kj::StringPtr name, const js::Arguments& arguments) {
  kj::Vector<kj::String> parameters;
  for (int i = 2; i < arguments.info.Length(); ++i) {
    parameters.add(turn.utf8(turn.check(arguments.info[i]->ToString(turn.context))));
  }
  auto list = kj::strArray(parameters, ",");
  auto text = turn.utf8(body);
  // Alone, so that neither can close the other's brackets.
  auto check = [&](kj::String source) {
    v8::ScriptCompiler::Source each(turn.string(source));
    turn.check(v8::ScriptCompiler::Compile(turn.context, &each));
  };
  check(kj::str("(", keyword, " (", list, "\n) {\n})"));
  check(kj::str("(", keyword, " () {\n", text, "\n})"));
  return run(turn,
             turn.string(kj::str("(", keyword, " ", name, "(", list, "\n) {\n", text, "\n})")),
             name);
}

constexpr js::Member kMembers[] = {
    js::method<&UnsafeEval::eval>("eval"),
    js::method<&UnsafeEval::newFunction>("newFunction"),
    js::method<&UnsafeEval::newAsyncFunction>("newAsyncFunction"),
    js::method<&UnsafeEval::newWasmModule>("newWasmModule"),
};

kj::StringPtr nameOr(const kj::Maybe<kj::String>& name, kj::StringPtr otherwise) {
  KJ_IF_MAYBE(given, name) {
    return *given;
  }
  return otherwise;
}

}  // namespace

v8::Local<v8::Value> UnsafeEval::eval(js::Turn& turn, v8::Local<v8::String> script,
                                      kj::Maybe<kj::String> name) {
  return run(turn, script, nameOr(name, "eval"_kj));
}

v8::Local<v8::Value> UnsafeEval::newFunction(js::Turn& turn, v8::Local<v8::String> body,
                                             kj::Maybe<kj::String> name, js::Arguments arguments) {
  return make(turn, "function", body, nameOr(name, kDefaultName), arguments);
}

v8::Local<v8::Value> UnsafeEval::newAsyncFunction(js::Turn& turn, v8::Local<v8::String> body,
                                                  kj::Maybe<kj::String> name,
                                                  js::Arguments arguments) {
  return make(turn, "async function", body, nameOr(name, kDefaultName), arguments);
}

v8::Local<v8::Value> UnsafeEval::newWasmModule(js::Turn& turn, js::BufferSource bytes) {
  return turn.check(v8::WasmModuleObject::Compile(
      turn.v8, v8::MemorySpan<const uint8_t>(bytes.bytes.begin(), bytes.bytes.size())));
}

constinit const js::Class UnsafeEval::kClass{
    .name = kClassName, .members = kMembers, .exposed = false};

}  // namespace ocapd::api
