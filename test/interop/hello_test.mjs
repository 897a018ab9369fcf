// Rung 1: a worker answers, and the process behaves as its client expects.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';

import { eventually, testEach, worker } from './miniflare.mjs';

testEach('answers a request with its URL, method, headers and body', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(`export default {
      async fetch(request) {
        return Response.json(
          [request.method, request.url, request.headers.get('x-a'), await request.text()],
          { status: 201, headers: { 'x-b': 'c' } });
      },
    }`),
  );
  const response = await miniflare.dispatchFetch('http://example.com/path?query', {
    method: 'POST',
    headers: { 'x-a': 'b' },
    body: 'text',
  });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('x-b'), 'c');
  assert.deepEqual(await response.json(), ['POST', 'http://example.com/path?query', 'b', 'text']);
});

testEach('gives workers request.cf', async (version, t) => {
  const miniflare = version.open(
    t,
    worker('export default { fetch: (request) => Response.json(request.cf) }'),
  );
  const cf = { colo: 'XYZ', nested: { list: [1, 2] } };
  const response = await miniflare.dispatchFetch('http://localhost/', { cf });
  const { colo, nested } = await response.json();
  assert.deepEqual({ colo, nested }, cf);
});

testEach('runs service-worker scripts with bindings as globals', async (version, t) => {
  const miniflare = version.open(t, {
    script: "addEventListener('fetch', (event) => event.respondWith(new Response(TEXT + JSON_.a)))",
    compatibilityDate: '2025-09-01',
    bindings: { TEXT: 'text', JSON_: { a: 1 } },
  });
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.equal(await response.text(), 'text1');
});

testEach('gives workers text, JSON, data and process.env', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(
      `export default {
        fetch: (request, env) => Response.json([
          env.TEXT, env.OBJECT, new Uint8Array(env.DATA).join(), process.env.TEXT,
        ]),
      }`,
      {
        bindings: { TEXT: 'text', OBJECT: { a: [1] } },
        dataBlobBindings: { DATA: new Uint8Array([1, 2, 3]) },
        compatibilityFlags: ['nodejs_compat', 'nodejs_compat_populate_process_env'],
      },
    ),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), ['text', { a: [1] }, '1,2,3', 'text']);
});

testEach('passes on what the console is told', async (version, t) => {
  const logs = [];
  const miniflare = version.open(t, {
    ...worker(`export default {
      fetch() {
        console.log('a\\nb', { c: 1 });
        console.error(new Error('oh').message);
        return new Response();
      },
    }`),
    handleStructuredLogs({ level, message }) {
      logs.push([level, message]);
    },
  });
  await miniflare.dispatchFetch('http://localhost/');
  await eventually(() => logs.length === 2);
  assert.deepEqual(logs, [
    ['log', 'a\nb { c: 1 }'],
    ['error', 'oh'],
  ]);
});

testEach('tells of a script that does not start', async (version, t) => {
  const miniflare = version.open(t, worker("throw new TypeError('at the top'); export default {}"));
  await assert.rejects(miniflare.ready, (error) => {
    assert.equal(error.code, 'ERR_RUNTIME_FAILURE');
    assert.match(error.message, /at the top/);
    return true;
  });
});

testEach('tells of an address in use', async (version, t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const miniflare = version.open(t, {
    ...worker('export default {}'),
    host: '127.0.0.1',
    port: server.address().port,
  });
  await assert.rejects(miniflare.ready, { code: 'ERR_ADDRESS_IN_USE' });
});
