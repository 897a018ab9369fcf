// Rungs 4 and 7: caches, KV, R2 and D1 as workers use them.
import assert from 'node:assert/strict';

import { testEach, worker } from './miniflare.mjs';

const kKv = `export default {
  async fetch(request, { KV }) {
    await KV.put('text', 'välue', { metadata: { m: 'ü' }, expirationTtl: 3600 });
    await KV.put('bytes', new Uint8Array([1, 2, 3]));
    await KV.put('stream', new Response('streamed').body);
    await KV.put('json', JSON.stringify({ a: [1] }));
    await KV.put('gone', 'x');
    await KV.delete('gone');
    const { keys, list_complete } = await KV.list();
    const first = await KV.list({ limit: 2 });
    const second = await KV.list({ limit: 2, cursor: first.cursor });
    return Response.json({
      text: await KV.get('text'),
      metadata: (await KV.getWithMetadata('text')).metadata,
      bytes: [...new Uint8Array(await KV.get('bytes', 'arrayBuffer'))],
      stream: await new Response(await KV.get('stream', { type: 'stream' })).text(),
      json: await KV.get('json', 'json'),
      missing: await KV.get('gone'),
      many: [...await KV.get(['json', 'gone'], 'json')],
      names: keys.map(({ name }) => name),
      expires: keys.find(({ name }) => name === 'text').expiration > Date.now() / 1000,
      listed: keys.find(({ name }) => name === 'text').metadata,
      list_complete,
      pages: [first, second].map(({ keys }) => keys.map(({ name }) => name)),
      prefixed: (await KV.list({ prefix: 's' })).keys.map(({ name }) => name),
    });
  },
}`;

testEach('keeps keys and values of a KV namespace', async (version, t) => {
  const miniflare = version.open(t, worker(kKv, { kvNamespaces: ['KV'] }));
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), {
    text: 'välue',
    metadata: { m: 'ü' },
    bytes: [1, 2, 3],
    stream: 'streamed',
    json: { a: [1] },
    missing: null,
    many: [
      ['json', { a: [1] }],
      ['gone', null],
    ],
    names: ['bytes', 'json', 'stream', 'text'],
    expires: true,
    listed: { m: 'ü' },
    list_complete: true,
    pages: [
      ['bytes', 'json'],
      ['stream', 'text'],
    ],
    prefixed: ['stream'],
  });
});

testEach('keeps responses in caches', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(`export default {
      async fetch() {
        const headers = { 'Cache-Control': 'max-age=3600', 'X-Kept': 'yes' };
        const named = await caches.open('named');
        await caches.default.put('http://localhost/a', new Response('default', { headers }));
        await named.put('http://localhost/a', new Response('named', { headers }));
        const found = await caches.default.match('http://localhost/a');
        return Response.json([
          await found.text(), found.headers.get('x-kept'), found.headers.get('cf-cache-status'),
          await (await named.match('http://localhost/a')).text(),
          await caches.default.match('http://localhost/b') === undefined,
          await caches.default.delete('http://localhost/a'),
          await caches.default.delete('http://localhost/a'),
        ]);
      },
    }`),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), [
    'default', 'yes', 'HIT', 'named', true, true, false,
  ]);
});

