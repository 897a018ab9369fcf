// Values whose console text has to be what Node gives: rows of [why, value, inspect options?].

import * as namespace from './sample_module.mjs';

const withStack = (error, stack) => Object.defineProperty(error, 'stack', {
  value: stack, enumerable: false, configurable: true, writable: true,
});
const frames = (...names) => names.map((name) => `\n    at ${name}`).join('');
const range = (length, make = (i) => i) => Array.from({ length }, (_, i) => make(i));

class Empty {}
class Point { constructor() { this.x = 1; this.y = 2; } }
class Point3 extends Point { constructor() { super(); this.z = 3; } get sum() { return 6; } }
class Tagged { get [Symbol.toStringTag]() { return 'Tag'; } }
class Anonymous { static make() { return class {}; } }
class MyError extends Error {}
class TaggedError extends Error { get [Symbol.toStringTag]() { return 'Tag'; } }
class Odd extends TypeError {}
class MyArray extends Array {}
class MyMap extends Map {}
class MyPromise extends Promise {}
class MyDate extends Date {}
class MyRegExp extends RegExp {}
class Bytes extends Uint8Array {}
class Text extends String {}
class Custom {
  constructor(answer) { this.answer = answer; }
  [Symbol.for('nodejs.util.inspect.custom')](depth, options, inspect) {
    return this.answer(depth, options, inspect);
  }
}
function Legacy() { this.a = 1; }
function inheritsNull() {}
inheritsNull.prototype = Object.create(null);

const kept = { a: 1 };
globalThis.keptForWeakCollections = kept;
const circular = { name: 'c', list: [] };
circular.self = circular;
circular.list.push(circular, circular.list);
const circularMap = new Map();
circularMap.set('me', circularMap);
const holes = [1, , 3, , , 6];
holes.extra = 'x';
const getters = {
  get a() { return 1; }, set a(value) {}, get b() { return 1; }, set c(value) {},
};
const hidden = Object.defineProperty({ seen: 1 }, 'unseen', { value: 2 });
const rejected = Promise.reject(new RangeError('no').message);
rejected.catch(() => {});
const advanced = new Map([[1, 'a'], [2, 'b']]).entries();
advanced.next();
const detached = new ArrayBuffer(4);
structuredClone(detached, { transfer: [detached] });
const extended = (value, extra) => Object.assign(value, extra);
const unnamed = (value) => Object.setPrototypeOf(value, null);
const nest = (depth) => (depth === 0 ? { end: true } : { in: nest(depth - 1) });
const cause = withStack(new Error('b'), `Error: b${frames(1, 2, 3, 4, 5)}`);

const primitives = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['zero', 0],
  ['minus zero', -0],
  ['NaN', NaN],
  ['infinity', -Infinity],
  ['fraction', 1.5],
  ['big exponent', 1e21],
  ['bigint', 123n],
  ['negative bigint', -1n],
  ['symbol', Symbol('s')],
  ['bare symbol', Symbol()],
  ['symbol with line break', Symbol('a\nb')],
  ['well-known symbol', Symbol.iterator],
  ['empty string', ''],
  ['plain string', 'abc'],
  ['single quote', "it's"],
  ['double quote', 'a"b'],
  ['both quotes', `'"`],
  ['all quotes', '\'"`'],
  ['both and ${', `'"\${`],
  ['control characters', '\0\x01\b\t\n\v\f\r\x1b\x7f\x85'],
  ['backslash', '\\'],
  ['lone surrogates', '\ud83d \ude00 😀'],
  ['long string', 'x'.repeat(200)],
  ['too long a string', 'x'.repeat(10001)],
  ['much too long', 'x'.repeat(20000)],
  ['string of lines', `${'line\n'.repeat(30)}end`],
  ['lines in object', { a: 'line\n'.repeat(30) }],
  ['short lines', ['a\nb', 'c\n']],
  ['long line in list', ['y'.repeat(60), `${'z'.repeat(40)}\nq`]],
];

