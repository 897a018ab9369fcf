// actors: Box=sql Deaf=sql
// Alarms.
import { DurableObject } from 'cloudflare:workers';
import { equal, ok, rejects, same } from '../assert.js';

const handlers = new Map();
export class Box extends DurableObject {
  run(key) { return handlers.get(key)(this.ctx.storage, this.ctx); }
  async alarm(info) {
    await handlers.get(`alarm ${this.ctx.id.name}`)(info, this.ctx);
  }
}
export class Deaf extends DurableObject {
  run(key) { return handlers.get(key)(this.ctx.storage, this.ctx); }
}

/** Runs `body` inside an object; `alarm` is its handler. */
async function inside(stub, body, alarm) {
  const key = crypto.randomUUID();
  handlers.set(key, body);
  if (alarm) handlers.set(`alarm ${stub.name}`, alarm);
  return stub.run(key);
}
const box = (env) => env.Box.getByName(crypto.randomUUID());
/** Something that an alarm gives: looked for again and again, as it comes from another event. */
function promise() {
  let found;
  return {
    settle(value) { found = { value }; },
    get done() {
      return (async () => {
        // tidy: sleep: the condition is looked at each time
        while (found === undefined) await new Promise((done) => { setTimeout(done, 5); });
        return found.value;
      })();
    },
  };
}

export const wakeTheObject = {
  async test(_, env) {
    const rung = promise();
    const stub = box(env);
    const time = await inside(stub, async (storage) => {
      const time = Date.now() + 30;
      await storage.setAlarm(time);
      equal(await storage.getAlarm(), time);
      return time;
    }, async (info, ctx) => {
      rung.settle({
        ...info, now: Date.now(), name: ctx.id.name, during: await ctx.storage.getAlarm(),
      });
    });
    const seen = await rung.done;
    equal(seen.scheduledTime, time);
    equal(seen.retryCount, 0);
    equal(seen.isRetry, false);
    ok(seen.now >= time);
    equal(seen.during, null);
    equal(await inside(stub, (storage) => storage.getAlarm()), null);
  },
};

export const canBeReplacedAndDeleted = {
  async test(_, env) {
    await inside(box(env), async (storage) => {
      equal(await storage.getAlarm(), null);
      await storage.setAlarm(new Date(Date.now() + 100_000));
      await storage.setAlarm(Date.now() + 200_000);
      ok(await storage.getAlarm() > Date.now() + 150_000);
      await storage.deleteAlarm();
      equal(await storage.getAlarm(), null);
    });
  },
};

export const ofThePastRingNow = {
  async test(_, env) {
    const rung = promise();
    const before = Date.now();
    await inside(box(env), (storage) => storage.setAlarm(5), (info) => rung.settle(info));
    const { scheduledTime } = await rung.done;
    ok(scheduledTime >= before);
  },
};

export const setByTheirHandlerRingAgain = {
  async test(_, env) {
    const rung = promise();
    let count = 0;
    await inside(box(env), (storage) => storage.setAlarm(Date.now()), async (info, ctx) => {
      count += 1;
      if (count < 3) await ctx.storage.setAlarm(Date.now() + 5);
      else rung.settle(info.retryCount);
    });
    equal(await rung.done, 0);
    equal(count, 3);
  },
};

export const areTriedAgain = {
  async test(_, env) {
    const rung = promise();
    const times = [];
    await inside(box(env), (storage) => storage.setAlarm(Date.now()), async (info) => {
      times.push([Date.now(), info]);
      if (times.length < 2) throw new Error('not yet');
      rung.settle();
    });
    await rung.done;
    const [[first, one], [second, two]] = times;
    same([one.retryCount, two.retryCount, two.isRetry], [0, 1, true]);
    equal(one.scheduledTime, two.scheduledTime);
    ok(second - first >= 2000 && second - first < 4000, `${second - first} ms`);
  },
};

export const areNotTriedAgainWhenDeleted = {
  async test(_, env) {
    const stub = box(env);
    const rung = promise();
    await inside(stub, (storage) => storage.setAlarm(Date.now()), async (info, ctx) => {
      await ctx.storage.deleteAlarm();
      rung.settle();
      throw new Error('ignored');
    });
    await rung.done;
    equal(await inside(stub, (storage) => storage.getAlarm()), null);
  },
};

export const needAHandlerAndATime = {
  async test(_, env) {
    await inside(env.Deaf.getByName('deaf'), (storage) =>
      rejects(storage.setAlarm(Date.now()), {
        name: 'TypeError',
        message: 'Your Durable Object class must have an alarm() handler in order to call setAlarm()',
      }));
    await inside(box(env), async (storage) => {
      for (const [time, message] of [
        [0, 'setAlarm() cannot be called with an alarm time <= 0'],
        [-1, 'setAlarm() cannot be called with an alarm time <= 0'],
        [new Date(NaN), 'The value cannot be converted because it is not a valid Date.'],
        [9.3e12, "This API doesn't support dates after 2189."],
      ]) await rejects(storage.setAlarm(time), { name: 'TypeError', message });
      await rejects(storage.setAlarm('tomorrow'), { name: 'TypeError' });
      await rejects(storage.setAlarm(), { name: 'TypeError' });
    });
  },
};

export const goWithDeleteAllOrStay = {
  async test(_, env) {
    await inside(box(env), async (storage) => {
      await storage.setAlarm(Date.now() + 100_000);
      await storage.deleteAll();
      ok(await storage.getAlarm() !== null);  // before delete_all_deletes_alarm
      await storage.deleteAlarm();
    });
  },
};

export const areRolledBackWithTheirTransaction = {
  async test(_, env) {
    await inside(box(env), async (storage) => {
      await rejects(storage.transaction(async (txn) => {
        await txn.setAlarm(Date.now() + 100_000);
        ok(await txn.getAlarm() > 0);
        throw new Error('no');
      }));
      equal(await storage.getAlarm(), null);
    });
  },
};
