// actors: Box=sql
// The asynchronous key-value interface.
import { DurableObject } from 'cloudflare:workers';
import { equal, ok, rejects, same } from '../assert.js';

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

export const givesBackWhatWasPut = inside(async (storage) => {
  equal(await storage.get('nothing'), undefined);
  equal(await storage.put('a', { deep: [1, 'x', null] }), undefined);
  same(await storage.get('a'), { deep: [1, 'x', null] });
  await storage.put('a', null);
  equal(await storage.get('a'), null);
  await storage.put('date', new Date(5));
  ok((await storage.get('date')) instanceof Date);
  await storage.put('map', new Map([[1, 2n]]));
  equal((await storage.get('map')).get(1), 2n);
  await storage.put('bytes', new Uint8Array([1, 2]));
  same([...await storage.get('bytes')], [1, 2]);
});

export const deletes = inside(async (storage) => {
  await storage.put({ a: 1, b: 2, c: 3 });
  equal(await storage.delete('a'), true);
  equal(await storage.delete('a'), false);
  equal(await storage.delete(['b', 'b', 'c', 'd']), 2);
  equal((await storage.list()).size, 0);
});

export const getsSeveralInTheOrderOfTheirBytes = inside(async (storage) => {
  await storage.put({ b: 2, a: 1, c: 3 });
  const map = await storage.get(['c', 'a', 'x', 'a']);
  ok(map instanceof Map);
  same([...map], [['a', 1], ['c', 3]]);
});

export const putsSeveralAtOnce = inside(async (storage) => {
  await storage.put({ a: undefined, b: 1 });
  same([...await storage.list()], [['b', 1]]);
  await rejects(storage.put({ c: 1, d: () => 1 }), { name: 'DataCloneError', code: 25 });
  equal(await storage.get('c'), undefined);
});

export const refusesWrongParameters = inside(async (storage) => {
  await rejects(storage.put('a', undefined),
    { name: 'TypeError', message: 'put() called with undefined value.' });
  await rejects(storage.put({ a: 1 }, 5), { name: 'TypeError', message: /^put\(\) may only be/ });
  await rejects(storage.put('a', () => 1),
    { name: 'DataCloneError', message: '() => 1 could not be cloned.' });
});

export const listsWhatTheOptionsChoose = inside(async (storage) => {
  await storage.put({ a: 1, aa: 2, ab: 3, b: 4, c: 5 });
  const keys = async (options) => [...(await storage.list(options)).keys()].join();
  for (const [options, expected] of [
    [undefined, 'a,aa,ab,b,c'],
    [{ start: 'aa' }, 'aa,ab,b,c'],
    [{ startAfter: 'aa' }, 'ab,b,c'],
    [{ end: 'b' }, 'a,aa,ab'],
    [{ prefix: 'a' }, 'a,aa,ab'],
    [{ prefix: 'a', start: 'ab' }, 'ab'],
    [{ prefix: 'a', end: 'ab' }, 'a,aa'],
    [{ reverse: true }, 'c,b,ab,aa,a'],
    [{ reverse: true, limit: 2 }, 'c,b'],
    [{ start: 'aa', end: 'c', limit: 2 }, 'aa,ab'],
    [{ start: 'aa', end: 'c', reverse: true, limit: 2 }, 'b,ab'],
    [{ start: 'c', end: 'a' }, ''],
    [{ start: 'a', end: 'a' }, ''],
    [{ prefix: 'x' }, ''],
    [{ prefix: 'a', start: 'b' }, ''],
  ]) equal(await keys(options), expected, JSON.stringify(options));
  await rejects(storage.list({ limit: 0 }),
    { name: 'TypeError', message: 'List limit must be positive.' });
  await rejects(storage.list({ start: 'a', startAfter: 'b' }), {
    name: 'TypeError',
    message: 'list() cannot be called with both start and startAfter values.',
  });
});

export const ordersKeysByTheirBytes = inside(async (storage) => {
  await storage.put({ '\u{1f600}': 1, '\uffff': 2, z: 3, 'é': 4, 'a\0b': 5, '': 6 });
  same([...(await storage.list()).values()], [6, 5, 3, 4, 2, 1]);
});

export const forgetsEverythingAtOnce = inside(async (storage) => {
  await storage.put('a', 1);
  storage.sql.exec('CREATE TABLE t(a)');
  storage.deleteAll();
  await storage.put('b', 2);
  same([...await storage.list()], [['b', 2]]);
  equal(storage.sql.exec("SELECT count(*) AS n FROM sqlite_master WHERE name = 't'").one().n, 0);
  await storage.sync();
  equal(await storage.get('b'), 2);
});

export const keepsLargeValues = inside(async (storage) => {
  await storage.put('large', new Uint8Array(2_000_000));
  equal((await storage.get('large')).length, 2_000_000);
  await rejects(storage.put('larger', new Uint8Array(9_000_000)),
    { message: 'string or blob too big: SQLITE_TOOBIG' });
});

export const runsOnWithoutLettingEventsIn = inside(async (storage) => {
  let fired = false;
  setTimeout(() => (fired = true), 0);
  for (let i = 0; i < 100; i += 1) {
    await storage.put('n', i);
    await storage.get('n');
  }
  equal(fired, false);
});

export const countsBookmarks = inside(async (storage) => {
  equal(await storage.getCurrentBookmark(),
    '00000000-00000000-00000000-00000000000000000000000000000000');
  equal(await storage.getCurrentBookmark(),
    '00000000-00000001-00000000-00000000000000000000000000000000');
  await rejects(storage.getBookmarkForTime(0), {
    message: "This Durable Object's storage back-end does not implement point-in-time recovery.",
  });
});

export const hasASynchronousFace = inside(async ({ kv }, ctx) => {
  equal(kv.get('a'), undefined);
  kv.put('a', 1);
  kv.put('b', undefined);
  equal(kv.get('a'), 1);
  equal(await ctx.storage.get('a'), 1);
  same([...kv.list()].map(([key]) => key), ['a', 'b']);
  same([...kv.list({ reverse: true, limit: 1 })].map(([key]) => key), ['b']);
  same(kv.list().map(([key]) => key).toArray(), ['a', 'b']);
  const first = kv.list();
  first.next();
  kv.list();
  let message;
  try { first.next(); } catch (error) { message = error.message; }
  ok(/^kv.list\(\) iterator was invalidated/.test(message), message);
  equal(kv.delete('a'), true);
  equal(kv.delete('a'), false);
});
