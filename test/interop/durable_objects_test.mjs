// Rung 6: Durable Objects: RPC, storage, SQL, alarms, WebSockets, hibernation.
import assert from 'node:assert/strict';

import { eventually, testEach, worker } from './miniflare.mjs';

function object(body) {
  return worker(
    `import { DurableObject } from 'cloudflare:workers';
    export class Box extends DurableObject { ${body} }
    export default {
      fetch: (request, { BOX }) => BOX.get(BOX.idFromName('name')).fetch(request),
    }`,
    { name: 'main', durableObjects: { BOX: { className: 'Box', useSQLite: true } } },
  );
}

testEach('keeps what an object stores', async (version, t) => {
  const miniflare = version.open(
    t,
    object(`async fetch(request) {
      const { storage } = this.ctx;
      await storage.put({ a: 1, b: new Map([[1, { c: new Date(5) }]]) });
      await storage.transaction(async (transaction) => {
        await transaction.put('d', 4);
        transaction.rollback();
      });
      storage.sql.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
      storage.transactionSync(() => {
        for (const name of ['x', 'y']) storage.sql.exec('INSERT INTO t (name) VALUES (?)', name);
      });
      const all = await storage.list();
      return Response.json({
        keys: [...all.keys()], date: all.get('b').get(1).c.getTime(),
        rows: storage.sql.exec('SELECT * FROM t').toArray(),
        one: storage.sql.exec('SELECT count(*) AS n FROM t').one().n,
      });
    }`),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), {
    keys: ['a', 'b'],
    date: 5,
    rows: [
      { id: 1, name: 'x' },
      { id: 2, name: 'y' },
    ],
    one: 2,
  });
});

testEach('runs alarms', async (version, t) => {
  const miniflare = version.open(
    t,
    object(`async alarm() { await this.ctx.storage.put('rang', true); }
    async fetch(request) {
      if (request.url.endsWith('/set')) await this.ctx.storage.setAlarm(Date.now() + 50);
      return Response.json(await this.ctx.storage.get('rang') ?? false);
    }`),
  );
  await miniflare.dispatchFetch('http://localhost/set');
  await eventually(async () => (await miniflare.dispatchFetch('http://localhost/')).json());
});

testEach('hibernates WebSockets', async (version, t) => {
  const miniflare = version.open(
    t,
    object(`fetch(request) {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server, ['tag']);
      server.serializeAttachment({ n: 1 });
      return new Response(null, { status: 101, webSocket: client });
    }
    webSocketMessage(socket, message) {
      const { n } = socket.deserializeAttachment();
      socket.send([message, n, this.ctx.getWebSockets('tag').length].join());
    }
    webSocketClose(socket, code) { socket.close(code, 'bye'); }`),
  );
  const { webSocket } = await miniflare.dispatchFetch('http://localhost/', {
    headers: { Upgrade: 'websocket' },
  });
  const message = new Promise((resolve) => webSocket.addEventListener('message', resolve));
  webSocket.accept();
  webSocket.send('hello');
  assert.equal((await message).data, 'hello,1,1');
  const closed = new Promise((resolve) => webSocket.addEventListener('close', resolve));
  webSocket.close(3001, 'enough');
  assert.equal((await closed).code, 3001);
});

testEach('calls methods of objects of another worker', async (version, t) => {
  const miniflare = version.open(t, {
    workers: [
      worker(
        `export default {
          async fetch(request, { BOX }) {
            const stub = BOX.getByName('name');
            return Response.json([await stub.add(1), await stub.add(2), stub.name]);
          },
        }`,
        {
          name: 'caller',
          durableObjects: { BOX: { className: 'Box', scriptName: 'owner', useSQLite: true } },
        },
      ),
      worker(
        `import { DurableObject } from 'cloudflare:workers';
        export class Box extends DurableObject {
          sum = 0;
          add(amount) { return this.sum += amount; }
        }
        export default {}`,
        { name: 'owner', durableObjects: { BOX: { className: 'Box', useSQLite: true } } },
      ),
    ],
  });
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), [1, 3, 'name']);
});

testEach('lists the ids of stored objects', async (version, t) => {
  const miniflare = version.open(
    t,
    object(`async fetch() {
      await this.ctx.storage.put('a', 1);
      return new Response(this.ctx.id.toString());
    }`),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  const id = await response.text();
  const { BOX } = await miniflare.getBindings();
  assert.equal(String(BOX.idFromName('name')), id);
});
