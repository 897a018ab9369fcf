// The formatter behind console.*, with Node 20 as the oracle. Run: node --test test/e2e/console

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import util from 'node:util';

import {
  apiObjects, formatterSource, loadBareFormatter, loadFormatter,
} from './load_formatter.mjs';
import * as self from './inspect_test.mjs';
import { tables } from './values.mjs';

const { format, inspect } = loadFormatter();
const kThrew = '<Inspection threw>';
const early = [inspect(self), util.inspect(self)];
export const late = 'not yet there above';

for (const [name, rows] of Object.entries(tables)) {
  describe(`inspect writes what Node writes: ${name}`, () => {
    for (const [why, value, options] of rows) {
      test(why, () => {
        assert.equal(inspect(value, options), util.inspect(value, options));
        assert.equal(inspect([value], options), util.inspect([value], options));
        const colors = { ...options, colors: true };
        assert.equal(inspect({ k: value }, colors), util.inspect({ k: value }, colors));
      });
      // Node's own start-up leaves shared memory out of its list of the language's classes.
      if (why === 'SharedArrayBuffer') continue;
      test(`${why}, shown whole`, () => {
        const whole = { ...options, showHidden: true };
        assert.equal(inspect(value, whole), util.inspect(value, whole));
      });
    }
  });
}

test('exports that have no value yet', () => assert.equal(early[0], early[1]));

class Speaks { toString() { return 'spoken'; } }
class SpeaksToo extends Speaks {}
class Primitive { [Symbol.toPrimitive](hint) { return hint; } }
class Silent { inner = { deep: { deeper: 1 } }; }
const loop = {};
loop.loop = loop;

const formatted = [
  'text', '', 0, -0, 1.5, NaN, 1e21, '12abc', '0x10', '-0', 12n, Symbol('s'), null, undefined, true,
  {}, [], ['7'], { a: { b: { c: { d: 1 } } } }, [1, [2, [3]]], new Speaks(), new SpeaksToo(),
  new Silent(), new Date(0), new Date(NaN), Object('s'), Object(3), Object(Symbol('b')), /r/g,
  new Map([[1, { a: 1 }]]), Promise.resolve(1), () => 5, class Named {}, function f() {}, loop,
  Object.assign(() => {}, { a: 1 }), { toString: () => 'own' }, { toString: 5 }, new Uint8Array(3),
  { valueOf: () => 42 }, { toJSON: () => 'J' }, { get a() { return 1; } }, 'two\nlines',
  Object.create({ toString() { return 'inherited'; } }), new URL('http://a/b').pathname,
];

describe('format writes what Node writes', () => {
  for (const letter of 'sdifjoOc%xq ') {
    test(`%${letter}`, () => {
      for (const value of formatted) {
        if (letter === 'j' && typeof value === 'bigint') continue;  // Node throws
        if (letter !== 's' && 'dif'.includes(letter) && !hasNumber(value)) continue;
        const rows = [
          [`%${letter}`, value],
          [`a %${letter} b %% %s`, value, 'z', value],
          [`%${letter}%${letter}`, value],
          [`%${letter}`, value, value],
        ];
        for (const args of rows) assert.equal(format(args), util.format(...args));
      }
    });
  }

  test('without directives', () => {
    const rows = [
      [], ['%% %s'], ['%s'], ['%s %s', 'a'], ['a', 'b', 'c'], ['%%%s%%', 'x'], ['%%s%s', 'foo'],
      [undefined, '%s', 1], [5, '%s', 6], ['100%', 1], ['%', 1], ['', 'a'],
      [['a'], 'b', { c: 'd' }],
      ...formatted.map((value) => [value]), ...formatted.map((value) => ['x', value, value]),
    ];
    for (const args of rows) assert.equal(format(args), util.format(...args));
  });

  test('in colours', () => {
    const rows = [
      [1, 'a', { b: 1 }, null], ['%s %d %i %O', { a: 1 }, 1, 2, { q: 'x' }], ['%o', { f() {} }],
      ['%s', [1, 'a']], ['%j', { a: 1 }, { a: 1 }],
    ];
    for (const args of rows) {
      const expected = util.formatWithOptions({ colors: true }, ...args);
      assert.equal(format(args, { colors: true }), expected);
    }
  });

  test('%s with Symbol.toPrimitive', () => {
    assert.equal(format(['%s', new Primitive()]), 'string');
  });
});