const kR2 = `export default {
  async fetch(request, { R2 }) {
    const put = await R2.put('a/one', 'content', {
      httpMetadata: { contentType: 'text/plain', cacheExpiry: new Date(1800000000000) },
      customMetadata: { k: 'v' },
      sha256: await crypto.subtle.digest('SHA-256', new TextEncoder().encode('content')),
    });
    await R2.put('a/two', new Uint8Array(10));
    await R2.put('b', new Blob(['blob']));
    const head = await R2.head('a/one');
    const get = await R2.get('a/one');
    const headers = new Headers();
    get.writeHttpMetadata(headers);
    const range = await R2.get('a/one', { range: { offset: 1, length: 3 } });
    const unmet = await R2.get('a/one', { onlyIf: { etagDoesNotMatch: put.etag } });
    const listed = await R2.list({ prefix: 'a/', include: ['customMetadata'] });
    const folders = await R2.list({ delimiter: '/' });
    const upload = await R2.createMultipartUpload('large');
    const parts = [
      await upload.uploadPart(1, new Uint8Array(5 * 1024 * 1024)),
      await R2.resumeMultipartUpload('large', upload.uploadId).uploadPart(2, 'end'),
    ];
    const completed = await upload.complete(parts);
    await R2.delete(['b', 'a/two']);
    return Response.json({
      size: put.size, same: put.etag === head.etag, quoted: head.httpEtag === '"' + head.etag + '"',
      type: head.httpMetadata.contentType, custom: get.customMetadata, text: await get.text(),
      headers: [...headers], uploaded: head.uploaded instanceof Date,
      sha256: head.checksums.toJSON().sha256.length, range: [range.range.offset, await range.text()],
      unmet: unmet.body === undefined, listed: listed.objects.map((each) => [each.key, each.customMetadata]),
      folders: [folders.delimitedPrefixes, folders.objects.map(({ key }) => key)],
      large: completed.size, missing: await R2.get('nothing'), deleted: await R2.head('b'),
      error: await R2.get('a/one', { range: { offset: 100 } }).catch((error) => error.message),
    });
  },
}`;

testEach('keeps objects of an R2 bucket', async (version, t) => {
  const miniflare = version.open(t, worker(kR2, { r2Buckets: ['R2'] }));
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), {
    size: 7,
    same: true,
    quoted: true,
    type: 'text/plain',
    custom: { k: 'v' },
    text: 'content',
    headers: [
      ['content-type', 'text/plain'],
      ['expires', 'Fri, 15 Jan 2027 08:00:00 GMT'],
    ],
    uploaded: true,
    sha256: 64,
    range: [1, 'ont'],
    unmet: true,
    listed: [
      ['a/one', { k: 'v' }],
      ['a/two', {}],
    ],
    folders: [['a/'], ['b']],
    large: 5 * 1024 * 1024 + 3,
    missing: null,
    deleted: null,
    error: 'get: The requested range is not satisfiable (10039)',
  });
});

const kD1 = `export default {
  async fetch(request, { D1 }) {
    await D1.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT, data BLOB)');
    const insert = D1.prepare('INSERT INTO rows (name, data) VALUES (?, ?)');
    const run = await insert.bind('one', new Uint8Array([1, 2])).run();
    const batch = await D1.batch([
      insert.bind('two', null), D1.prepare('SELECT count(*) AS n FROM rows'),
    ]);
    const failed = await D1.batch([
      insert.bind('three', null), D1.prepare('INSERT INTO nowhere VALUES (1)'),
    ]).catch((error) => error.message);
    const session = D1.withSession('first-primary');
    return Response.json({
      run: [run.success, run.meta.last_row_id, run.meta.changes],
      batch: batch[1].results,
      failed,
      all: (await D1.prepare('SELECT * FROM rows ORDER BY id').all()).results,
      first: await D1.prepare('SELECT name FROM rows WHERE id = ?').bind(2).first('name'),
      none: await D1.prepare('SELECT 1 WHERE 0').first(),
      raw: await D1.prepare('SELECT id, name FROM rows').raw({ columnNames: true }),
      session: await session.prepare('SELECT count(*) AS n FROM rows').first('n'),
      bookmark: typeof session.getBookmark(),
      error: await D1.prepare('SELEC').all().catch((error) => error.message),
    });
  },
}`;

testEach('keeps rows of a D1 database', async (version, t) => {
  const miniflare = version.open(t, worker(kD1, { d1Databases: ['D1'] }));
  const response = await miniflare.dispatchFetch('http://localhost/');
  const { failed, error, ...result } = await response.json();
  assert.deepEqual(result, {
    run: [true, 1, 1],
    batch: [{ n: 2 }],
    all: [
      { id: 1, name: 'one', data: [1, 2] },
      { id: 2, name: 'two', data: null },
    ],
    first: 'two',
    none: null,
    raw: [['id', 'name'], [1, 'one'], [2, 'two']],
    session: 2,
    bookmark: 'string',
  });
  assert.match(failed, /^D1_ERROR: no such table: nowhere/);
  assert.match(error, /^D1_ERROR: near "SELEC": syntax error/);
});
