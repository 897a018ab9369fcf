// caches: what is asked of the service that is the cache, and what its answers become. Holds on the
// reference too.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Ocapd } from '../server/harness.mjs';

// The cache answers what it was asked, in JSON, as a hit unless the URL says otherwise.
const kCache = `
export default {
  async fetch(request, env) {
    const query = new URL(request.url).searchParams;
    const asked = [request.method, request.url, [...request.headers], await request.text()];
    await env.log.fetch("http://log/", {method: "POST", body: JSON.stringify(asked)});
    if (request.method === "PUT") return new Response(null, {status: 204});
    const headers = {"cf-cache-status": query.get("hit") ?? "HIT"};
    return new Response("cached", {status: Number(query.get("status") ?? 200), headers});
  },
};`;

// Keeps what is posted until somebody gets it.
const kLog = `
let asked = [];
export default {
  async fetch(request) {
    if (request.method === "POST") asked.push(await request.json());
    else return Response.json(asked.splice(0));
    return new Response();
  },
};`;

const worker = (name, source, more = '') => `(name = "${name}", worker = (
  modules = [(name = "main.js", esModule = ${JSON.stringify(source)})],
  compatibilityDate = "2025-10-01" ${more}))`;

/** Runs \`body\` in a handler; its result, and what the cache was asked. */
async function runWithCache(t, body, { isConfigured = true } = {}) {
  const main = `export default {
    async fetch(request, env) {
      const cache = caches.default;
      const attempt = (f) => Promise.resolve().then(f).then((v) => v ?? null, String);
      const result = await (async () => { ${body} })();
      const log = await (await env.log.fetch("http://log/")).json();
      return Response.json({result, log});
    },
  };`;
  const log = 'bindings = [(name = "log", service = "log")]';
  const outbound = isConfigured ? ', cacheApiOutbound = "cache"' : '';
  const services = [
    worker('main', main, `, ${log}${outbound}`),
    worker('cache', kCache, `, ${log}`),
    worker('log', kLog),
  ].join();
  const sockets = '(name = "http", address = "127.0.0.1:0", http = (), service = "main")';
  const ocapd = await Ocapd.serve(t, services, sockets);
  return (await fetch(ocapd.url('http'))).json();
}

test('match asks for what is cached only', async (t) => {
  const { result, log } = await runWithCache(t, `
    const request = new Request("http://a/#f", {headers: {q: "w", "cache-control": "z"}});
    const response = await cache.match(request);
    return [response.status, response.url, await response.text()];`);
  assert.deepEqual(result, [200, '', 'cached']);
  const headers = [['cache-control', 'only-if-cached'], ['q', 'w']];
  assert.deepEqual(log, [['GET', 'http://a/#f', headers, '']]);
});

test('what is no hit is undefined', async (t) => {
  const { result } = await runWithCache(t, `
    return [typeof await cache.match("http://a/?hit=MISS"), typeof await cache.match("http://a/?hit=")];`);
  assert.deepEqual(result, ['undefined', 'undefined']);
});

test('only GET is looked for', async (t) => {
  const { result, log } = await runWithCache(t, `
    const request = new Request("http://a/", {method: "POST"});
    return [typeof await cache.match(request), typeof await cache.match(request, {ignoreMethod: true}),
      await cache.delete(request)];`);
  assert.deepEqual(result, ['undefined', 'object', false]);
  assert.deepEqual(log.map(([method]) => method), ['GET']);
});

test('named caches say their name', async (t) => {
  const { log } = await runWithCache(t, `
    await (await caches.open("na me/\\u00e9")).match("http://a/");`);
  assert.deepEqual(log[0][2].at(-1), ['cf-cache-namespace', 'na%20me%2F%C3%A9']);
});

test('put sends the whole response', async (t) => {
  const { log } = await runWithCache(t, `
    await cache.put("http://a/", new Response("body", {headers: {"cache-control": "max-age=1"}}));
    const body = new Response("streamed").body.pipeThrough(new TransformStream());
    await cache.put("http://a/", new Response(body, {status: 404, statusText: "Weird"}));
    await cache.put("http://a/", new Response(null, {status: 204}));
    await cache.put("http://a/", new Response(null, {status: 304}));`);
  const messages = log.map(([method, , , body]) => [method, ...body.split('\r\n')]);
  assert.equal(messages.length, 3);
  assert.deepEqual(messages[0].slice(0, 3), ['PUT', 'HTTP/1.1 200 OK', 'Content-Length: 4']);
  assert.deepEqual(messages[0].at(-1), 'body');
  assert.ok(messages[0].some((line) => /^cache-control: max-age=1$/i.test(line)));
  assert.deepEqual(messages[1], [
    'PUT', 'HTTP/1.1 404 Weird', 'Transfer-Encoding: chunked', '', 'streamed']);
  assert.deepEqual(messages[2], ['PUT', 'HTTP/1.1 204 No Content', 'Content-Length: 0', '', '']);
});

test('put refuses what cannot be cached', async (t) => {
  const { result, log } = await runWithCache(t, `
    return [
      await attempt(() => cache.put("http://a/", new Response("", {status: 206}))),
      await attempt(() => cache.put("http://a/", new Response("", {headers: {vary: "a, *"}}))),
      await attempt(() => cache.put(new Request("http://a/", {method: "PUT"}), new Response())),
      await attempt(() => cache.put("http://a/", {})),
    ];`);
  assert.deepEqual(result, [
    'TypeError: Cannot cache response to a range request (206 Partial Content).',
    "TypeError: Cannot cache response with 'Vary: *' header.",
    'TypeError: Cannot cache response to non-GET request.',
    "TypeError: Failed to execute 'put' on 'Cache': parameter 2 is not of type 'Response'.",
  ]);
  assert.deepEqual(log, []);
});

test('delete purges', async (t) => {
  const { result, log } = await runWithCache(t, `
    const remove = (status) => attempt(() => cache.delete("http://a/?status=" + status));
    return [await remove(200), await remove(404), await remove(429), await remove(500)];`);
  assert.deepEqual(result, [
    true,
    false,
    'Error: Unable to delete cached response. Subrequests are being rate-limited.',
    'Error: Unable to delete cached response.',
  ]);
  assert.deepEqual(log[0].slice(0, 3), [
    'PURGE', 'http://a/?status=200', [['x-real-ip', '127.0.0.1']]]);
});

test('without a service there is no cache', async (t) => {
  const { result } = await runWithCache(t, `
    return [await attempt(() => cache.match("http://a/")), await attempt(() => new Cache()),
      await attempt(() => caches.match("http://a/"))];`, { isConfigured: false });
  assert.deepEqual(result, [
    'Error: No Cache was configured',
    'TypeError: Illegal constructor',
    "Error: Failed to execute 'match' on 'CacheStorage': the method is not implemented.",
  ]);
});
