// Durable Objects across restarts: what was acknowledged is there, whoever wrote it. WORKERD_BIN,
// if set, names the reference, which then opens what ocapd wrote and the other way round.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { makeFolder, Ocapd } from '../server/harness.mjs';

const kReference = process.env.WORKERD_BIN;
const kKillRounds = Number(process.env.KILL_ROUNDS ?? 8);

const kWorker = `
import { DurableObject } from 'cloudflare:workers';
const rung = {};
export class Inner extends DurableObject {
  fetch(request) {
    const { storage, facets } = this.ctx;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/facet/deep') {
      const deeper = new URL(request.url.replace('/deep', ''));
      return facets.get('deeper', () => ({ class: this.ctx.exports.Inner })).fetch(deeper);
    }
    const n = searchParams.get('n');
    storage.sql.exec('CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY)');
    if (n !== null) {
      storage.put('last', Number(n));
      storage.sql.exec('INSERT OR REPLACE INTO t VALUES (?)', Number(n));
    }
    const rows = storage.sql.exec('SELECT count(*) AS n FROM t').one().n;
    return storage.get('last').then((last) => Response.json([last ?? -1, rows]));
  }
}
export class Box extends DurableObject {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const { storage } = this.ctx;
    if (pathname.startsWith('/facet')) {
      const name = searchParams.get('name');
      if (searchParams.has('delete')) {
        this.ctx.facets.delete(name);
        return Response.json('deleted');
      }
      return this.ctx.facets.get(name, () => ({ class: this.ctx.exports.Inner })).fetch(request);
    }
    switch (pathname) {
      case '/write': {
        const n = Number(searchParams.get('n'));
        storage.put('last', n);
        storage.put('key' + n, { n });
        storage.sql.exec('CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY)');
        storage.sql.exec('INSERT INTO t VALUES (?)', n);
        return new Response(String(n));
      }
      case '/read': return Response.json({
        last: await storage.get('last') ?? -1,
        keys: (await storage.list({ prefix: 'key' })).size,
        rows: storage.sql.exec("SELECT count(*) AS n FROM sqlite_master WHERE name = 't'").one().n &&
          storage.sql.exec('SELECT count(*) AS n FROM t').one().n,
        alarm: await storage.getAlarm(),
      });
      case '/values': {
        await storage.put({
          map: new Map([['a', new Date(5)]]), bytes: new Uint8Array([1, 2, 3]), text: '\\ud83d\\ude00',
          big: 2n ** 70n, nothing: null, error: undefined,
        });
        return new Response('ok');
      }
      case '/check': {
        const map = await storage.get('map');
        return Response.json([
          map?.get('a')?.getTime(), [...(await storage.get('bytes')) ?? []], await storage.get('text'),
          String(await storage.get('big')), await storage.get('nothing'),
        ]);
      }
      case '/alarm': {
        const time = Number(searchParams.get('time'));
        await storage.setAlarm(time);
        return new Response(String(await storage.getAlarm()));
      }
      case '/rung': return Response.json(rung[this.ctx.id.toString()] ?? null);
    }
  }
  alarm(info) {
    rung[this.ctx.id.toString()] = { time: info.scheduledTime, retry: info.retryCount, name: this.ctx.id.name };
  }
}
export default {
  fetch(request, env) { return env.Box.getByName('box').fetch(request); },
};
`;

/** Serves the worker, with its objects in a subfolder of `folder`. */
function serve(t, folder, program) {
  const disk = join(folder, 'objects');
  mkdirSync(disk, { recursive: true });
  writeFileSync(join(folder, 'worker.js'), kWorker);
  const services = `
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2025-10-01",
      compatibilityFlags = ["enable_ctx_exports"],
      durableObjectNamespaces = [(className = "Box", uniqueKey = "box", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [(name = "Box", durableObjectNamespace = (className = "Box"))])),
    (name = "disk", disk = (path = "${disk}", writable = true))`;
  const sockets = '(name = "http", address = "127.0.0.1:0", http = (), service = "main")';
  return Ocapd.serve(t, services, sockets, { folder, program });
}

const get = async (server, path) => (await fetch(server.url('http', path))).text();
const read = async (server, path) => JSON.parse(await get(server, path));

async function stop(server) {
  server.signal('SIGTERM');
  await server.exited;
}

/** Asks until there is an answer other than null. */
async function eventually(ask) {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
  }
}

