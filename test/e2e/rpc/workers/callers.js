import { RpcPromise, RpcProperty, RpcStub, RpcTarget, WorkerEntrypoint, env as importedEnv } from 'cloudflare:workers';
import { equal, ok, rejects, same, throws } from 'assert.js';

class Thing extends RpcTarget {
  hello(name) {
    return `hello ${name}`;
  }
}
export class Local extends WorkerEntrypoint {
  hi(name) {
    return `hi ${name} from ${this.ctx.props.who ?? 'nobody'}`;
  }
  useService(service, name) {
    return service.hi(name);
  }
}

const reason = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};
const missing = (name) => `The RPC receiver does not implement the method "${name}".`;
const failsLike = async (promise, name, message, remote) => {
  const error = await reason(promise);
  equal(error.name, name);
  equal(error.message, message);
  equal(error.remote, remote);
};

export const methodsOfTheClassAndItsBasesAreCalled = {
  async test(_, { S }) {
    same(await S.ping(1, 'two', [3]), [1, 'two', [3]]);
    equal(await S.inherited(), 'inherited');
    equal(await S.add(2, 3), 5);
    same(await S.ping(), []);
  },
};

export const whatIsNotOnThePrototypeIsHidden = {
  async test(_, { S }) {
    for (const name of ['field', 'arrow', 'env', 'ctx', 'shadowed', 'statics', 'nothing', 'setterOnly', 'undefinedGetter', 'toString2']) {
      await failsLike(S[name](), 'TypeError', missing(name), true);
    }
  },
};

export const gettersAreRead = {
  async test(_, { S }) {
    equal(await S.nullGetter, null);
    equal(await S.promiseGetter, 7);
    await failsLike(S.throwingGetter, 'RangeError', 'from getter', true);
    equal(await S.config.a, 1);
    equal(await S.config.f(2), 3);
    equal(await S.config.deep.deeper.f(), 'deep');
    await failsLike(S.config(), 'TypeError', '"config" is not a function.', true);
    await failsLike(S.config.nonRpc.foo(), 'TypeError', missing('nonRpc'), true);
  },
};

export const reservedNamesAreRefused = {
  async test(_, { S }) {
    for (const name of ['alarm', 'webSocketMessage', 'dup']) {
      await failsLike(S[name](), 'TypeError', `'${name}' is a reserved method and cannot be called over RPC.`, true);
    }
    await failsLike(S.config.fetch(), 'TypeError', "'fetch' is a reserved method and cannot be called over RPC.", true);
    using counter = await S.makeCounter(1);
    equal(await counter.fetch(1), 'fetched 1');
    same(await S.scheduled(1), ['scheduled', 1]);
    equal(await S.test(), 'test');
  },
};

export const stubsAreNoThenables = {
  async test(_, { S }) {
    equal(typeof S.then, 'undefined');
    equal(await Promise.resolve(S), S);
    equal(S[5], undefined);
    ok(S.anything instanceof RpcProperty);
    ok(S.ping() instanceof RpcPromise);
    ok('anything' in S);
    same(Object.keys(S), []);
    equal(typeof S, 'object');
    equal(typeof S.ping, 'function');
  },
};

export const objectsOfHandlersTakeOneArgument = {
  async test(_, { F }) {
    same(await F.one(1), [1, 'object', 'function']);
    equal(await F.value, 42);
    equal(await F.nested.f('x'), 'nested x');
    equal(await F.none('x'), 3);
    ok((await reason(F.one())).message.includes('with the wrong number of arguments. When calling a top-level'));
    ok((await reason(F.one(1, 2))).message.includes('with the wrong number of arguments. When calling a top-level'));
    ok((await reason(F.four(1))).message.includes('Cannot call handler function "four" over RPC'));
    await failsLike(F.toString2(1), 'TypeError', missing('toString2'), true);
  },
};

