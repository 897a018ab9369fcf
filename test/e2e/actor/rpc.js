// actors: Box=sql
// Calls of methods of Durable Objects.
import { DurableObject, RpcTarget } from 'cloudflare:workers';
import { equal, ok, rejects, same } from '../assert.js';

class Counter extends RpcTarget {
  #count = 0;
  next() { return (this.#count += 1); }
}
export class Box extends DurableObject {
  #secret = 1;
  own = 5;
  get getter() { return `got ${this.#secret}`; }
  echo(...values) { return values; }
  throws() { throw new RangeError('boo'); }
  counter() { return new Counter(); }
  async add(n) {
    const sum = (await this.ctx.storage.get('sum') ?? 0) + n;
    await this.ctx.storage.put('sum', sum);
    return sum;
  }
  callBack(f) { return f(5); }
  async sectionWithCallBack(f) { return this.ctx.blockConcurrencyWhile(async () => f(5)); }
  async wait(name) {
    await this.ctx.blockConcurrencyWhile(() => this.ctx.storage.sync());
    return name;
  }
  abort() { this.ctx.abort('enough'); }
  async self(other) { return (await other.echo('hi'))[0]; }
}

export const callsMethods = {
  async test(_, env) {
    const stub = env.Box.getByName('calls');
    same(await stub.echo(1, 'x', { a: [null] }), [1, 'x', { a: [null] }]);
    equal(await stub.getter, 'got 1');
    await rejects(Promise.resolve(stub.own), { name: 'TypeError' });
    const error = await rejects(stub.throws(), { name: 'RangeError', message: 'boo' });
    equal(error.remote, true);
    await rejects(stub.nothing(), { name: 'TypeError' });
  },
};

export const keepsTheOrder = {
  async test(_, env) {
    const stub = env.Box.getByName('order');
    same(await Promise.all([1, 2, 3, 4].map((n) => stub.add(n))), [1, 3, 6, 10]);
    same(await Promise.all(['a', 'b', 'c'].map((n) => stub.wait(n))), ['a', 'b', 'c']);
  },
};

export const handsOutObjects = {
  async test(_, env) {
    const stub = env.Box.getByName('objects');
    const counter = await stub.counter();
    equal(await counter.next(), 1);
    equal(await counter.next(), 2);
    equal(await stub.counter().next(), 1);
  },
};

export const callsBack = {
  async test(_, env) {
    const stub = env.Box.getByName('callbacks');
    equal(await stub.callBack((n) => n + 1), 6);
    equal(await stub.sectionWithCallBack(async (n) => n + 2), 7);
  },
};

export const passesStubsOn = {
  async test(_, env) {
    const stub = env.Box.getByName('passes');
    equal(await stub.self(env.Box.getByName('another')), 'hi');
  },
};

export const hearsOfResets = {
  async test(_, env) {
    const stub = env.Box.getByName('resets');
    const counter = await stub.counter();
    const error = await rejects(stub.abort(), { message: 'enough' });
    equal(error.durableObjectReset, true);
    equal((await rejects(stub.echo(1), { message: 'enough' })).durableObjectReset, true);
    await rejects(counter.next());
    same(await env.Box.getByName('resets').echo(1), [1]);
    ok(counter);
  },
};