const objects = [
  ['empty', {}],
  ['plain', { a: 1, b: 'x', 'c-d': null, $e: 1, 1: 2, 'ü': 3 }],
  ['symbol keys', { [Symbol('k')]: 1, [Symbol()]: 2, [Symbol("q'\n")]: 3 }],
  ['odd keys', { '': 1, "it's": 2, 'a\nb': 3, ['__proto__']: 4 }],
  ['undefined value', { a: undefined }],
  ['methods', { f() {}, get g() { return 1; } }],
  ['getters', getters],
  ['not enumerable', hidden],
  ['not enumerable shown', hidden, { showHidden: true }],
  ['null prototype', Object.create(null)],
  ['null prototype with keys', Object.assign(Object.create(null), { a: 1 })],
  ['twice removed', Object.create(Object.create(null))],
  ['thrice removed', Object.create(Object.create(Object.create(null)))],
  ['with prototype', Object.create({ a: 1 })],
  ['deep', nest(6)],
  ['deep cut at 0', nest(3), { depth: 0 }],
  ['deep uncut', nest(6), { depth: null }],
  ['deep list', [[[[[1]]]]]],
  ['deep and mixed', { a: { b: { c: [{}], d: {}, e: [], f: new Map([[1, 2]]) } } }],
  [
    'cut classes',
    [[[{ p: new Point(), n: unnamed({ a: 1 }), t: extended(new Tagged(), { a: 1 }) }]]],
  ],
  [
    'cut things',
    [
      [[1]], new Point(), unnamed({ a: 1 }), unnamed([1]), extended(() => {}, { a: 1 }), /a/,
      extended(withStack(new Error('x'), 'Error: x'), { a: 1 }), new Map([[1, 2]]), new Date(0),
      Promise.resolve(1), new Uint8Array(2), new MyArray(3),
    ],
    { depth: 0 },
  ],
  ['circular', circular],
  ['circular map', circularMap],
  ['circular, coloured', circular, { colors: true }],
  ['many keys', Object.fromEntries(range(30, (i) => [`key${i}`, i]))],
  ['76 columns', { a: 'x'.repeat(30), b: 'y'.repeat(22), c: 1 }],
  ['77 columns', { a: 'x'.repeat(30), b: 'y'.repeat(23), c: 1 }],
  ['three inner levels', { a: { b: { c: {} } } }],
  ['four inner levels', { a: { b: { c: { d: 1 } } } }, { depth: 9 }],
  ['arguments', (function () { return arguments; })(1, 'b')],
  ['global', globalThis, { depth: -1 }],
  ['Math', Math],
  ['JSON', JSON],
  ['Intl', Intl],
  ['Reflect', Reflect],
  ['Atomics', Atomics],
  ['Object.prototype', Object.prototype],
  ['Symbol.prototype', Symbol.prototype],
  ['Date.prototype', Date.prototype],
  ['RegExp.prototype', RegExp.prototype],
  ['Map.prototype', Map.prototype],
  ['Array.prototype', Array.prototype],
  ['Function.prototype', Function.prototype],
  ['Error.prototype', Error.prototype],
  ['Promise.prototype', Promise.prototype],
  ['Number.prototype', Number.prototype],
  ['Uint8Array.prototype', Uint8Array.prototype],
  ['function made plain', [Object.setPrototypeOf(() => {}, Object.prototype)]],
  [
    'error made plain',
    Object.setPrototypeOf(withStack(new Error('m'), 'Error: m'), Object.prototype),
  ],
  ['date made plain', Object.setPrototypeOf(new Date(0), Object.prototype)],
  ['map made plain', Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype)],
  ['array made plain', Object.setPrototypeOf([1, 2], Object.prototype)],
  ['module', namespace],
  ['list of modules', [namespace]],
  ['generator', (function* () {})()],
  ['async generator', (async function* () {})()],
  ['array iterator', [1][Symbol.iterator]()],
  ['string iterator', ''[Symbol.iterator]()],
  ['regexp iterator', 'a'.matchAll(/a/g)],
  ['WeakRef', new WeakRef({})],
];

const classes = [
  ['empty instance', new Empty()],
  ['instance', new Point()],
  ['subclass', new Point3()],
  ['instance shown whole', new Point3(), { showHidden: true }],
  ['old style', new Legacy()],
  ['anonymous', new (Anonymous.make())()],
  ['tag', new Tagged()],
  ['own tag', { [Symbol.toStringTag]: 'T', a: 1 }],
  ['tag same as name', new (class Tag { get [Symbol.toStringTag]() { return 'Tag'; } })()],
  ['hidden tag', Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'H' })],
  ['prototype itself', Point3.prototype],
  ['renamed', new (class { static name = 'Other'; })()],
  ['own constructor', { constructor: 'x' }],
  ['foreign constructor', { constructor: Point }],
  [
    'tag without prototype',
    Object.assign(Object.create({ __proto__: null, [Symbol.toStringTag]: 'N' })),
  ],
];

