// Aborting a response that never ends: reads of its body fail with the reason, and the connection
// it comes by is closed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import test from 'node:test';

import { Ocapd } from '../server/harness.mjs';

const kWorker = `
const reads = {
  text: (body) => new Response(body).text(),
  reader: (body) => body.getReader().read(),
  async pending(body) {
    const reader = body.getReader();
    await reader.read();
    return reader.read();
  },
};
export default {
  async fetch(request, env) {
    const controller = new AbortController();
    const response = await env.upstream.fetch("http://upstream/", { signal: controller.signal });
    const outcome = reads[new URL(request.url).pathname.slice(1)](response.body);
    setTimeout(() => controller.abort(new RangeError("enough")), 1);
    return new Response(await outcome.catch(String));
  },
};`;

for (const [read, first] of [['text', 'x'], ['reader', ''], ['pending', 'x']]) {
  test(`aborting ends a body that never does: ${read}`, async (t) => {
    const upstream = http.createServer((request, response) => {
      response.flushHeaders();
      if (first) response.write(first);
    }).listen(0, '127.0.0.1');
    t.after(() => upstream.closeAllConnections() ?? upstream.close());
    await once(upstream, 'listening');
    const closed = new Promise((resolve) =>
      upstream.on('connection', (socket) => socket.on('close', resolve)));

    const services = `
      (name = "main", worker = (
        modules = [(name = "main.js", esModule = ${JSON.stringify(kWorker)})],
        bindings = [(name = "upstream", service = "upstream")],
        compatibilityDate = "2025-10-01")),
      (name = "upstream", external = (address = "127.0.0.1:${upstream.address().port}", http = ()))`;
    const sockets = '(name = "http", address = "127.0.0.1:0", http = (), service = "main")';
    const ocapd = await Ocapd.serve(t, services, sockets);
    const response = await fetch(ocapd.url('http', `/${read}`));
    assert.equal(await response.text(), 'RangeError: enough');
    await closed;
  });
}
