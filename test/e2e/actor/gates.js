// actors: Box=sql
// What an object lets in, and when it lets out what it says.
import { DurableObject } from 'cloudflare:workers';
import { equal, rejects, same } from '../assert.js';

const bodies = new Map();
const constructors = new Map();
export class Box extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    constructors.get(ctx.id.name)?.(this, ctx);
  }
  async fetch(request) {
    const key = new URL(request.url).pathname.slice(1);
    const result = await bodies.get(key)?.(this.ctx, this);
    return result instanceof Response ? result : new Response(String(result));
  }
}
let last = 0;
function call(stub, body) {
  const key = `body${last += 1}`;
  bodies.set(key, body);
  return stub.fetch(`http://box/${key}`).then((response) => response.text());
}
const box = (env) => env.Box.getByName(crypto.randomUUID());
// tidy: sleep: timers are among what gates keep out
const after = (ms) => new Promise((done) => { setTimeout(done, ms); });

export const criticalSectionsKeepEventsOut = {
  async test(_, env) {
    const stub = box(env);
    const log = [];
    const first = call(stub, async (ctx) => {
      log.push('before');
      const value = await ctx.blockConcurrencyWhile(async () => {
        log.push('in');
        await after(20);
        log.push('still in');
        return 5;
      });
      log.push(`out ${value}`);
      await ctx.storage.get('x');
      log.push('on');
    });
    const second = call(stub, () => log.push('second'));
    await Promise.all([first, second]);
    same(log.slice(-5), ['in', 'still in', 'out 5', 'on', 'second'].slice(-5));
    equal(log[0], 'before');
  },
};

export const criticalSectionsBeginAfterTheTurn = {
  async test(_, env) {
    const log = [];
    await call(box(env), async (ctx) => {
      const done = ctx.blockConcurrencyWhile(async () => log.push('in'));
      log.push('after the call');
      await done;
    });
    same(log, ['after the call', 'in']);
  },
};

export const constructorsMayHoldUpTheFirstEvent = {
  async test(_, env) {
    const log = [];
    const name = crypto.randomUUID();
    constructors.set(name, (self, ctx) => {
      log.push('constructor');
      ctx.blockConcurrencyWhile(async () => {
        await after(20);
        log.push('ready');
      });
    });
    await call(env.Box.getByName(name), () => log.push('event'));
    same(log, ['constructor', 'ready', 'event']);
  },
};

export const timersOfOutsideWait = {
  async test(_, env) {
    const log = [];
    await call(box(env), async (ctx) => {
      const outer = new Promise((done) => setTimeout(() => done(log.push('outer')), 1));
      await ctx.blockConcurrencyWhile(async () => {
        await after(30);
        log.push('inner');
      });
      log.push('out');
      await outer;
    });
    same(log, ['inner', 'out', 'outer']);
  },
};

export const intervalsOfOutsideWaitAndCanBeCleared = {
  async test(_, env) {
    let ticks = 0;
    await call(box(env), async (ctx) => {
      const id = setInterval(() => (ticks += 1), 1);
      await ctx.blockConcurrencyWhile(async () => {
        await after(20);
        clearInterval(id);
      });
      await after(10);
    });
    equal(ticks, 0);
  },
};

export const sectionsNest = {
  async test(_, env) {
    const log = [];
    await call(box(env), (ctx) => ctx.blockConcurrencyWhile(async () => {
      log.push('outer');
      await ctx.blockConcurrencyWhile(async () => {
        await after(1);
        log.push('inner');
      });
      await after(1);
      log.push('outer again');
    }));
    same(log, ['outer', 'inner', 'outer again']);
  },
};

export const sectionsNestSoDeepOnly = {
  async test(_, env) {
    const nest = (depth) => call(box(env), async (ctx) => {
      const dive = (left) => left > 0 && ctx.blockConcurrencyWhile(() => dive(left - 1));
      await dive(depth);
    });
    await nest(64);
    await rejects(nest(65), { message: 'blockConcurrencyWhile() calls are nested too deeply.' });
  },
};

export const failingSectionsResetTheObject = {
  async test(_, env) {
    const stub = box(env);
    const failing = call(stub, async (ctx) => {
      try {
        await ctx.blockConcurrencyWhile(async () => { throw new TypeError('bad'); });
      } catch { /* not reached */ }
    });
    const waiting = call(stub, () => after(1000));
    const error = await rejects(failing, { name: 'TypeError', message: 'bad' });
    equal(error.durableObjectReset, true);
    await rejects(waiting, { message: 'bad' });
    await rejects(call(stub, () => 1), { message: 'bad' });
    equal(await call(env.Box.get(stub.id), () => 1), '1');
  },
};

export const answersWaitForTheDisk = {
  async test(_, env) {
    const stub = box(env);
    equal(await call(stub, (ctx) => { ctx.storage.put('a', 1); return 'ok'; }), 'ok');
    const message = /^Durable Object was reset and rolled back to its last known good state/;
    await rejects(call(stub, (ctx) => {
      ctx.storage.sql.exec('CREATE TABLE p(a PRIMARY KEY)');
      ctx.storage.sql.exec(
        'CREATE TABLE c(a REFERENCES p(a) DEFERRABLE INITIALLY DEFERRED)');
      ctx.storage.sql.exec('INSERT INTO c VALUES (1)');
      return 'never seen';
    }), { message });
    const again = env.Box.get(stub.id);
    equal(await call(again, (ctx) => ctx.storage.get('a')), '1');
    equal(await call(again, (ctx) =>
      ctx.storage.sql.exec("SELECT count(*) AS n FROM sqlite_master WHERE name = 'c'").one().n), '0');
  },
};

export const requestsWaitForTheDisk = {
  async test(_, env) {
    let reached = false;
    const key = `body${last += 1}`;
    bodies.set(key, () => (reached = true));
    const other = box(env);
    await rejects(call(box(env), async (ctx) => {
      ctx.storage.sql.exec('CREATE TABLE p(a PRIMARY KEY)');
      ctx.storage.sql.exec('CREATE TABLE c(a REFERENCES p(a) DEFERRABLE INITIALLY DEFERRED)');
      ctx.storage.sql.exec('INSERT INTO c VALUES (1)');
      await other.fetch(`http://box/${key}`);
    }));
    equal(reached, false);
  },
};

export const eventsOfOneObjectShareItsObjects = {
  async test(_, env) {
    const stub = box(env);
    let isWaiting = false;
    const waiting = call(stub, (ctx, self) => new Promise((done) => {
      self.done = done;
      isWaiting = true;
    }));
    while (!isWaiting) await after(1);
    await call(stub, (ctx, self) => self.done('from another event'));
    equal(await waiting, 'from another event');
  },
};
