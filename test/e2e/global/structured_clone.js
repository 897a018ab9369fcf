import {equal, ok, same, throws} from '../assert.js';

export const valuesAreCopiedDeeply = {
  test() {
    const shared = {};
    const original = {
      array: [1, , 'x'], date: new Date(5), map: new Map([[1, shared]]), set: new Set([shared]),
      pattern: /x/gi, bytes: new Uint8Array([1, 2, 3]).subarray(1), big: 1n, nothing: undefined,
    };
    original.self = original;
    const copy = structuredClone(original);
    ok(copy !== original && copy.self === copy);
    equal(copy.array.length, 3);
    ok(!(1 in copy.array));
    equal(copy.date.getTime(), 5);
    ok(copy.map.get(1) === [...copy.set][0], 'identity');
    equal(String(copy.pattern), '/x/gi');
    same([...copy.bytes], [2, 3]);
    equal(copy.big, 1n);
    ok('nothing' in copy);
    equal(structuredClone('text'), 'text');
    equal(structuredClone(undefined), undefined);
  },
};

export const errorsKeepTheirClass = {
  test() {
    const copy = structuredClone(Object.assign(new TypeError('m', {cause: 1}), {lost: 1}));
    ok(copy instanceof TypeError);
    equal(copy.message, 'm');
    equal(copy.cause, 1);
    ok(!('lost' in copy));
    const exception = structuredClone({e: new DOMException('gone', 'NotFoundError')}).e;
    ok(exception instanceof DOMException);
    same([exception.name, exception.message, exception.code], ['NotFoundError', 'gone', 8]);
  },
};

export const whatCannotBeCopiedIsNamed = {
  test() {
    const refused = (value, message) =>
      throws(() => structuredClone(value), {name: 'DataCloneError', code: 25, message});
    refused(() => {}, '()=>{} could not be cloned.'.replace('=>', ' => '));
    refused({deep: [Symbol('x')]}, 'Symbol(x) could not be cloned.');
    refused(new WeakMap(), '#<WeakMap> could not be cloned.');
    refused(Promise.resolve(), '#<Promise> could not be cloned.');
    refused(new Proxy({}, {}), '#<Object> could not be cloned.');
    refused(new URL('http://a'),
        'Could not serialize object of type "URL". This type does not support serialization.');
    throws(() => structuredClone({get a() { throw new RangeError('mine'); }}),
        {name: 'RangeError', message: 'mine'});
    throws(() => structuredClone(), {
      name: 'TypeError',
      message: "Failed to execute 'structuredClone' on 'ServiceWorkerGlobalScope': parameter 1 " +
          "is not of type 'Value'.",
    });
  },
};

export const buffersMove = {
  test() {
    const bytes = new Uint8Array([1, 7, 3]);
    const {buffer} = bytes;
    const copy = structuredClone({bytes}, {transfer: [buffer]});
    same([...copy.bytes], [1, 7, 3]);
    ok(buffer.detached);
    equal(bytes.byteLength, 0);
    throws(() => structuredClone(buffer), {name: 'DataCloneError'});
    throws(() => structuredClone(1, {transfer: [{}]}),
        {name: 'TypeError', message: 'Object is not transferable'});
    throws(() => structuredClone(1, {transfer: 5}), {name: 'TypeError'});
    throws(() => structuredClone(1, 5), {name: 'TypeError'});
    const memory = new SharedArrayBuffer(4);
    const other = structuredClone(memory);
    new Uint8Array(other)[0] = 9;
    equal(new Uint8Array(memory)[0], 9, 'shared');
  },
};

export const blobsAreCopied = {
  async test() {
    const {inner} = structuredClone({inner: new Blob(['abc'], {type: 'text/plain'})});
    ok(inner instanceof Blob);
    equal(inner.type, 'text/plain');
    equal(await inner.text(), 'abc');
  },
};

export const instancesOfBuiltInClassesAreNotTakenForPlainObjects = {
  test() {
    const refused = (value, message) =>
      throws(() => structuredClone(value), {name: 'DataCloneError', message}, message);
    const unknown = (type) =>
      `Could not serialize object of type "${type}". This type does not support serialization.`;
    refused(new Event('x'), unknown('Event'));
    refused(new TransformStream(), unknown('TransformStream'));
    refused(new MessageChannel().port1, unknown('MessagePort'));
    refused(new WebSocketPair()[0], unknown('WebSocket'));
    refused(new ReadableStream(), 'ReadableStream can only be serialized for RPC.');
    refused(new WritableStream(), 'WritableStream can only be serialized for RPC.');
  },
};
