// Scripts as the config brings them: module kinds, how modules find each other, what is said when
// they do not, and bindings.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { configText, makeFolder, Ocapd, run } from './harness.mjs';

const socket = '(name = "http", address = "127.0.0.1:0", http = (), service = "main")';
const quoted = (text) => JSON.stringify(text);
const esModule = (name, source) => `(name = "${name}", esModule = ${quoted(source)})`;

const worker = (modules, more = '') =>
  `(name = "main", worker = (modules = [${modules.join(', ')}], compatibilityDate = "2025-10-01"${more}))`;

/** What the worker answers. */
async function answer(t, modules, more) {
  const ocapd = await Ocapd.serve(t, worker(modules, more), socket);
  const response = await fetch(`http://127.0.0.1:${ocapd.port('http')}/`);
  return response.text();
}

/** What a config that cannot start says. */
async function startError(t, modules) {
  const config = join(makeFolder(t), 'config.capnp');
  writeFileSync(config, configText(worker(modules), socket));
  const { code, stderr } = await run('serve', config);
  assert.equal(code, 1);
  return stderr;
}

test('modules of every kind hold their value', async (t) => {
  const wasm = '0x"0061736d0100000001050160000 17f030201000707010361646400000a0601040041 2a0b"'.replaceAll(' ', '');
  const text = await answer(t, [
    esModule('main.js', `
      import text from './a.txt'; import data from './dir/b.bin'; import json from './c.json';
      import module from './d.wasm'; import { twice } from './dir/e.js';
      export default { fetch() {
        const { exports } = new WebAssembly.Instance(module);
        return new Response([text, new Uint8Array(data).join('.'), json.a[1], exports.add(), twice(4)].join('|'));
      } };`),
    '(name = "a.txt", text = "naïve")',
    '(name = "dir/b.bin", data = 0x"0102ff")',
    '(name = "c.json", json = "{\\"a\\":[1,2]}")',
    `(name = "d.wasm", wasm = ${wasm})`,
    esModule('dir/e.js', `import { factor } from './f.js'; export const twice = (x) => factor * x;`),
    esModule('dir/f.js', `import * as main from '../main.js'; export const factor = 2;`),
  ]);
  assert.equal(text, 'naïve|1.2.255|2|42|8');
});

test('modules are imported dynamically and await at their top', async (t) => {
  assert.equal(await answer(t, [
    esModule('main.js', `
      const late = await Promise.resolve('awaited');
      export default { async fetch() {
        const { value } = await import('./lazy.js');
        const same = (await import('./lazy.js')).value === value;
        const missing = await import('./nowhere.js').catch((error) => error.message);
        return new Response([late, value.x, same, missing].join('|'));
      } };`),
    esModule('lazy.js', 'export const value = { x: 1 };'),
  ]), 'awaited|1|true|No such module "nowhere.js".');
});

test('bindings make the env', async (t) => {
  process.env.OCAPD_TEST_VARIABLE = 'from outside';
  assert.equal(await answer(t, [
    esModule('main.js', `export default { fetch(request, env) {
      const { text, json, data, present, absent } = env;
      return new Response(JSON.stringify([text, json, [...new Uint8Array(data)], present, absent, Object.keys(env)]));
    } };`),
  ], `, bindings = [(name = "text", text = "t"), (name = "json", json = "{\\"a\\":1}"),
      (name = "data", data = 0x"00ff"), (name = "present", fromEnvironment = "OCAPD_TEST_VARIABLE"),
      (name = "absent", fromEnvironment = "OCAPD_TEST_NOT_SET")]`),
  '["t",{"a":1},[0,255],"from outside",null,["text","json","data","present","absent"]]');
});

