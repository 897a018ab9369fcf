// What the tests in callers.js call.
import { RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';

class Counter extends RpcTarget {
  #n;
  own = 'hidden';
  constructor(n, log = []) {
    super();
    this.#n = n;
    this.log = log;
  }
  inc(by = 1) {
    return (this.#n += by);
  }
  get value() {
    return this.#n;
  }
  fetch(x) {
    return `fetched ${x}`;
  }
  [Symbol.dispose]() {
    disposals.push(this.#n);
  }
}
const disposals = [];

class Base extends WorkerEntrypoint {
  inherited() {
    return 'inherited';
  }
}

export class Svc extends Base {
  #secret = 'secret';
  field = 'field';
  arrow = () => 'arrow';
  shadowed = 'own';
  static statics() {}

  shadowed() {}
  ping(...args) {
    return args;
  }
  add(a, b) {
    return a + b;
  }
  echo(value) {
    return value;
  }
  typeOf(value) {
    return Object.prototype.toString.call(value);
  }
  get undefinedGetter() {
    return undefined;
  }
  get nullGetter() {
    return null;
  }
  get throwingGetter() {
    throw new RangeError('from getter');
  }
  get promiseGetter() {
    return Promise.resolve(7);
  }
  get config() {
    return { a: 1, f: (x) => x + 1, deep: { deeper: { f: () => 'deep' } }, nonRpc: new URL('http://x/') };
  }
  set setterOnly(_) {}
  scheduled(x) {
    return ['scheduled', x];
  }
  test() {
    return 'test';
  }
  alarm() {}
  makeCounter(n) {
    return new Counter(n);
  }
  getObject() {
    return { counter: new Counter(10), plain: { x: 1 }, n: 5 };
  }
  getFunction() {
    const f = (x) => x * 2;
    f.own = 'property';
    return f;
  }
  getString() {
    return 'text';
  }
  getMap() {
    return new Map([['counter', new Counter(1)]]);
  }
  async callback(f, ...args) {
    return await f(...args);
  }
  async callMethod(target, name, ...args) {
    return await target[name](...args);
  }
  async keepThenCall(f) {
    const kept = f.dup();
    return { call: (x) => kept(x) };
  }
  keepWithoutDup(f) {
    return { call: (x) => f(x) };
  }
  throwIt(what) {
    switch (what) {
      case 'TypeError': throw new TypeError('tt');
      case 'custom': {
        const error = new Error('cc');
        error.name = 'MyErr';
        error.extra = { a: 1 };
        throw error;
      }
      case 'cause': throw new Error('outer', { cause: new RangeError('inner') });
      case 'string': throw 'just text';
      case 'object': throw { a: 1, message: 'm' };
      case 'dom': throw new DOMException('dd', 'AbortError');
      case 'retryable': throw Object.assign(new Error('again'), { retryable: true });
      case 'newline': throw new Error('one\ntwo; jsg.TypeError: three');
    }
  }
  async never() {
    await new Promise(() => {});
  }
  disposals() {
    return [...disposals];
  }
  withDisposer() {
    return { data: 1, [Symbol.dispose]() { disposals.push('result'); } };
  }
  getProps() {
    return this.ctx.props;
  }
  notSerializable() {
    return new URL('http://x/');
  }
  abortContext(text) {
    this.ctx.abort(new RangeError(text));
  }
}

export const handlers = {
  value: 42,
  nested: { f: (x) => `nested ${x}` },
  one(arg, env, ctx) {
    return [arg, typeof env, typeof ctx.waitUntil];
  },
  four(a, b, c, d) {},
  none() {
    return arguments.length;
  },
};

export default {
  fetch() {
    return new Response('callees');
  },
};
