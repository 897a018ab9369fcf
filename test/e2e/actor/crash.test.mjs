// Bursts of writes to several Durable Objects, each cut short by kill -9: every write that was
// acknowledged is there afterwards, whole. BURSTS says how many there are; the long version is
//
//   BURSTS=1000 node --test test/e2e/actor/crash.test.mjs
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeFolder, Ocapd } from '../server/harness.mjs';

const kBursts = Number(process.env.BURSTS ?? 6);
const kObjects = 4;
const kWritersEach = 3;
const kWritesMax = 120;

const kWorker = `
import { DurableObject } from 'cloudflare:workers';
export class Box extends DurableObject {
  // Three changes, in one commit.
  write(key) {
    const { storage } = this.ctx;
    storage.sql.exec('CREATE TABLE IF NOT EXISTS t(key TEXT PRIMARY KEY, big TEXT)');
    storage.sql.exec('INSERT INTO t VALUES (?, ?)', key, key.repeat(key.length % 7 * 40));
    storage.put(key, { key });
    storage.put('count', (storage.kv.get('count') ?? 0) + 1);
  }
  read() {
    const { storage } = this.ctx;
    storage.sql.exec('CREATE TABLE IF NOT EXISTS t(key TEXT PRIMARY KEY, big TEXT)');
    const check = storage.sql.exec('PRAGMA quick_check').toArray();
    return {
      check: Object.values(check[0])[0],
      count: storage.kv.get('count') ?? 0,
      keys: [...storage.kv.list({ prefix: 'k' })].map(([key]) => key),
      rows: storage.sql.exec('SELECT key FROM t').toArray().map(({ key }) => key),
    };
  }
}
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const box = env.Box.getByName(searchParams.get('object'));
    if (pathname === '/read') return Response.json(await box.read());
    await box.write(searchParams.get('key'));
    return new Response('kept');
  },
};
`;

function serve(t, folder) {
  const disk = join(folder, 'objects');
  mkdirSync(disk, { recursive: true });
  writeFileSync(join(folder, 'worker.js'), kWorker);
  const services = `
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2025-10-01",
      durableObjectNamespaces = [(className = "Box", uniqueKey = "box", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [(name = "Box", durableObjectNamespace = (className = "Box"))])),
    (name = "disk", disk = (path = "${disk}", writable = true))`;
  return Ocapd.serve(t, services,
    '(name = "http", address = "127.0.0.1:0", http = (), service = "main")', { folder });
}

/** Writes until the program is gone; adds what was acknowledged. */
async function write(server, object, name, acknowledged, isOver) {
  for (let i = 0; !isOver(); i += 1) {
    const key = `k ${name} ${i}`;
    const query = new URLSearchParams({ object, key });
    const answer = await fetch(server.url('http', `/write?${query}`))
      .then((response) => response.text(), () => undefined);
    if (answer !== 'kept') return;
    acknowledged.push({ object, key });
  }
}

async function check(server, acknowledged) {
  for (let i = 0; i < kObjects; i += 1) {
    const object = `o${i}`;
    const state = await (await fetch(server.url('http', `/read?object=${object}`))).json();
    const keys = new Set(state.keys);
    assert.equal(state.check, 'ok');
    for (const each of acknowledged) {
      if (each.object === object) assert.ok(keys.has(each.key), `${each.key} of ${object} is lost`);
    }
    // All or nothing.
    assert.deepEqual(state.rows.sort(), state.keys.sort());
    assert.equal(state.count, state.keys.length);
  }
}

test('every acknowledged write of a burst survives kill -9', async (t) => {
  const folder = makeFolder(t);
  const acknowledged = [];
  for (let burst = 0; burst < kBursts; burst += 1) {
    const server = await serve(t, folder);
    await check(server, acknowledged);
    const died = server.exited;
    const end = acknowledged.length + 1 + Math.floor(Math.random() * kWritesMax);
    let isOver = false;
    const writers = [];
    for (let i = 0; i < kObjects * kWritersEach; i += 1) {
      const name = `${burst}-${i}`;
      writers.push(write(server, `o${i % kObjects}`, name, acknowledged, () => isOver));
    }
    // In the middle of what the writers have under way.
    while (acknowledged.length < end) await new Promise(setImmediate);
    server.signal('SIGKILL');
    await died;
    isOver = true;
    await Promise.all(writers);
  }
  await check(await serve(t, folder), acknowledged);
});