const functions = [
  ['named', function named() {}],
  ['arrow', [() => {}][0]],
  ['async', async function a() {}],
  ['generator', function* g() {}],
  ['async generator', async function* ag() {}],
  ['with properties', extended(function f() {}, { a: 1, b: { c: 2 } })],
  ['shown whole', function f() {}, { showHidden: true }],
  ['class', class A {}],
  ['derived', Point3],
  ['anonymous class', Anonymous.make()],
  ['class with statics', class S { static a = 1; static m() {} }],
  ['derived from call', class M extends (() => Point)() {}],
  ['comment in head', class /* ( */ C {}],
  ['extends null', class N extends null {}],
  ['without prototype', unnamed(function f() {})],
  ['class without prototype', unnamed(class A {})],
  ['bound', (function f() {}).bind()],
  ['builtin', Array],
  ['method', [].map],
  ['Proxy', Proxy],
  ['odd name', Object.defineProperty(() => {}, 'name', { value: 5 })],
  ['symbol-named', { [Symbol('x')]() {} }],
  ['tagged function', Object.defineProperty(() => {}, Symbol.toStringTag, { value: 'T' })],
  ['name with line break', Object.defineProperty(() => {}, 'name', { value: 'a\nb' })],
];

const lists = [
  ['empty', []],
  ['numbers', [1, 2, 3]],
  ['six', range(6)],
  ['seven', range(7)],
  ['hundred', range(100)],
  ['hundred and one', range(101)],
  ['thousand', range(1000, (i) => i * i)],
  ['negative', range(20, (i) => -i / 3)],
  ['words', range(40, (i) => 'word'.repeat(i % 3) + i)],
  ['mixed', range(30, (i) => (i % 3 ? i : `${i}`))],
  ['wide characters', range(20, (i) => '漢字'.repeat(i % 4))],
  ['emoji', range(20, () => '😀')],
  ['bigints', range(30, (i) => BigInt(i) ** 5n)],
  ['objects', range(10, (i) => ({ i }))],
  ['lists', range(10, (i) => [i])],
  ['holes', holes],
  ['only holes', new Array(5)],
  ['one hole', [,]],
  ['many holes', new Array(2 ** 32 - 1)],
  ['sparse', extended([], { 5: 1, 1000000: 2 })],
  ['holes at end', [1, , ,]],
  ['limit in holes', extended(new Array(500), { 3: 1 })],
  ['alternate holes', extended([], Object.fromEntries(range(150, (i) => [i * 2, i])))],
  ['extra keys', extended([1, 2], { a: 1, '-1': 2, 1.5: 3, [Symbol('s')]: 4 })],
  ['only extra', extended([], { a: 1 })],
  ['100 and extra', extended(range(120), { a: 1 })],
  ['subclass', MyArray.from([1, 2])],
  ['empty subclass', new MyArray()],
  ['null prototype', unnamed([1, 2])],
  ['shown whole', [1, 2], { showHidden: true }],
  ['getter', Object.defineProperty([1], 0, { get() { return 1; } })],
  ['few allowed', range(10), { maxArrayLength: 3 }],
  ['none allowed', range(10), { maxArrayLength: 0 }],
  ['all allowed', range(200), { maxArrayLength: null }],
  ['uncompacted', { a: [1, { b: 2 }] }, { compact: false }],
  ['compact 1', { a: { b: { c: 1 } } }, { compact: 1 }],
  ['narrow', { a: range(20), b: 'some text here' }, { breakLength: 30 }],
  ['endless line', { a: range(5), b: 'x'.repeat(100) }, { breakLength: Infinity }],
];