function hasNumber(value) {
  try {
    return Number(value) === Number(value) || true;
  } catch {
    return typeof value === 'symbol';
  }
}

test('inspect agrees with Node on a thousand made-up values', () => {
  let seed = 20;
  const random = (below) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * below);
  };
  const characters = [...'abcdefgh \n\'"`$é漢😀\\'];
  const word = (length) => Array.from({ length }, () => characters[random(18)]).join('');
  const many = (count, make) => Array.from({ length: random(count) }, make);
  const makers = [
    () => word(random(15)), () => word(random(100)), () => random(1e6), () => random(1000) / 7,
    () => null, () => -random(9), () => BigInt(random(1e6)), () => undefined,
    (depth) => Object.fromEntries(many(6, () => [word(random(9)), make(depth - 1)])),
    (depth) => many(9, () => make(depth - 1)), (depth) => many(130, () => make(0)),
    () => many(130, () => random(10 ** random(7))), () => many(130, () => word(random(20))),
    (depth) => new Map(many(5, () => [make(depth - 1), make(depth - 1)])),
    (depth) => new Set(many(5, () => make(depth - 1))),
    () => new Float64Array(many(40, () => random(1000) / 8)),
  ];
  const make = (depth) => makers[random(depth > 0 ? makers.length : 8)](depth);
  const choices = [
    undefined, { colors: true }, { depth: 0 }, { depth: null }, { compact: 1 }, { compact: false },
    { breakLength: 40 }, { showHidden: true }, { maxArrayLength: 3, maxStringLength: 4 },
  ];
  for (let i = 0; i < 1000; i++) {
    const value = make(5);
    const options = choices[random(choices.length)];
    assert.equal(inspect(value, options), util.inspect(value, options));
  }
});

describe('proxies', () => {
  const refuse = new Proxy({}, { get(target, trap) { throw new Error(`trap ${String(trap)}`); } });
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const self = {};
  self.me = new Proxy(self, {});
  let tower = { a: 1 };
  for (let i = 0; i < 20; i++) tower = new Proxy(tower, {});
  const rows = [
    ['object', new Proxy({ a: 1 }, {}), 'Proxy({ a: 1 })'],
    ['list', [new Proxy([1, 2], {})], '[ Proxy([ 1, 2 ]) ]'],
    ['function', new Proxy(function f() {}, {}), 'Proxy([Function: f])'],
    ['instance', new Proxy(new Silent(), {}), 'Proxy(Silent { inner: { deep: { deeper: 1 } } })'],
    ['proxy of a proxy', new Proxy(new Proxy({}, {}), {}), 'Proxy(Proxy({}))'],
    ['too many', tower, `${'Proxy('.repeat(8)}[Proxy]${')'.repeat(8)}`],
    ['hostile traps', new Proxy({ a: 1 }, refuse), 'Proxy({ a: 1 })'],
    ['revoked', revoked.proxy, '<Revoked Proxy>'],
    ['circular', self, '<ref *1> { me: Proxy([Circular *1]) }'],
  ];
  for (const [why, value, expected] of rows) {
    test(why, () => assert.equal(inspect(value), expected));
  }
  test('in %s, %d and %j', () => {
    assert.equal(format(['%s', new Proxy({ a: { b: 1 } }, {})]), 'Proxy({ a: [Object] })');
    assert.equal(format(['%s', new Proxy({ a: 1 }, refuse)]), 'Proxy({ a: 1 })');
    const hostile = new Proxy({}, refuse);
    assert.equal(format(['%d %j', hostile, hostile]), `${kThrew} ${kThrew}`);
  });
});

// A class as C++ makes them: enumerable accessors on the prototype.
function apiClass(name, getters, parent) {
  const made = { [name]: class extends (parent ?? Object) {} }[name];
  for (const [key, get] of Object.entries(getters)) {
    Object.defineProperty(made.prototype, key, { get, enumerable: true, configurable: true });
  }
  Object.defineProperty(made.prototype, Symbol.toStringTag, { value: name, configurable: true });
  return made;
}

function api(value, name, entries, internals) {
  apiObjects.set(value, [name, entries, internals]);
  return value;
}