test('a script that does not start says why, and where', async (t) => {
  const rows = [
    ['a syntax error', [esModule('main.js', 'export default {')], /Uncaught SyntaxError: .*\n {2}at main\.js:1:/],
    ['an exception', [esModule('main.js', '\n  null.x;')], /Uncaught TypeError: .*\n {2}at main\.js:2:/],
    ['a thrown string', [esModule('main.js', 'throw "top"')], /Uncaught Error: top/],
    ['a missing module', [esModule('main.js', 'import "./gone.js"')],
      /No such module "gone\.js"\.\n {2}imported from "main\.js"/],
    ['a module above the bundle', [esModule('main.js', 'import "../up.js"')], /No such module "\.\.\/up\.js"/],
    ['an export that is none', [esModule('main.js', 'import { x } from "./a.js"'), esModule('a.js', '')],
      /SyntaxError: .*does not provide an export named 'x'/],
    ['an endless await', [esModule('main.js', 'await new Promise(() => {})')],
      /Top-level await in module is unsettled\./],
    ['an entrypoint that is none', [esModule('main.js', 'export const a = 5')],
      /Incorrect type for map entry 'a'/],
    ['I/O at the top', [esModule('main.js', 'await fetch("http://example.com")')],
      /Disallowed operation called within global scope/],
  ];
  for (const [why, modules, text] of rows) {
    const said = await startError(t, modules);
    assert.match(said, text, why);
    assert.match(said, /^service main: /m, why);
  }
});

test('all scripts that do not start are told at once', async (t) => {
  const config = join(makeFolder(t), 'config.capnp');
  const bad = (name) => `(name = "${name}", worker = (modules = [${esModule('m.js', `throw new Error("${name}")`)}], compatibilityDate = "2025-10-01"))`;
  writeFileSync(config, configText(`${bad('one')}, ${bad('two')}`, socket.replace('main', 'one')));
  const { code, stderr } = await run('serve', config);
  assert.equal(code, 1);
  assert.match(stderr, /service one: Uncaught Error: one/);
  assert.match(stderr, /service two: Uncaught Error: two/);
});

test('a worker that fills its heap loses its requests, not the daemon', async (t) => {
  const ocapd = await Ocapd.serve(t, worker([esModule('main.js', `
    export default { fetch(request) {
      const all = [];
      if (request.url.endsWith('/fill')) for (;;) all.push(new Array(1000).fill(1.5));
      return new Response('alive');
    } };`)]), `${socket}], v8Flags = ["--max-heap-size=64"`);
  const base = `http://127.0.0.1:${ocapd.port('http')}`;
  const filled = await fetch(`${base}/fill`);
  assert.equal(filled.status, 500);
  assert.equal(await (await fetch(`${base}/`)).text(), 'alive');
});

test('a failing worker may let its requests pass', async (t) => {
  const services = worker([esModule('main.js', `
    export default { async fetch(request, env, ctx) {
      ctx.passThroughOnException();
      if (request.url.endsWith('/later')) await Promise.resolve();
      throw new Error('mine');
    } };`)], ', globalOutbound = "behind"') + `, (name = "behind", worker = (modules = [${esModule('b.js', `
    export default { async fetch(request) {
      return new Response([request.method, new URL(request.url).pathname, request.headers.get('x-a'), await request.text()].join());
    } };`)}], compatibilityDate = "2025-10-01"))`;
  const ocapd = await Ocapd.serve(t, services, socket);
  for (const path of ['/now', '/later']) {
    const response = await fetch(`http://127.0.0.1:${ocapd.port('http')}${path}`,
      { method: 'POST', body: 'content', headers: { 'X-A': 'v' } });
    assert.equal(await response.text(), `POST,${path},v,content`);
  }
});

test('big uploads are read chunk by chunk through a binding, over and over', async (t) => {
  const services = worker([esModule('main.js', `
    export default { fetch(request, env) { return env.SINK.fetch(request); } };`)],
  ', bindings = [(name = "SINK", service = "sink")]') + `, (name = "sink", worker = (modules = [${esModule('s.js', `
    export default { async fetch(request) {
      let bytes = 0;
      for await (const chunk of request.body) bytes += chunk.byteLength;
      return new Response(String(bytes));
    } };`)}], compatibilityDate = "2025-10-01"))`;
  const ocapd = await Ocapd.serve(t, services, socket);
  const body = new Uint8Array(32 << 20);
  for (let i = 0; i < 8; ++i) {
    const response = await fetch(`http://127.0.0.1:${ocapd.port('http')}/`, { method: 'POST', body });
    assert.equal(await response.text(), String(body.length));
  }
});
