// A worker that reaches a limit: its callers are told, it starts again, nobody else notices.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Ocapd } from './harness.mjs';

const kBad = `
  let generation = 0;
  export default {
    async fetch(request, env, ctx) {
      const { pathname } = new URL(request.url);
      generation += 1;
      if (pathname === '/loop') for (;;);
      // tidy: sleep: a turn that is not the event's first
      if (pathname === '/later') { await Promise.resolve(); await scheduler.wait(1); for (;;); }
      if (pathname === '/heap') { const all = []; for (;;) all.push(new Array(1000).fill({})); }
      if (pathname === '/stack') { const f = () => f(); f(); }
      return new Response(String(generation));
    },
  };
`;
const kGood = `export default { fetch() { return new Response('good'); } };`;

const worker = (name, source) =>
  `(name = "${name}", worker = (compatibilityDate = "2025-10-01", ` +
  `modules = [(name = "main.js", esModule = ${JSON.stringify(source)})]))`;
const socket = (name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`;

test('loops, full heaps and endless recursion end the event, not the program', async (t) => {
  const ocapd = await Ocapd.serve(t, `${worker('bad', kBad)}, ${worker('good', kGood)}`,
    `${socket('bad')}, ${socket('good')}`, { args: ['--limit-cpu-ms=100', '--limit-memory-mb=64'] });
  const get = async (name, path) => {
    const response = await fetch(ocapd.url(name, path));
    return [response.status, await response.text()];
  };
  assert.deepEqual(await get('bad', '/'), [200, '1']);
  for (const path of ['/loop', '/later', '/heap']) {
    assert.equal((await get('bad', path))[0], 500, path);
    assert.deepEqual(await get('good', '/'), [200, 'good']);
    assert.deepEqual(await get('bad', '/'), [200, '1'], `a new worker after ${path}`);
  }
  assert.equal((await get('bad', '/stack'))[0], 500);
  assert.deepEqual(await get('bad', '/'), [200, '3'], 'the same worker: a stack overflow is an exception');
});