export const plainValuesArriveAsTheyAre = {
  async test(_, { S }) {
    const cycle = { a: [1, , 3], m: new Map([[1, new Set([2])]]), d: new Date(5), r: /x/gi, b: 10n, z: -0, n: NaN };
    cycle.self = cycle;
    const echoed = await S.echo(cycle);
    equal(echoed.self, echoed);
    ok(!(1 in echoed.a));
    same([...echoed.m.get(1)], [2]);
    equal(echoed.d.getTime(), 5);
    equal(String(echoed.r), '/x/gi');
    equal(echoed.b, 10n);
    ok(Object.is(echoed.z, -0));
    same([...(await S.echo(new Uint8Array([1, 2, 3]).subarray(1)))], [2, 3]);
  },
};

export const whatCannotTravelIsRefusedAtHome = {
  async test(_, { S }) {
    class Plain {}
    for (const [value, text] of [
      [new Plain(), 'Could not serialize object of type "Plain". This type does not support serialization.'],
      [Object.create(null), 'Could not serialize object of type "Object". This type does not support serialization.'],
      [new URL('http://x/'), 'Could not serialize object of type "URL". This type does not support serialization.'],
      [Symbol('x'), 'Symbol(x) could not be cloned.'],
      [new WeakMap(), '#<WeakMap> could not be cloned.'],
      [(function* () {})(), '[object Generator] could not be cloned.'],
      [new Proxy([], {}), "Proxy could not be serialized because it is not a valid RPC receiver type. The Proxy must emulate either a plain object or an RpcTarget, as indicated by the Proxy's prototype chain."],
    ]) {
      const error = await reason(S.echo(value));
      equal(error.name, 'DataCloneError');
      equal(error.message, text);
      equal(error.remote, undefined);
      equal((await reason(S.echo({ nested: [value] }))).message, text);
    }
    const failing = { get x() { throw new RangeError('getter'); } };
    await failsLike(S.echo(failing), 'RangeError', 'getter', undefined);
    const remote = await reason(S.notSerializable());
    equal(remote.name, 'DataCloneError');
    equal(remote.remote, true);
  },
};

export const gettersOfArgumentsRunOnce = {
  async test(_, { S }) {
    let runs = 0;
    const value = { get n() { return ++runs; }, f() {}, deep: { g: () => 1 } };
    using echoed = await S.echo(value);
    equal(echoed.n, 1);
    equal(runs, 1);
  },
};

export const targetsAndFunctionsTravelAsStubs = {
  async test(_, { S }) {
    equal(await S.callback((a, b) => a + b, 1, 2), 3);
    equal(await S.callMethod(new Thing(), 'hello', 'you'), 'hello you');
    using counter = await S.makeCounter(5);
    ok(counter instanceof RpcStub);
    equal(typeof counter, 'function');
    equal(await counter.inc(), 6);
    equal(await counter.value, 6);
    await failsLike(counter.own(), 'TypeError', missing('own'), true);
    using f = await S.getFunction();
    equal(await f(21), 42);
    equal(await f.own, 'property');
    using same1 = await S.echo({ a: counter, f: () => 1, list: [() => 2] });
    equal(await same1.a.inc(), 7);
    equal(await same1.list[0](), 2);
  },
};

export const oneTargetIsOneStub = {
  async test(_, { S }) {
    const thing = new Thing();
    using echoed = await S.echo([thing, thing]);
    equal(echoed[0], echoed[1]);
    const f = () => 1;
    using functions = await S.echo({ f, g: f });
    equal(functions.f, functions.g);
  },
};

export const proxiesArePresentedAsWhatTheyEmulate = {
  async test(_, { S }) {
    using plain = await S.echo(new Proxy({ f: () => 'plain' }, {}));
    equal(await plain.f(), 'plain');
    using target = await S.echo(new Proxy(new Thing(), {}));
    equal(await target.hello('proxy'), 'hello proxy');
    using imported = await S.echo(importedEnv);
    ok(imported instanceof RpcStub);
  },
};

