// What a worker learns of a client that leaves before it has its answer.
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';

import { Ocapd } from '../server/harness.mjs';

const kWorker = `
const told = [];
export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/told") return Response.json(told);
    request.signal.addEventListener("abort", () => {
      // What the listener begins is waited for.
      ctx.waitUntil(env.SELF.fetch("http://x/told").then(() => {
        told.push([pathname, String(request.signal.reason)]);
      }));
    });
    await new Promise(() => setTimeout(() => {}, 60_000));
  },
};`;

function serve(t, flags) {
  return Ocapd.serve(t, `
    (name = "main", worker = (
      modules = [(name = "main.js", esModule = ${JSON.stringify(kWorker)})],
      bindings = [(name = "SELF", service = "main")],
      compatibilityFlags = ${JSON.stringify(flags)},
      compatibilityDate = "2025-10-01"))`,
  '(name = "http", address = "127.0.0.1:0", http = (), service = "main")');
}

/** Asks and leaves once the request has arrived. */
async function leave(url) {
  const { hostname, port, pathname } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
  // The next answer comes after the worker has begun with this one.
  await fetch(new URL('/told', url));
  socket.resetAndDestroy();
}

test("a client that leaves aborts its request's signal", async (t) => {
  const ocapd = await serve(t, ['enable_request_signal']);
  await leave(ocapd.url('http', '/a'));
  let told = [];
  while (told.length === 0) told = await (await fetch(ocapd.url('http', '/told'))).json();
  assert.deepEqual(told, [['/a', 'AbortError: The client has disconnected']]);
});

test('without the flag nothing is aborted', async (t) => {
  const ocapd = await serve(t, []);
  await leave(ocapd.url('http', '/a'));
  for (let i = 0; i < 20; ++i) {
    assert.deepEqual(await (await fetch(ocapd.url('http', '/told'))).json(), []);
  }
});
