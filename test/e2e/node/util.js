import * as util from 'node:util';
import types from 'node:util/types';
import timers from 'node:timers';
import process from 'node:process';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import {equal, ok, throws} from '../assert.js';

export const valuesAreInspected = {
  test() {
    equal(util.inspect({a: 1, b: 'x', c: [1, {d: {e: {}}}]}),
        "{ a: 1, b: 'x', c: [ 1, { d: [Object] } ] }");
    equal(util.inspect(new Map([['a', new Set([1])]])), "Map(1) { 'a' => Set(1) { 1 } }");
    class Foo {
      x = 1;
    }
    equal(util.inspect(new Foo()), 'Foo { x: 1 }');
    equal(util.inspect({[util.inspect.custom]: () => 'mine'}), 'mine');
    equal(util.inspect('a\'b'), `"a'b"`);
    equal(util.inspect(Buffer.from('ab')), '<Buffer 61 62>');
    equal(util.inspect(new Proxy({a: 1}, {}), {showProxy: true}), 'Proxy [ { a: 1 }, {} ]');
    equal(util.inspect([, 1, undefined, null, -0, 5n]),
        '[ <1 empty item>, 1, undefined, null, -0, 5n ]');
    equal(util.inspect(Promise.resolve(4)), 'Promise { 4 }');
  },
};

export const textIsFormatted = {
  test() {
    equal(util.format('%s %d %i %f %j %o %%', 'a', 1.5, 2.7, '3', {x: 1}, [1]),
        'a 1.5 2 3 {"x":1} [ 1, [length]: 1 ] %');
    equal(util.format('a', 'b', {c: 1}), 'a b { c: 1 }');
    equal(util.format('%s', Symbol('q')), 'Symbol(q)');
  },
};

export const callbacksBecomePromises = {
  async test() {
    const add = (a, b, callback) => callback(null, a + b);
    equal(await util.promisify(add)(1, 2), 3);
    const fail = (callback) => callback(new Error('no'));
    equal(await util.promisify(fail)().catch((error) => error.message), 'no');
    equal(await new Promise((resolve) => util.callbackify(async (x) => x + 1)(1, (error, value) =>
      resolve(value))), 2);
  },
};

export const thingsAreCompared = {
  test() {
    ok(util.isDeepStrictEqual({a: [1, new Date(0)]}, {a: [1, new Date(0)]}));
    ok(!util.isDeepStrictEqual([0], [-0]));
    ok(types.isRegExp(/x/) && types.isPromise(Promise.resolve()) && types.isProxy(new Proxy({}, {})));
    ok(util.types.isUint8Array(Buffer.alloc(1)) && !types.isMap(new Set()));
    ok(types.isAsyncFunction(async () => {}) && types.isGeneratorFunction(function* () {}));
  },
};

export const classesInherit = {
  test() {
    function A() {}
    function B() {}
    util.inherits(B, A);
    ok(new B() instanceof A);
    equal(B.super_, A);
    equal(util.stripVTControlCharacters('\u001b[31mx\u001b[0m'), 'x');
    equal(util.getSystemErrorName(-2), 'ENOENT');
    equal(util.toUSVString('a\ud800'), 'a\ufffd');
    equal(new util.MIMEType('text/html; charset=utf-8').params.get('charset'), 'utf-8');
    equal(util.TextDecoder, TextDecoder);
  },
};

export const timersAreObjects = {
  async test() {
    const seen = [];
    const timer = timers.setTimeout((x) => seen.push(x), 1, 'a');
    ok(timer.hasRef());
    equal(timer.unref(), timer);
    ok(!timer.hasRef());
    timers.clearTimeout(timers.setTimeout(() => seen.push('never'), 0));
    timers.setImmediate((x) => seen.push(x), 'now');
    equal(await timers.promises.setTimeout(10, 'value'), 'value');
    equal(seen.sort().join(), 'a,now');
    const stopped = timers.promises.setTimeout(1000, null, {signal: AbortSignal.abort()});
    equal(await stopped.catch((error) => error.name), 'AbortError');
  },
};

export const intervalsRepeat = {
  async test() {
    let count = 0;
    await new Promise((resolve) => {
      const timer = timers.setInterval(() => {
        if (++count < 3) return;
        timers.clearInterval(timer);
        resolve();
      }, 1);
    });
    await timers.promises.setTimeout(5);
    equal(count, 3);
  },
};

export const theProcessIsDescribed = {
  async test() {
    equal(process.platform, 'linux');
    equal(globalThis.process, process);
    equal(Object.prototype.toString.call(process), '[object process]');
    ok(/^v\d+\./.test(process.version));
    process.env.SOME = 5;
    equal(process.env.SOME, '5');
    delete process.env.SOME;
    ok(!('SOME' in process.env));
    equal(await new Promise((resolve) => process.nextTick((a, b) => resolve(a + b), 1, 2)), 3);
    equal(process.getBuiltinModule('node:util').inspect, util.inspect);
    equal(process.cwd(), '/bundle');
    equal(typeof process.hrtime.bigint(), 'bigint');
    throws(() => process.binding('fs'), {
      code: 'ERR_METHOD_NOT_IMPLEMENTED',
      message: 'The process.binding method is not implemented',
    });
  },
};

export const warningsAreEvents = {
  async test() {
    const warned = new Promise((resolve) => process.once('warning', resolve));
    process.emitWarning('careful', {type: 'Custom', code: 'C1', detail: 'd'});
    const warning = await warned;
    equal(`${warning.name} ${warning.code} ${warning.message}`, 'Custom C1 careful');
  },
};

export const filesLiveInMemory = {
  async test() {
    equal(fs.readdirSync('/').join(), 'bundle,tmp,dev');
    fs.writeFileSync('/tmp/a', 'hello');
    fs.appendFileSync('/tmp/a', ' x');
    equal(fs.readFileSync('/tmp/a', 'utf8'), 'hello x');
    equal(fs.statSync('/tmp/a').size, 7);
    fs.mkdirSync('/tmp/d/e', {recursive: true});
    fs.renameSync('/tmp/a', '/tmp/d/b');
    equal(fs.readdirSync('/tmp/d').join(), 'e,b');
    fs.symlinkSync('/tmp/d/b', '/tmp/link');
    equal(fs.readFileSync('/tmp/link', 'utf8'), 'hello x');
    fs.rmSync('/tmp/d', {recursive: true});
    ok(!fs.existsSync('/tmp/d'));
    throws(() => fs.readFileSync('/nope'), {code: 'ENOENT'});
    throws(() => fs.writeFileSync('/bundle/x', ''), {code: 'EPERM'});
    await fsPromises.writeFile('/tmp/p', 'pp');
    equal(await fsPromises.readFile('/tmp/p', 'utf8'), 'pp');
    equal(await fsPromises.readFile('/nope').catch((error) => error.code), 'ENOENT');
  },
};