export const callsArePipelined = {
  async test(_, { S }) {
    equal(await S.getObject().counter.inc(5), 15);
    equal(await S.getObject().plain.x, 1);
    equal(await S.makeCounter(3).inc().then((n) => n), 4);
    equal(await S.getFunction()(4), 8);
    const promise = S.getObject();
    const early = promise.counter.inc();
    using object = await promise;
    equal(await early, 11);
    equal(await promise.counter.inc(), 12);
    equal(await object.counter.inc(), 13);
    await failsLike(S.getString().foo(), 'TypeError', missing('foo'), true);
    await failsLike(S.getMap().counter(), 'TypeError', missing('counter'), true);
    const text = S.getString();
    await text;
    await failsLike(text.foo(), 'TypeError', "Can't pipeline on RPC that did not return an object.", undefined);
    await failsLike(S.throwIt('TypeError').foo.bar(), 'TypeError', 'tt', true);
  },
};

export const pathsHaveALimit = {
  async test(_, { S }) {
    let path = S;
    for (let i = 0; i < 65; ++i) path = path.x;
    throws(() => path.x, { type: TypeError });
    await failsLike(path(), 'TypeError', missing('x'), true);
  },
};

export const callsOnOneStubKeepTheirOrder = {
  async test(_, { S }) {
    using counter = await S.makeCounter(0);
    const calls = [];
    for (let i = 0; i < 6; ++i) calls.push(counter.inc());
    same(await Promise.all(calls), [1, 2, 3, 4, 5, 6]);
  },
};

export const argumentsAreReadAtTheCall = {
  async test(_, { S }) {
    const value = { n: 1 };
    const promise = S.echo(value);
    value.n = 2;
    same(await promise, { n: 1 });
  },
};

export const errorsKeepTheirClassAndProperties = {
  async test(_, { S }) {
    await failsLike(S.throwIt('TypeError'), 'TypeError', 'tt', true);
    ok((await reason(S.throwIt('TypeError'))) instanceof TypeError);
    const custom = await reason(S.throwIt('custom'));
    equal(custom.name, 'MyErr');
    equal(custom.message, 'cc');
    same(custom.extra, { a: 1 });
    ok(custom instanceof Error);
    const cause = await reason(S.throwIt('cause'));
    equal(cause.message, 'outer');
    ok(cause.cause instanceof RangeError);
    equal(cause.cause.message, 'inner');
    const text = await reason(S.throwIt('string'));
    ok(text instanceof Error);
    equal(text.message, 'just text');
    const dom = await reason(S.throwIt('dom'));
    ok(dom instanceof DOMException);
    equal(dom.name, 'AbortError');
    equal((await reason(S.throwIt('retryable'))).retryable, true);
    equal((await reason(S.throwIt('newline'))).message, 'one\ntwo; jsg.TypeError: three');
    const object = await reason(S.throwIt('object'));
    equal(object.a, 1);
    equal(object.remote, true);
  },
};

export const errorsOfLegacyWorkersAreText = {
  async test(_, { LEGACY }) {
    const custom = await reason(LEGACY.throwIt('custom'));
    equal(custom.message, 'MyErr: cc');
    equal(custom.extra, undefined);
    await failsLike(LEGACY.throwIt('TypeError'), 'TypeError', 'tt', true);
  },
};

export const disposedStubsAreDead = {
  async test(_, { S }) {
    const counter = await S.makeCounter(1);
    const copy = counter.dup();
    counter[Symbol.dispose]();
    counter[Symbol.dispose]();
    await failsLike(counter.inc(), 'Error', 'RPC stub used after being disposed.', undefined);
    equal(await copy.inc(), 2);
    copy[Symbol.dispose]();
    const object = await S.getObject();
    ok(!Object.keys(object).includes('dispose'));
    object[Symbol.dispose]();
    await failsLike(object.counter.inc(), 'Error', 'RPC stub used after being disposed.', undefined);
  },
};

