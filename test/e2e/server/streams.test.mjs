// Streamed bodies on the wire: back-pressure, and clients that leave.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeFolder, Ocapd } from './harness.mjs';

async function serveWorker(t, script) {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'worker.js'), script);
  return Ocapd.serve(t,
    '(name = "main", worker = (compatibilityDate = "2026-11-01", ' +
      'modules = [(name = "worker.js", esModule = embed "worker.js")], ' +
      'bindings = [(name = "SELF", service = "main")]))',
    '(name = "main", address = "127.0.0.1:0", http = (), service = "main")', { folder });
}

async function waitFor(what, condition) {
  for (let i = 0; i < 500; ++i) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`${what} did not come about`);
}

const kEndless = `
let pulled = 0;
let cancelled = 0;
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/state') return Response.json({ pulled, cancelled });
    if (pathname === '/through') return env.SELF.fetch('http://x/endless');
    const stream = new ReadableStream({
      pull(controller) {
        ++pulled;
        controller.enqueue(new Uint8Array(65536));
      },
      async cancel() {
        await null;
        ++cancelled;
      },
    });
    if (pathname === '/transformed') return new Response(stream.pipeThrough(new TransformStream()));
    return new Response(stream);
  },
};`;

const getState = async (ocapd) => (await fetch(ocapd.url('main', '/state'))).json();

for (const path of ['/endless', '/through', '/transformed']) {
  test(`a client that leaves cancels what JavaScript makes: ${path}`, async (t) => {
    const ocapd = await serveWorker(t, kEndless);
    const request = http.get(ocapd.url('main', path));
    request.on('error', () => {});
    const [response] = await new Promise((resolve) => request.on('response', (...r) => resolve(r)));
    await new Promise((resolve) => response.once('data', resolve));
    request.destroy();
    await waitFor('the cancel', async () => (await getState(ocapd)).cancelled === 1);
    const { pulled } = await getState(ocapd);
    assert.equal((await getState(ocapd)).pulled, pulled);
  });

  test(`a client that does not read stops the source: ${path}`, async (t) => {
    const ocapd = await serveWorker(t, kEndless);
    const socket = net.connect(ocapd.port('main'), '127.0.0.1');
    t.after(() => socket.destroy());
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await waitFor('the first pull', async () => (await getState(ocapd)).pulled > 0);
    // Until the kernel's buffers are full it goes on.
    let before = -1;
    const { pulled } = await waitFor('standstill', async () => {
      const state = await getState(ocapd);
      const isStill = state.pulled === before;
      before = state.pulled;
      return isStill && state;
    });
    assert.ok(pulled < 1000, `${pulled} chunks were made`);
  });
}

const kPassing = `
export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/native') return new Response(request.body);
    if (pathname === '/service') return env.SELF.fetch('http://x/native', request);
    if (pathname === '/identity') {
      return new Response(request.body.pipeThrough(new IdentityTransformStream()));
    }
    if (pathname === '/transform') {
      return new Response(request.body.pipeThrough(new TransformStream()));
    }
    if (pathname === '/gzip') {
      return new Response(request.body
        .pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip')));
    }
    const [left, right] = request.body.tee();
    const count = (await new Response(left).arrayBuffer()).byteLength;
    return new Response(right, { headers: { count } });
  },
};`;

test('uploads pass through streams of every kind unchanged', async (t) => {
  const ocapd = await serveWorker(t, kPassing);
  const body = Buffer.alloc(3_000_001);
  for (let i = 0; i < body.length; i += 4) body.writeUInt32LE((i * 2654435761) >>> 0, Math.min(i, body.length - 4));
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
  for (const path of ['/native', '/service', '/identity', '/transform', '/gzip', '/tee']) {
    const answer = await fetch(ocapd.url('main', path), { method: 'POST', body });
    assert.equal(digest(Buffer.from(await answer.arrayBuffer())), digest(body), path);
  }
});

test('a stream that fails breaks the response off', async (t) => {
  const ocapd = await serveWorker(t, `export default {
    fetch() {
      let isFirst = true;
      return new Response(new ReadableStream({
        pull(controller) {
          if (isFirst) controller.enqueue(new Uint8Array(10));
          else controller.error(new Error('half way'));
          isFirst = false;
        },
      }));
    },
  };`);
  const answer = await fetch(ocapd.url('main'));
  assert.equal(answer.status, 200);
  await assert.rejects(answer.arrayBuffer());
});

test('a fixed length is the Content-Length of the response', async (t) => {
  const ocapd = await serveWorker(t, `export default {
    fetch() {
      const { readable, writable } = new FixedLengthStream(5);
      const writer = writable.getWriter();
      writer.write('hello');
      writer.close();
      return new Response(readable);
    },
  };`);
  const answer = await fetch(ocapd.url('main'));
  assert.equal(answer.headers.get('content-length'), '5');
  assert.equal(await answer.text(), 'hello');
});