const collections = [
  ['map', new Map([['a', 1], [{ b: 1 }, [2]]])],
  ['empty map', new Map()],
  ['set', new Set(['a', { b: 1 }])],
  ['empty set', new Set()],
  ['big map', new Map(range(120, (i) => [i, i]))],
  ['big set', new Set(range(120))],
  ['map with key', extended(new Map([[1, 2]]), { a: 1 })],
  ['subclass', new MyMap([[1, 2]])],
  ['null prototype map', unnamed(new Map([[1, 2]]))],
  ['null prototype set', unnamed(new Set([1]))],
  ['map keys', new Map([[1, 2], [3, 4]]).keys()],
  ['map values', new Map([[1, 'x']]).values()],
  ['map entries', new Map([[1, 2], ['a', { b: 1 }]]).entries()],
  ['advanced', advanced],
  ['set values', new Set([1, 2]).values()],
  ['set entries', new Set([1, 2]).entries()],
  ['empty iterator', new Map().entries()],
  ['many entries', new Map(range(120, (i) => [i, i])).entries()],
  ['WeakMap', new WeakMap()],
  ['WeakSet', new WeakSet()],
  ['WeakSet shown', new WeakSet([kept]), { showHidden: true }],
  ['WeakMap shown', new WeakMap([[kept, 'x']]), { showHidden: true }],
  ['Uint8Array', new Uint8Array([1, 2])],
  ['empty typed array', new Float32Array()],
  ['floats', new Float64Array([1.5, -0, NaN])],
  ['BigInt64Array', new BigInt64Array(3)],
  ['long', new Int16Array(150)],
  ['with key', extended(new Uint8Array(2), { a: 1 })],
  ['subclass of typed', new Bytes(3)],
  ['Buffer', Buffer.from('ab').subarray(0, 0).constructor.name],
  ['typed shown', new Uint8Array(3), { showHidden: true }],
  ['typed without prototype', unnamed(new Uint8Array(3))],
  ['ArrayBuffer', new Uint8Array([1, 2, 255]).buffer],
  ['empty buffer', new ArrayBuffer(0)],
  ['long buffer', new ArrayBuffer(101)],
  ['longer buffer', new ArrayBuffer(500)],
  ['detached', detached],
  ['buffer with key', extended(new ArrayBuffer(1), { a: 1 })],
  ['SharedArrayBuffer', new SharedArrayBuffer(2)],
  ['DataView', new DataView(new ArrayBuffer(4), 1, 2)],
  ['pending', new Promise(() => {})],
  ['fulfilled', Promise.resolve({ a: 1 })],
  ['rejected', rejected],
  ['fulfilled with undefined', Promise.resolve()],
  ['subclass of promise', MyPromise.resolve(3)],
  ['promise with key', extended(Promise.resolve(4), { a: 1 })],
  ['nested promises', { p: Promise.resolve({ q: Promise.resolve([1]) }) }],
];

const labels = [
  ['date', new Date(0)],
  ['invalid date', new Date(NaN)],
  ['date with key', extended(new Date(0), { a: 1 })],
  ['subclass of date', new MyDate(0)],
  ['date without prototype', unnamed(new Date(0))],
  ['regexp', /a\/b/gimsuy],
  ['indices', /a/d],
  ['empty regexp', new RegExp('')],
  ['regexp with key', extended(/a/, { a: 1 })],
  ['subclass of regexp', new MyRegExp('a', 'g')],
  ['regexp without prototype', unnamed(/a/g)],
  ['Number', Object(-0)],
  ['String', Object('abc')],
  ['Boolean', Object(false)],
  ['BigInt', Object(1n)],
  ['Symbol', Object(Symbol('s'))],
  ['String with key', extended(Object('abc'), { a: 1 })],
  ['Number with key', extended(Object(3), { a: 1 })],
  ['subclass of String', new Text('x')],
  ['boxed without prototype', unnamed(Object(3))],
  ['long String', Object('x'.repeat(200))],
  ['boxed in list', [Object('a'), Object(1)]],
];