test('what was acknowledged survives kill -9 at any point', async (t) => {
  const folder = makeFolder(t);
  let acknowledged = 0;
  for (let round = 0; round < kKillRounds; round += 1) {
    const server = await serve(t, folder);
    const state = await read(server, '/read');
    if (round > 0) {
      assert.ok(state.last >= acknowledged - 1, `${state.last} of ${acknowledged} are there`);
      // All or nothing: each write is three statements.
      assert.equal(state.keys, state.last + 1);
      assert.equal(state.rows, state.last + 1);
    }
    let next = state.last + 1;
    const end = next + 5 + Math.floor(Math.random() * 60);
    const died = server.exited;
    for (; next < end; next += 1) {
      assert.equal(await get(server, `/write?n=${next}`), String(next));
      acknowledged = next + 1;
    }
    // One more under way when it dies.
    const last = get(server, `/write?n=${next}`).then(() => (acknowledged = next + 1), () => {});
    server.signal('SIGKILL');
    await died;
    await last;
  }
});

test('what facets acknowledged survives kill -9 at any point', async (t) => {
  const folder = makeFolder(t);
  const acknowledged = new Map();
  for (let round = 0; round < kKillRounds; round += 1) {
    const server = await serve(t, folder);
    for (const [path, n] of acknowledged) {
      const [last, rows] = await read(server, path);
      assert.ok(last >= n, `${last} of ${n} are there`);
      assert.equal(rows, last + 1);
    }
    const died = server.exited;
    const count = 3 + Math.floor(Math.random() * 30);
    for (let i = 0; i < count; i += 1) {
      const path = `/facet${i % 3 === 0 ? '/deep' : ''}?name=f${i % 5}`;
      const [last] = await read(server, path);
      await read(server, `${path}&n=${last + 1}`);
      acknowledged.set(path, last + 1);
    }
    const [path, n] = [...acknowledged][0];
    const last = get(server, `${path}&n=${n + 1}`).catch(() => {});
    server.signal('SIGKILL');
    await died;
    await last;
  }
});

test('a clean stop leaves nothing but the database', async (t) => {
  const folder = makeFolder(t);
  const server = await serve(t, folder);
  await get(server, '/write?n=0');
  await stop(server);
  const files = readdirSync(join(folder, 'objects', 'box'));
  assert.ok(files.includes('metadata.sqlite'));
  assert.deepEqual(files.filter((name) => /-(wal|shm)$/.test(name)), []);
  assert.equal(files.length, 2);
});

test('an alarm that came due while nobody ran rings at the next start', async (t) => {
  const folder = makeFolder(t);
  const first = await serve(t, folder);
  const time = Number(await get(first, `/alarm?time=${Date.now() + 2000}`));
  await first.kill();
  while (Date.now() <= time) await new Promise(setImmediate);
  const second = await serve(t, folder);
  const seen = await eventually(() => read(second, '/rung'));
  assert.deepEqual(seen, { time, retry: 0, name: 'box' });
  assert.equal((await read(second, '/read')).alarm, null);
});

for (const [writer, reader, what] of [
  [undefined, kReference, 'the reference opens what ocapd wrote'],
  [kReference, undefined, 'ocapd opens what the reference wrote'],
]) {
  test(what, { skip: !kReference && 'WORKERD_BIN is not set' }, async (t) => {
    const folder = makeFolder(t);
    const first = await serve(t, folder, writer);
    for (let n = 0; n < 3; n += 1) await get(first, `/write?n=${n}`);
    await get(first, '/values');
    for (const path of ['?name=a&n=0', '?name=a&n=1', '/deep?name=a&n=0', '?name=b&n=5',
      '?name=b&delete', '?name=c&n=3']) {
      await read(first, `/facet${path}`);
    }
    const time = Number(await get(first, `/alarm?time=${Date.now() + 3_600_000}`));
    await first.kill();
    const second = await serve(t, folder, reader);
    assert.deepEqual(await read(second, '/read'), { last: 2, keys: 3, rows: 3, alarm: time });
    assert.deepEqual(await read(second, '/check'),
      [5, [1, 2, 3], '\u{1f600}', String(2n ** 70n), null]);
    assert.deepEqual(await read(second, '/facet?name=a'), [1, 2]);
    assert.deepEqual(await read(second, '/facet/deep?name=a'), [0, 1]);
    assert.deepEqual(await read(second, '/facet?name=b'), [-1, 0]);
    assert.deepEqual(await read(second, '/facet?name=c'), [3, 1]);
    const soon = Number(await get(second, `/alarm?time=${Date.now() + 1000}`));
    await second.kill();
    while (Date.now() <= soon) await new Promise(setImmediate);
    const third = await serve(t, folder, writer);
    assert.deepEqual(await eventually(() => read(third, '/rung')),
      { time: soon, retry: 0, name: 'box' });
  });
}
