// actors: Box
// actor storage: inMemory
// Objects whose keys and values live in memory.
import { DurableObject } from 'cloudflare:workers';
import { rejects, same, throws } from '../assert.js';

const bodies = new Map();
export class Box extends DurableObject {
  run(key) { return bodies.get(key)(this.ctx.storage, this.ctx); }
  alarm() { bodies.get('alarm')(); }
}
function inside(body) {
  return {
    async test(_, env) {
      const key = crypto.randomUUID();
      bodies.set(key, body);
      await env.Box.getByName(key).run(key);
    },
  };
}

export const storeKeysAndValues = inside(async (storage) => {
  await storage.put({ a: 1, b: 2 });
  same([...await storage.list()], [['a', 1], ['b', 2]]);
  await storage.delete('a');
  await rejects(storage.transaction(async (txn) => {
    await txn.put('c', 1);
    throw new Error('no');
  }));
  same([...await storage.list()], [['b', 2]]);
  await storage.deleteAll();
  same([...await storage.list()], []);
});

export const haveTheOlderLimits = inside(async (storage) => {
  await storage.put('k'.repeat(2048), 1);
  await rejects(storage.put('k'.repeat(2049), 1), {
    name: 'RangeError',
    message: 'Keys cannot be larger than 2048 bytes. A key of size 2049 was provided.',
  });
  await storage.put('v', 'x'.repeat(131072));
  await rejects(storage.put('v', 'x'.repeat(140000)),
    { name: 'RangeError', message: /^Values cannot be larger than 131072 bytes\. A value of size/ });
  await rejects(storage.get(Array(129).fill('x')), {
    name: 'RangeError',
    message: 'Maximum number of key value pairs is 128. 129 pairs were provided.',
  });
});

export const haveNoSql = inside((storage) => {
  throws(() => storage.sql.exec('SELECT 1'),
    { message: /^This Durable Object is not backed by SQLite storage, so the SQL API is not/ });
  throws(() => storage.transactionSync(() => 1), { message: 'Durable Object is not backed by SQL.' });
});

export const haveAlarms = {
  async test(_, env) {
    let rang = false;
    bodies.set('alarm', () => { rang = true; });
    bodies.set('set', (storage) => storage.setAlarm(Date.now() + 5));
    await env.Box.getByName('alarm').run('set');
    // tidy: sleep: the condition is looked at each time
    while (!rang) await new Promise((done) => { setTimeout(done, 5); });
  },
};