export const disposersRunAtTheOtherSide = {
  async test(_, { S }) {
    const until = async (what) => {
      for (let i = 0; i < 100; ++i) {
        if ((await S.disposals()).includes(what)) return;
      }
      throw new Error(`${what} was not disposed`);
    };
    // A pending waitUntil() would do, too: the reference drops disposers of a session's last stub.
    using held = await S.makeCounter(1000);
    const counter = await S.makeCounter(777);
    counter[Symbol.dispose]();
    await until(777);
    const result = await S.withDisposer();
    same({ ...result }, { data: 1 });
    ok(!(await S.disposals()).includes('result'));
    result[Symbol.dispose]();
    await until('result');
    equal(await held.inc(), 1001);
  },
};

export const argumentsAreTheCalleesUntilTheCallEnds = {
  async test(_, { S }) {
    using kept = await S.keepThenCall((x) => x + 1);
    equal(await kept.call(1), 2);
    using lost = await S.keepWithoutDup((x) => x + 1);
    const error = await reason(lost.call(1));
    equal(error.message, 'RPC stub used after being disposed.');
  },
};

export const propsComeFromTheBindingOrTheExport = {
  async test(_, { S, P }, ctx) {
    same(await S.getProps(), {});
    same(await P.getProps(), { level: 3 });
    equal(await ctx.exports.Local.hi('a'), 'hi a from nobody');
    equal(await ctx.exports.Local({ props: { who: 'me' } }).hi('b'), 'hi b from me');
    throws(() => ctx.exports.Local(), { type: TypeError });
    throws(() => ctx.exports.Local({ props: 5 }), { type: TypeError });
    throws(() => ctx.exports.Local({ props: { f() {} } }), { type: DOMException });
  },
};

export const serviceBindingsTravel = {
  async test(_, { S }, ctx) {
    const service = ctx.exports.Local({ props: { who: 'traveller' } });
    equal(await ctx.exports.Local.useService(service, 'x'), 'hi x from traveller');
    const back = await S.echo(service);
    equal(await back.hi('y'), 'hi y from traveller');
    equal(await S.echo(service).hi('z'), 'hi z from traveller');
    equal((await reason(S.echo(ctx.exports.Local))).message,
      'Could not serialize object of type "LoopbackServiceStub". This type does not support serialization.');
    const inProps = ctx.exports.Local({ props: { who: 'outer', service } });
    equal(await inProps.hi('w'), 'hi w from outer');
  },
};

export const aCallThatCanNeverEndIsTold = {
  async test(_, { S }) {
    ok((await reason(S.never())).message.includes("detected that your Worker's code had hung"));
  },
};

export const anAbortedContextTellsItsCallers = {
  async test(_, { S }) {
    await failsLike(S.abortContext('over'), 'RangeError', 'over', undefined);
  },
};

export const promisesBehaveLikePromises = {
  async test(_, { S }) {
    let done = 0;
    await S.add(1, 2).finally(() => done++);
    await S.throwIt('TypeError').catch(() => done++);
    await S.throwIt('TypeError').then(() => {}, () => done++);
    equal(done, 3);
    const promise = S.echo({ a: 1 });
    equal(await promise, await promise);
    const [a, b] = await Promise.all([S.add(1, 1), S.config.a]);
    equal(a + b, 3);
  },
};

export const stubsOfOnesOwnObjects = {
  async test() {
    using stub = new RpcStub({ f: (x) => x + 1, value: 3 });
    equal(await stub.f(1), 2);
    equal(await stub.value, 3);
    using target = new RpcStub(new Thing());
    equal(await target.hello('x'), 'hello x');
    throws(() => new RpcStub(5), { type: TypeError });
    throws(() => new RpcStub(new Map()), { type: TypeError });
    throws(() => new RpcPromise(), { type: TypeError });
  },
};

export const largeValuesAreRefused = {
  async test(_, { S }) {
    const error = await reason(S.echo(new Uint8Array(33554433)));
    ok(error.message.startsWith('Serialized RPC arguments or return values are limited to 32MiB'));
    equal((await S.echo(new Uint8Array(1000000))).length, 1000000);
  },
};
