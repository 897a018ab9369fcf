// node:async_hooks: AsyncLocalStorage and AsyncResource. Hooks and ids are there in name only.
//
// See https://nodejs.org/api/async_context.html
'use strict';

const {
  FunctionPrototypeBind,
  ObjectDefineProperties,
  ObjectFreeze,
  ReflectApply,
} = primordials;
const frames = require('internal/async_context_frame');
const {validateFunction, validateObject, validateString} = require('internal/validators');
const {kEmptyObject} = require('internal/util');

class AsyncLocalStorage {
  #defaultValue;
  #name = '';

  /** @param {{defaultValue?: unknown, name?: string}} [options] */
  constructor(options = kEmptyObject) {
    validateObject(options, 'options');
    this.#defaultValue = options.defaultValue;
    if (options.name !== undefined) this.#name = `${options.name}`;
  }

  get name() {
    return this.#name;
  }

  static bind(fn) {
    return AsyncResource.bind(fn);
  }

  static snapshot() {
    return AsyncLocalStorage.bind((callback, ...values) => callback(...values));
  }

  getStore() {
    const frame = frames.current();
    if (frame === undefined || !frame.has(this)) return this.#defaultValue;
    return frame.get(this);
  }

  run(store, callback, ...values) {
    const before = frames.exchange(frames.withValue(this, store));
    try {
      return ReflectApply(callback, undefined, values);
    } finally {
      frames.set(before);
    }
  }

  exit(callback, ...values) {
    return ReflectApply(this.run, this, [undefined, callback, ...values]);
  }

  // A turn is shared by whatever runs in it: leaving a value behind would show it to others.
  enterWith() {
    throw new Error('asyncLocalStorage.enterWith() is not implemented');
  }

  disable() {
    throw new Error('asyncLocalStorage.disable() is not implemented');
  }
}

class AsyncResource {
  #frame = frames.current();

  // The documented type is not asked for: the runtime this one is compatible with does not either.
  constructor(type, options) {
    if (type !== undefined) validateString(type, 'type');
  }

  static bind(fn, type, thisArg) {
    return new AsyncResource(type ?? 'AsyncResource').bind(fn, thisArg);
  }

  asyncId() {
    return 0;
  }

  triggerAsyncId() {
    return 0;
  }

  bind(fn, thisArg) {
    validateFunction(fn, 'fn');
    const resource = this;
    const bound = thisArg === undefined ?
      function(...values) {
        return ReflectApply(resource.runInAsyncScope, resource, [fn, this, ...values]);
      } :
      FunctionPrototypeBind(this.runInAsyncScope, this, fn, thisArg);
    return ObjectDefineProperties(bound, {
      length: {__proto__: null, configurable: true, value: fn.length},
      asyncResource: {
        __proto__: null,
        configurable: true,
        enumerable: true,
        writable: true,
        value: this,
      },
    });
  }

  runInAsyncScope(fn, thisArg, ...values) {
    const before = frames.exchange(this.#frame);
    try {
      return ReflectApply(fn, thisArg, values);
    } finally {
      frames.set(before);
    }
  }

  emitDestroy() {
    return this;
  }
}

class AsyncHook {
  enable() {
    return this;
  }

  disable() {
    return this;
  }
}

const kProviders = [
  'NONE', 'DIRHANDLE', 'DNSCHANNEL', 'ELDHISTOGRAM', 'FILEHANDLE', 'FILEHANDLECLOSEREQ',
  'BLOBREADER', 'FSEVENTWRAP', 'FSREQCALLBACK', 'FSREQPROMISE', 'GETADDRINFOREQWRAP',
  'GETNAMEINFOREQWRAP', 'HEAPSNAPSHOT', 'HTTP2SESSION', 'HTTP2STREAM', 'HTTP2PING',
  'HTTP2SETTINGS', 'HTTPINCOMINGMESSAGE', 'HTTPCLIENTREQUEST', 'LOCKS', 'JSSTREAM', 'JSUDPWRAP',
  'MESSAGEPORT', 'PIPECONNECTWRAP', 'PIPESERVERWRAP', 'PIPEWRAP', 'PROCESSWRAP', 'PROMISE',
  'QUERYWRAP', 'SHUTDOWNWRAP', 'SIGNALWRAP', 'STATWATCHER', 'STREAMPIPE', 'TCPCONNECTWRAP',
  'TCPSERVERWRAP', 'TCPWRAP', 'TTYWRAP', 'UDPSENDWRAP', 'UDPWRAP', 'WORKER', 'WRITEWRAP', 'ZLIB',
  'TLSWRAP',
];
const asyncWrapProviders = {__proto__: null};
for (let i = 0; i < kProviders.length; ++i) asyncWrapProviders[kProviders[i]] = 0;

module.exports = {
  AsyncLocalStorage,
  AsyncResource,
  asyncWrapProviders: ObjectFreeze(asyncWrapProviders),
  createHook: () => new AsyncHook(),
  executionAsyncId: () => 0,
  executionAsyncResource: () => ({__proto__: null}),
  triggerAsyncId: () => 0,
};
