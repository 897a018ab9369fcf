// Rung 9: setOptions(), dispose(), data kept on disk, processes that end.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, scratchFolder, testEach, worker } from './miniflare.mjs';

const answer = (text) => worker(`export default { fetch: () => new Response('${text}') }`);

testEach('answers with the new script after setOptions()', async (version, t) => {
  const miniflare = version.open(t, answer('one'));
  const ask = async () => (await miniflare.dispatchFetch('http://localhost/')).text();
  assert.equal(await ask(), 'one');
  for (const text of ['two', 'three', 'four']) {
    await miniflare.setOptions(version.convert(answer(text)));
    assert.equal(await ask(), text);
  }
});

const scratch = scratchFolder();

testEach('keeps data on disk from one process to the next', async (version, t) => {
  const persist = join(scratch, version.name);
  const options = worker(
    `import { DurableObject } from 'cloudflare:workers';
    export class Box extends DurableObject {
      async count() {
        const value = (await this.ctx.storage.get('count') ?? 0) + 1;
        await this.ctx.storage.put('count', value);
        return value;
      }
    }
    export default {
      async fetch(request, { BOX, KV, R2, D1 }) {
        const before = [await KV.get('key'), await (await R2.get('key'))?.text() ?? null];
        await KV.put('key', 'kv');
        await R2.put('key', 'r2');
        await D1.prepare('CREATE TABLE IF NOT EXISTS t (a)').run();
        await D1.prepare('INSERT INTO t VALUES (1)').run();
        const rows = await D1.prepare('SELECT count(*) AS n FROM t').first('n');
        return Response.json([...before, rows, await BOX.getByName('a').count()]);
      },
    }`,
    {
      name: 'main',
      durableObjects: { BOX: { className: 'Box', useSQLite: true } },
      kvNamespaces: ['KV'],
      r2Buckets: ['R2'],
      d1Databases: ['D1'],
    },
  );
  const first = version.openConverted(t, version.convertPersistent(options, persist));
  const ask = async (miniflare) => (await miniflare.dispatchFetch('http://localhost/')).json();
  assert.deepEqual(await ask(first), [null, null, 1, 1]);
  await first.dispose();
  const second = version.openConverted(t, version.convertPersistent(options, persist));
  assert.deepEqual(await ask(second), ['kv', 'r2', 2, 2]);
});

function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1].split(' ');
        return Number(fields[1]) === pid && fields[0] !== 'Z';
      } catch {
        return false;
      }
    });
}

testEach('leaves no process behind', async (version, t) => {
  const miniflare = version.open(t, answer('one'));
  const before = childrenOf(process.pid).length;
  await miniflare.dispatchFetch('http://localhost/');
  assert.ok(childrenOf(process.pid).length > before);
  await miniflare.dispose();
  await eventually(() => childrenOf(process.pid).length === before);
});

testEach('serves again after its process was killed', async (version, t) => {
  const before = childrenOf(process.pid);
  const log = new version.package.NoOpLog();
  const miniflare = version.open(t, { ...answer('one'), log });
  await miniflare.dispatchFetch('http://localhost/');
  const [runtime] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
  process.kill(Number(runtime), 'SIGKILL');
  const ask = async () => (await miniflare.dispatchFetch('http://localhost/')).text();
  assert.equal(await eventually(() => ask().catch(() => undefined)), 'one');
});
