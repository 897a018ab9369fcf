// actors: Box=sql
// transaction(), transactionSync() and what is written without either.
import { DurableObject } from 'cloudflare:workers';
import { equal, rejects, same, throws } from '../assert.js';

const bodies = new Map();
export class Box extends DurableObject {
  run(key) { return bodies.get(key)(this.ctx.storage, this.ctx); }
}
/** Runs `body` inside an object of its own. */
function inside(body) {
  return {
    async test(_, env) {
      const key = crypto.randomUUID();
      bodies.set(key, body);
      await env.Box.getByName(key).run(key);
    },
  };
}

export const commitWhatTheClosureWrote = inside(async (storage) => {
  equal(await storage.transaction(async (txn) => {
    await txn.put('a', 1);
    storage.sql.exec('CREATE TABLE t(a)');
    equal(await txn.get('a'), 1);
    return 5;
  }), 5);
  equal(await storage.get('a'), 1);
  equal(await storage.transaction(() => 6), 6);
});

export const rollBackWhenItThrows = inside(async (storage) => {
  await storage.put('a', 1);
  const error = new TypeError('no');
  const seen = await rejects(storage.transaction(async (txn) => {
    await txn.put('a', 2);
    await storage.put('b', 2);
    throw error;
  }));
  equal(seen, error);
  same([...await storage.list()], [['a', 1]]);
  equal(await rejects(storage.transaction(() => { throw error; })), error);
});

export const rollBackOnRequest = inside(async (storage) => {
  let kept;
  await storage.transaction(async (txn) => {
    kept = txn;
    await txn.put('a', 1);
    txn.rollback();
    txn.rollback();
    await rejects(txn.get('a'), { message: 'Cannot get() on rolled back transaction' });
    await rejects(txn.put('a', 1), { message: 'Cannot put() on rolled back transaction' });
    await storage.put('b', 1);
  });
  same([...await storage.list()], [['b', 1]]);
  await rejects(kept.get('a'), { message: 'Cannot get() on rolled back transaction' });
});

export const endWithTheirClosure = inside(async (storage) => {
  let kept;
  await storage.transaction((txn) => { kept = txn; });
  await rejects(kept.put('a', 1), {
    message: 'Cannot call put() on transaction that has already committed: did you move `txn` ' +
      'outside of the closure?',
  });
});

export const nest = inside(async (storage) => {
  await storage.transaction(async (outer) => {
    await outer.put('a', 1);
    await rejects(storage.transaction(async (inner) => {
      await inner.put('b', 1);
      throw new Error('inner');
    }), { message: 'inner' });
    await storage.transaction((inner) => inner.put('c', 1));
  });
  same([...(await storage.list()).keys()], ['a', 'c']);
});

export const refuseToDeleteEverything = inside(async (storage) => {
  await storage.transaction(async (txn) => {
    await rejects((async () => txn.deleteAll())(), { message: 'Cannot call deleteAll() within a transaction' });
  });
});

export const areSynchronousToo = inside((storage) => {
  storage.kv.put('a', 1);
  equal(storage.transactionSync(() => {
    storage.kv.put('b', 1);
    return 'done';
  }), 'done');
  const error = new Error('no');
  equal(throws(() => storage.transactionSync(() => {
    storage.kv.put('c', 1);
    throw error;
  })), error);
  storage.transactionSync(() => {
    storage.kv.put('d', 1);
    throws(() => storage.transactionSync(() => {
      storage.kv.put('e', 1);
      throw error;
    }));
  });
  same([...storage.kv.list()].map(([key]) => key), ['a', 'b', 'd']);
});
