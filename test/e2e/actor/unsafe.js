// actors: Box=sql Local=ephemeral Pinned=sql,preventEviction
// flags: unsafe_module
// The module for test runners.
import { DurableObject } from 'cloudflare:workers';
import unsafe from 'workerd:unsafe';
import { equal, rejects, same } from '../assert.js';

let made = 0;
class Base extends DurableObject {
  number = ++made;
  which() { return this.number; }
  put(key, value) { return this.ctx.storage.put(key, value); }
  get(key) { return this.ctx.storage.get(key); }
  async slow() {
    await scheduler.wait(100);  // tidy: sleep: an event that takes a while
    return 'done';
  }
  alarm() {}
  setAlarm() { return this.ctx.storage.setAlarm(Date.now() + 100_000); }
  getAlarm() { return this.ctx.storage.getAlarm(); }
  fetch() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) { ws.send(`${message} ${this.number}`); }
  count() { return this.ctx.getWebSockets().length; }
}
export class Box extends Base {}
export class Local extends Base {}
export class Pinned extends Base {}

async function connect(stub) {
  const response = await stub.fetch('http://x/', { headers: { Upgrade: 'websocket' } });
  const { webSocket } = response;
  webSocket.got = [];
  webSocket.addEventListener('message', ({ data }) => webSocket.got.push(data));
  webSocket.addEventListener('close', ({ code }) => webSocket.got.push(code));
  webSocket.accept();
  return webSocket;
}

async function until(holds) {
  while (!holds()) await scheduler.wait(5);  // tidy: sleep: between looks
}

export const abortingKeepsWhatIsStored = {
  async test(_, env) {
    const stub = env.Box.getByName('abort');
    await stub.put('k', 1);
    const before = await stub.which();
    const error = { message: 'Application called abortAllDurableObjects().' };
    const slow = rejects(stub.slow(), error);
    await stub.which();
    equal(await unsafe.abortAllDurableObjects(), undefined);
    await slow;
    await rejects(stub.which(), error);
    equal(await env.Box.getByName('abort').which() > before, true);
    equal(await env.Box.getByName('abort').get('k'), 1);
    const local = await env.Local.get('abort').which();
    await unsafe.abortAllDurableObjects();
    equal(await env.Local.get('abort').which() > local, true);
  },
};

export const deletingForgetsIt = {
  async test(_, env) {
    const stub = env.Box.getByName('delete');
    await stub.put('k', 1);
    await stub.setAlarm();
    await unsafe.deleteAllDurableObjects();
    await rejects(stub.which(), { message: 'Application called deleteAllDurableObjects().' });
    const fresh = env.Box.getByName('delete');
    same([await fresh.get('k'), await fresh.getAlarm()], [undefined, null]);
  },
};

export const evictingWaitsUntilNothingIsUnderWay = {
  async test(_, env) {
    for (const stub of [env.Box.getByName('evict'), env.Local.get('evict')]) {
      const before = await stub.which();
      const slow = stub.slow();
      await stub.which();
      equal(await unsafe.evict(stub), undefined);
      equal(await slow, 'done');
      equal(await stub.which() > before, true);
    }
    await rejects(unsafe.evict(env.Box.getByName('never')),
      { message: 'Cannot evict Durable Object: it is not currently running.' });
    await rejects(unsafe.evict(env.SELF),
      { message: 'evict() can only be used on a Durable Object stub.' });
    for (const value of [undefined, 5, env.Box.idFromName('evict')]) {
      await rejects(unsafe.evict(value), {
        name: 'TypeError',
        message: "Failed to execute 'evict' on 'UnsafeModule': parameter 1 is not of type 'Fetcher'.",
      });
    }
  },
};

export const pinnedObjectsStay = {
  async test(_, env) {
    const stub = env.Pinned.getByName('x');
    const before = await stub.which();
    await unsafe.abortAllDurableObjects();
    await unsafe.deleteAllDurableObjects();
    await unsafe.evictAllDurableObjects();
    equal(await stub.which(), before);
    await rejects(unsafe.evict(stub),
      { message: 'Cannot evict Durable Object: its namespace has preventEviction set.' });
  },
};

export const socketsHibernateOrClose = {
  async test(_, env) {
    const stub = env.Box.getByName('sockets');
    const socket = await connect(stub);
    const first = await stub.which();
    for (const options of [undefined, {}, { webSockets: 'hibernate' }]) {
      await unsafe.evict(stub, options);
      socket.send('a');
      await until(() => socket.got.length === 1);
      equal(socket.got.pop(), `a ${await stub.which()}`);
    }
    equal(await stub.which() > first + 2, true);
    await rejects(unsafe.evict(stub, { webSockets: 'x' }),
      { name: 'TypeError', message: 'options.webSockets must be "hibernate" or "close".' });
    await unsafe.evict(stub, { webSockets: 'close' });
    await until(() => socket.got.length === 1);
    equal(socket.got[0], 1006);
    equal(await stub.count(), 0);
  },
};

export const allCanBeEvicted = {
  async test(_, env) {
    const stub = env.Box.getByName('all');
    const before = await stub.which();
    await unsafe.evictAllDurableObjects();
    equal(await stub.which() > before, true);
    equal(unsafe.isTestAutogateEnabled(), false);
  },
};