describe('API objects', () => {
  const Headers = apiClass('Headers', {});
  const headers = api(new Headers(), 'Headers', ['a', 'b', 'c', 'd'], ['immutable', false]);
  const Body = apiClass('Body', { body: () => null, bodyUsed: () => false });
  const Request = apiClass('Request', {
    method: () => 'GET', url: () => 'http://localhost/', headers: () => headers,
    cf: () => undefined,
  }, Body);
  const request = api(new Request(), 'Request');
  const Broken = apiClass('Broken', { bad() { throw new Error('x'); }, good: () => 1 });
  const Stub = apiClass('RpcStub', {});
  const Url = apiClass('URL', { href: () => 'http://a/' });
  Object.defineProperty(Url.prototype, 'toString', { value: () => 'http://a/' });
  const KvNamespace = apiClass('KvNamespace', {});
  const requestText = `Request {
  method: 'GET',
  url: 'http://localhost/',
  headers: Headers(2) { 'a' => 'b', 'c' => 'd', [immutable]: false },
  cf: undefined,
  body: null,
  bodyUsed: false
}`;
  const rows = [
    ['getters, the class\'s own first', request, requestText],
    ['maps', headers, "Headers(2) { 'a' => 'b', 'c' => 'd', [immutable]: false }"],
    ['empty map with internals', api(new Headers(), 'Headers', [], ['immutable', true]),
      'Headers(0) { [immutable]: true }'],
    ['empty map', api(new Headers(), 'Headers', []), 'Headers(0) {}'],
    ['nothing', api(new KvNamespace(), 'KvNamespace'), 'KvNamespace {}'],
    ['no prototype', api(Object.create(null), 'Fetcher'), '[Fetcher: null prototype] {}'],
    ['own properties after getters', Object.assign(api(new Url(), 'URL'), { mine: 1 }),
      "URL { href: 'http://a/', mine: 1 }"],
    ['worker\'s subclass', api(new (class Mine extends Url { x = 1; })(), 'URL'),
      "Mine [URL] { href: 'http://a/', x: 1 }"],
    ['throwing getter', api(new Broken(), 'Broken'), `Broken { bad: ${kThrew}, good: 1 }`],
    ['too deep', [[[request]]], '[ [ [ [Request] ] ] ]'],
    ['many entries', api(new Headers(), 'Headers', Array.from({ length: 220 }, () => 'x')),
      `Headers(110) {\n${"  'x' => 'x',\n".repeat(100)}  ... 10 more items\n}`],
    ['callable', api(Object.setPrototypeOf(() => {}, Stub.prototype), 'RpcStub'), 'RpcStub {}'],
    ['internals without entries', api(new KvNamespace(), 'KvNamespace', undefined, ['a', { b: 1 }]),
      'KvNamespace { [a]: { b: 1 } }'],
    ['own getter',
      api(Object.defineProperty(new Url(), 'href', { get() {}, enumerable: true }), 'URL'),
      'URL { href: [Getter] }'],
  ];
  for (const [why, value, expected] of rows) {
    test(why, () => assert.equal(inspect(value), expected));
  }

  test('in %s and %d', () => {
    assert.equal(format(['%s', api(new Url(), 'URL')]), 'http://a/');
    assert.equal(format(['%s', api(new KvNamespace(), 'KvNamespace')]), 'KvNamespace {}');
    assert.equal(format(['%d %i %f', headers, headers, headers]), 'NaN NaN NaN');
  });

  test('errors among them read like errors', () => {
    const getters = { name: () => 'AbortError', message: () => 'm' };
    const DOMException = apiClass('DOMException', getters, Error);
    const error = api(Object.create(DOMException.prototype), 'DOMException');
    Object.defineProperty(error, 'stack', { value: 'AbortError: m\n    at x' });
    assert.equal(inspect(error), 'DOMException [AbortError]: m\n    at x');
  });

  test('names of a stub are never looked up', () => {
    const looked = [];
    const names = { get(target, key) { if (typeof key === 'string') looked.push(key); } };
    // The last prototype stands in for an interceptor.
    const Wild = apiClass('RpcStub', {});
    Object.setPrototypeOf(Wild.prototype, new Proxy(Object.prototype, names));
    const stub = api(Object.create(Wild.prototype), 'RpcStub');
    assert.equal(format(['%s %d', stub, stub, stub]), 'RpcStub {} NaN RpcStub {}');
    assert.deepEqual(looked, []);
  });
});

