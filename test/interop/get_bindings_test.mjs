// Rung 3: bindings of a worker in the hands of Node.
import assert from 'node:assert/strict';

import { testEach, worker } from './miniflare.mjs';

testEach('lends values and natives to Node', async (version, t) => {
  const miniflare = version.open(
    t,
    worker('export default { fetch: () => new Response() }', {
      bindings: { TEXT: 'text', OBJECT: { a: 1 } },
      kvNamespaces: ['KV'],
      r2Buckets: ['R2'],
      d1Databases: ['D1'],
      queueProducers: { QUEUE: 'queue' },
    }),
  );
  const bindings = await miniflare.getBindings();
  assert.equal(bindings.TEXT, 'text');
  assert.deepEqual(bindings.OBJECT, { a: 1 });

  await bindings.KV.put('key', 'value', { metadata: { m: 1 } });
  assert.equal(await bindings.KV.get('key'), 'value');
  const { value, metadata } = await bindings.KV.getWithMetadata('key');
  assert.deepEqual([value, metadata], ['value', { m: 1 }]);
  const stream = await bindings.KV.get('key', 'stream');
  assert.equal(await new Response(stream).text(), 'value');

  await bindings.R2.put('object', 'content', { customMetadata: { a: 'b' } });
  const object = await bindings.R2.get('object');
  assert.equal(await object.text(), 'content');
  assert.deepEqual({ ...object.customMetadata }, { a: 'b' });
  const headers = new version.package.Headers();
  object.writeHttpMetadata(headers);

  const row = await bindings.D1.prepare('SELECT ? AS a, ? AS b').bind(1, 'x').first();
  assert.deepEqual({ ...row }, { a: 1, b: 'x' });

  await bindings.QUEUE.send({ a: 1 });
});

testEach('lends Durable Objects and service bindings to Node', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(
      `import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
      export class Counter extends DurableObject {
        async add(amount) {
          const value = (await this.ctx.storage.get('value') ?? 0) + amount;
          await this.ctx.storage.put('value', value);
          return value;
        }
        fetch(request) { return new Response(this.ctx.id.toString() + ' ' + request.url); }
      }
      export class Named extends WorkerEntrypoint {
        greet(name) { return 'Hello, ' + name; }
        counter() { let n = 0; return () => ++n; }
      }
      export default { fetch: () => new Response('default') };`,
      {
        name: 'main',
        durableObjects: { COUNTER: { className: 'Counter', useSQLite: true } },
        serviceBindings: { NAMED: { name: 'main', entrypoint: 'Named' } },
      },
    ),
  );
  const { COUNTER, NAMED } = await miniflare.getBindings();
  const id = COUNTER.idFromName('one');
  assert.equal(String(id), String(COUNTER.idFromString(String(id))));
  const stub = COUNTER.get(id);
  assert.equal(await stub.add(2), 2);
  assert.equal(await stub.add(3), 5);
  const response = await stub.fetch('http://object/path');
  assert.equal(await response.text(), `${id} http://object/path`);
  assert.equal(await NAMED.greet('you'), 'Hello, you');
  const count = await NAMED.counter();
  assert.deepEqual([await count(), await count()], [1, 2]);
});

testEach('tells Node what a binding has thrown', async (version, t) => {
  const miniflare = version.open(
    t,
    worker('export default { fetch: () => new Response() }', { kvNamespaces: ['KV'] }),
  );
  const { KV } = await miniflare.getBindings();
  await assert.rejects(KV.get(''), { name: 'TypeError', message: 'Key name cannot be empty.' });
});

testEach('lends caches to Node', async (version, t) => {
  const miniflare = version.open(t, worker('export default { fetch: () => new Response() }'));
  const caches = await miniflare.getCaches();
  const headers = { 'Cache-Control': 'max-age=3600' };
  const { Response } = version.package;
  await caches.default.put('http://localhost/cached', new Response('kept', { headers }));
  const found = await caches.default.match('http://localhost/cached');
  assert.equal(await found.text(), 'kept');
});