const errors = [
  ['error', withStack(new Error('m'), `Error: m${frames('x', 'y')}`)],
  ['real', new Error('m').message],
  ['nested', { e: withStack(new Error('m'), `Error: m${frames('x', 'y')}`) }],
  ['no frames', withStack(new Error('m'), 'Error: m')],
  ['no stack', withStack(new Error('m'), undefined)],
  ['odd stack', withStack(new Error('m'), 5)],
  ['empty stack', withStack(new Error('m'), '')],
  ['message of lines', [withStack(new Error('a\nb'), `Error: a\nb${frames('x')}`)]],
  ['lines, no frames', [withStack(new Error('a\nb'), 'Error: a\nb')]],
  ['frames in message', withStack(new Error('a\n    at q'), `Error: a\n    at q${frames('x')}`)],
  [
    'own keys',
    extended(withStack(new TypeError('m'), `TypeError: m${frames('x')}`), { code: 1, b: { a: 1 } }),
  ],
  ['subclass', withStack(new MyError('m'), `Error: m${frames('x')}`)],
  ['other name', withStack(new Odd('m'), `TypeError: m${frames('x')}`)],
  ['other name only', withStack(new Odd(''), `TypeError${frames('x')}`)],
  ['unlike stack', withStack(new Odd('m'), 'weird')],
  ['own name', extended(withStack(new Error('m'), `Error: m${frames('x')}`), { name: 'Bar' })],
  [
    'own name in stack',
    extended(withStack(new Error('m'), `Bar: m${frames('x')}`), { name: 'Bar' }),
  ],
  ['null name', extended(withStack(new Error('m'), `Error: m${frames('x')}`), { name: null })],
  ['number name', extended(withStack(new Error('m'), `Error: m${frames('x')}`), { name: 5 })],
  ['empty name', extended(withStack(new Error('m'), `Error: m${frames('x')}`), { name: '' })],
  [
    'tag',
    withStack(new TaggedError('m'), `Error: m${frames('x')}`),
  ],
  ['null prototype', unnamed(withStack(new Error('m'), `Error: m${frames('x')}`))],
  ['null prototype, other name', unnamed(withStack(new Error('m'), `FooError${frames('x')}`))],
  ['null prototype, no name', unnamed(withStack(new Error('m'), 'foo bar: baz'))],
  ['cause', withStack(new Error('a', { cause: 'why' }), `Error: a${frames('x')}`)],
  ['undefined cause', withStack(new Error('a', { cause: undefined }), `Error: a${frames('x')}`)],
  ['shared frames', withStack(new Error('a', { cause }), `Error: a${frames(0, 2, 3, 4, 5)}`)],
  [
    'shared frames, nested and coloured',
    [withStack(new Error('a', { cause }), `Error: a${frames(0, 2, 3, 4, 5)}`)], { colors: true },
  ],
  ['three shared frames', withStack(new Error('a', { cause }), `Error: a${frames(0, 3, 4, 5)}`)],
  ['enumerable cause', extended(withStack(new Error('a'), `Error: a${frames('x')}`), { cause: 1 })],
  [
    'aggregate',
    withStack(
      new AggregateError([1, withStack(new Error('z'), `Error: z${frames('k')}`)], 'g'),
      `AggregateError: g${frames('x')}`,
    ),
  ],
  ['prototype is error', Object.create(Error.prototype)],
  ['subclass prototype', MyError.prototype],
  ['shown whole', withStack(new Error('m'), `Error: m${frames('x')}`), { showHidden: true }],
  [
    'cut',
    [[[
      withStack(new Error('m'), 'Error: m'),
      extended(withStack(new Error('m'), 'Error: m'), { a: 1 }),
    ]]],
  ],
  ['deep', { a: { b: { c: { d: withStack(new Error('m'), 'Error: m') } } } }],
];

const custom = [
  ['text', new Custom(() => 'text')],
  ['lines', { a: new Custom(() => 'a\nb') }],
  ['number', new Custom(() => 5)],
  ['null', new Custom(() => null)],
  ['object', new Custom(() => ({ a: 1 }))],
  ['nested object of lines', { q: new Custom(() => ({ a: 'x'.repeat(50), b: 'y'.repeat(50) })) }],
  ['itself', new Custom(function () { return this; })],
  ['depth', { a: [new Custom((depth) => `depth ${depth}`)] }],
  ['options', new Custom((depth, options) => Object.keys(options).length > 5)],
  ['stylize', new Custom((d, options) => options.stylize('x', 'number')), { colors: true }],
  [
    'inspect',
    {
      a: new Custom((depth, options, inspect) => {
        return `<${inspect({ a: { b: { c: 1 } } }, { ...options, depth: 0 })}>`;
      }),
    },
  ],
  ['on prototype', Custom.prototype],
  ['on function', extended(() => {}, { [Symbol.for('nodejs.util.inspect.custom')]: () => 'fn' })],
  ['not a function', { [Symbol.for('nodejs.util.inspect.custom')]: 1 }],
];

export const tables = {
  primitives, objects, classes, functions, lists, collections, labels, errors, custom,
};