describe('hostile values', () => {
  const thrower = () => { throw new Error('gotcha'); };
  const throwing = (key, base = {}) => Object.defineProperty(base, key, { get: thrower });
  const failure = () => Object.defineProperty(new Error('m'), 'stack', { value: 's' });
  const custom = Symbol.for('nodejs.util.inspect.custom');
  const rows = [
    ['tag', throwing(Symbol.toStringTag), '{}'],
    ['custom getter', throwing(custom), '{}'],
    ['custom function', { [custom]: thrower }, kThrew],
    ['endless custom', { [custom]() { return { [custom]: this[custom] }; } }, kThrew],
    ['symbol from custom', { [custom]: () => Symbol('s') }, 'Symbol(s)'],
    ['constructor', throwing('constructor'), '{}'],
    ['class name', new (throwing('name', class {}))(), kThrew],
    ['function name', throwing('name', () => {}), '[Function (anonymous)]'],
    ['one of three', [1, { [custom]: thrower }, 3], `[ 1, ${kThrew}, 3 ]`],
    ['stack', throwing('stack', new Error('m')), '[Error: m]'],
    ['message', throwing('message', failure()), '[s]'],
    ['name', throwing('name', failure()), '[s]'],
    ['cause', throwing('cause', failure()),
      '[s] { [cause]: [Getter] }'],
    ['trapped prototype', Object.create(new Proxy({}, { getPrototypeOf: thrower })), kThrew],
  ];
  for (const [why, value, expected] of rows) {
    test(why, () => assert.equal(inspect(value), expected));
  }

  test('conversions that throw', () => {
    const bad = { toString: thrower, valueOf: thrower, toJSON: thrower };
    const marks = Array(5).fill(kThrew).join(' ');
    assert.equal(format(['%s %d %i %f %j', bad, bad, bad, bad, bad]), marks);
    assert.equal(format(['%j', 1n]), kThrew);
    assert.equal(format(['%d %d', Object.create(null), 5]), `${kThrew} 5`);
  });

  test('endless prototypes end', () => {
    const endless = () => new Proxy({}, { getPrototypeOf: endless });
    assert.equal(typeof inspect(Object.create(endless())), 'string');
    assert.equal(typeof format(['%s', Object.create(endless())]), 'string');
  });

  test('a million elements', () => {
    const million = new Array(1e6).fill(1);
    assert.ok(inspect(million).endsWith('... 999900 more items\n]'));
    assert.ok(inspect(new Set(million.map((_, i) => i))).endsWith('... 999900 more items\n}'));
  });

  test('more output than anyone reads is cut', () => {
    let wide = 'x'.repeat(9000);
    for (let i = 0; i < 3; i++) wide = new Array(100).fill(wide);
    assert.ok(inspect(wide).length < 2 ** 23);
    const keys = Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => [`k${i}`, i]));
    const text = inspect(keys);
    assert.ok(text.length < 2 ** 23);
    assert.match(text, /\.\.\. \d+ more items\n}$/);
  });

  test('nesting is cut', () => {
    let deep = [];
    for (let i = 0; i < 1e5; i++) deep = [deep];
    assert.equal(inspect(deep), '[ [ [ [Array] ] ] ]');
    const text = inspect(deep, { depth: null });
    assert.equal(text.match(/\[Array\]/g).length, 1);
    assert.doesNotMatch(text, /threw/);
  });

  test('texts too long to join', () => {
    const huge = 'x'.repeat(2 ** 28);
    assert.equal(format([huge, huge, huge]), kThrew);
  });

  test('little stack left', () => {
    const texts = new Set();
    let tries = 5000;
    // Each frame tries with a little more stack left than the one it called.
    const dive = () => {
      try {
        dive();
      } catch {}
      if (tries-- > 0) texts.add(format([{ a: [{ b: 1 }] }]));
    };
    dive();
    assert.ok(texts.has('{ a: [ { b: 1 } ] }'));
    assert.ok(texts.has(kThrew));
  });
});

describe('in a bare context', () => {
  const values = `({
    list: [1, 2, 3, 4, 5, 6, 7, 8], sparse: [1, , 2], text: 'it\\'s\\n"',
    map: new Map([[1, { a: 1 }]]),
    set: new Set(['x']), iterator: new Map([[1, 2]]).entries(), bytes: new Uint8Array([1, 2]),
    buffer: new ArrayBuffer(2), view: new DataView(new ArrayBuffer(1)), date: new Date(0),
    re: /a/gi,
    boxed: [Object(1), Object('s'), Object(true), Object(1n), Object(Symbol('s'))],
    error: Object.assign(new TypeError('m', { cause: new Error('c') }), { code: 1 }),
    promise: Promise.resolve(1), f: function f() {}, C: class C extends Map {}, symbol: Symbol('s'),
    [Symbol('k')]: { get a() { return 1; } }, bare: Object.create(null), big: 12n,
    weak: new WeakSet(),
    instance: new (class Foo { a = 1 })(), args: (function () { return arguments; })(1),
    proxy: new Proxy({ a: 1 }, {}), gen: (function* () {})(), self: globalThis.loop,
  })`;
  const hijack = `
    let called = '';
    const note = (name) => function () { called += name + ' '; throw name; };
    const define = Object.defineProperty, describe = Object.getOwnPropertyDescriptors;
    const ownKeys = Reflect.ownKeys, text = String;
    const holders = [];
    for (const name of Object.getOwnPropertyNames(globalThis)) {
      const value = globalThis[name];
      if (typeof value !== 'function' && name !== 'JSON' && name !== 'Reflect') continue;
      holders.push([name, value]);
      if (value.prototype) holders.push([name + '.prototype', value.prototype]);
    }
    for (const it of [[].keys(), new Map().keys(), new Set().keys(), 'a'.matchAll(/a/g)]) {
      const prototype = Object.getPrototypeOf(it);
      holders.push(['iterator', prototype], ['iterators', Object.getPrototypeOf(prototype)]);
    }
    holders.push(['TypedArray', Object.getPrototypeOf(Uint8Array.prototype)]);
    for (let i = 0; i < holders.length; i++) {
      const holder = holders[i][0], object = holders[i][1];
      const keys = ownKeys(object);
      for (let k = 0; k < keys.length; k++) {
        const key = keys[k];
        // These say what a value is, not how it is written.
        const isIdentity = key === 'constructor' || key === 'prototype' || key === 'name' ||
          key === 'message' || key === 'length' || key === '__proto__' ||
          key === Symbol.toStringTag;
        if (isIdentity) continue;
        const old = describe(object)[key];
        if (old === undefined || !old.configurable) continue;
        const mine = note(holder + '.' + text(key));
        if ('value' in old) define(object, key, { ...old, value: mine });
        else define(object, key, { get: mine, set: mine, configurable: true });
      }
    }
    const globals = ['Map', 'Uint8Array', 'String', 'Number', 'Object', 'Reflect', 'JSON'];
    for (let i = 0; i < globals.length; i++) globalThis[globals[i]] = note(globals[i]);
  `;
  const poison = `
    const names = ['0', '1', '2', 'get', 'set', 'value', 'enumerable', 'colors', 'depth', 'text'];
    for (let i = 0; i < names.length; i++) {
      const mine = note('Object.prototype.' + names[i]);
      define(ObjectPrototype, names[i], { __proto__: null, get: mine, set: mine });
    }
  `;

  test('nothing but the language is needed', () => {
    const bare = loadBareFormatter();
    assert.equal(bare.format(['%s %o', 'a', bare.run('[1]')]), 'a [ 1, [length]: 1 ]');
  });

  test('whatever the worker overwrites, the text stays the same and its code is not called', () => {
    const bare = loadBareFormatter();
    bare.run('globalThis.loop = {}; loop.loop = loop; const ObjectPrototype = Object.prototype;');
    const value = bare.run(`globalThis.sample = ${values}`);
    const write = () => [
      bare.inspect(value, { __proto__: null, depth: 5 }),
      bare.inspect(value, { __proto__: null, depth: 5, colors: true }),
      bare.format(['%s %d %i %f %j', value.list, 1, '2', '3.5', { __proto__: null, a: 1 }]),
      bare.format(['%o %O %c%%', value.instance, value, '']),
    ];
    const before = write();
    bare.run(hijack);
    bare.run(poison);
    const after = write();
    assert.equal(bare.run('called'), '');
    assert.deepEqual(after, before);
    assert.match(before[0], /\[cause\]: Error: c/);
    assert.doesNotMatch(before[0], /threw/);
  });
});

test('fragments do not define a name twice', () => {
  const names = [...formatterSource().matchAll(/^(?:function|const|let) (\w+)/gm)].map((m) => m[1]);
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
});
