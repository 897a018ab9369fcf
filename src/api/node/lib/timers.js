// node:timers: the global's timers as Node's objects.
//
// See https://nodejs.org/api/timers.html
'use strict';

const {
  MathTrunc,
  ObjectDefineProperty,
  PromiseReject,
  ReflectApply,
  Symbol,
  SymbolDispose,
  SymbolFor,
  SymbolToPrimitive,
} = primordials;
const {validateFunction} = require('internal/validators');
const {timers: {setTimeout: start, clearTimeout: stop}} = require('ocapd/host');

const kDelayMax = 2 ** 31 - 1;
const kPromisify = SymbolFor('nodejs.util.promisify.custom');

/** @type {Map<number, Timeout>} what clearTimeout(number) finds */
const byId = new Map();

/** @param {unknown} delay */
function toDelay(delay) {
  const number = +delay;
  return number >= 1 && number <= kDelayMax ? MathTrunc(number) : 1;
}

class Timeout {
  #callback;
  #values;
  #delay;
  #repeats;
  #id;
  // By which it is known as a number; stays when it is refreshed.
  #firstId;
  #isReferenced = true;

  constructor(callback, delay, values, repeats) {
    this.#callback = callback;
    this.#values = values;
    this.#delay = toDelay(delay);
    this.#repeats = repeats;
    this.#start();
    this.#firstId = this.#id;
  }

  #start() {
    this.#id = start(() => {
      this.#id = undefined;
      try {
        ReflectApply(this.#callback, this, this.#values);
      } finally {
        if (this.#repeats && this.#id === undefined && !this.isClosed) this.#start();
        else if (this.#id === undefined) byId.delete(this.#firstId);
      }
    }, this.#delay);
  }

  refresh() {
    if (this.#id !== undefined) {
      stop(this.#id);
      this.#start();
    }
    return this;
  }

  ref() {
    this.#isReferenced = true;
    return this;
  }

  unref() {
    this.#isReferenced = false;
    return this;
  }

  hasRef() {
    return this.#isReferenced;
  }

  close() {
    clear(this);
    return this;
  }

  [SymbolDispose]() {
    clear(this);
  }

  [SymbolToPrimitive]() {
    byId.set(this.#firstId, this);
    return this.#firstId;
  }

  static clear(timeout) {
    if (timeout.#id !== undefined) stop(timeout.#id);
    timeout.#id = undefined;
    timeout.#repeats = false;
    byId.delete(timeout.#firstId);
  }

  static is(value) {
    return typeof value === 'object' && value !== null && #id in value;
  }
}
const {clear, is: isTimeout} = Timeout;
delete Timeout.clear;
delete Timeout.is;

class Immediate {
  #id;
  #isReferenced = true;

  constructor(callback, values) {
    this.#id = start(() => {
      this.#id = undefined;
      ReflectApply(callback, undefined, values);
    }, 0);
  }

  ref() {
    this.#isReferenced = true;
    return this;
  }

  unref() {
    this.#isReferenced = false;
    return this;
  }

  hasRef() {
    return this.#isReferenced && this.#id !== undefined;
  }

  [SymbolDispose]() {
    clearImmediate(this);
  }

  static clear(immediate) {
    if (immediate.#id !== undefined) stop(immediate.#id);
    immediate.#id = undefined;
  }

  static is(value) {
    return typeof value === 'object' && value !== null && #id in value;
  }
}
const {clear: stopImmediate, is: isImmediate} = Immediate;
delete Immediate.clear;
delete Immediate.is;

function setTimeout(callback, delay, ...values) {
  validateFunction(callback, 'callback');
  return new Timeout(callback, delay, values, false);
}

function setInterval(callback, delay, ...values) {
  validateFunction(callback, 'callback');
  return new Timeout(callback, delay, values, true);
}

function clearTimeout(timer) {
  if (isTimeout(timer)) return clear(timer);
  if (typeof timer !== 'number' && typeof timer !== 'string') return;
  const found = byId.get(+timer);
  if (found === undefined) stop(+timer);
  else clear(found);
}

function clearInterval(timer) {
  clearTimeout(timer);
}

function setImmediate(callback, ...values) {
  validateFunction(callback, 'callback');
  return new Immediate(callback, values);
}

function clearImmediate(immediate) {
  if (isImmediate(immediate)) stopImmediate(immediate);
}

const promisified = (name) => ({
  __proto__: null,
  enumerable: true,
  get: () => require('timers/promises')[name],
});
ObjectDefineProperty(setTimeout, kPromisify, promisified('setTimeout'));
ObjectDefineProperty(setImmediate, kPromisify, promisified('setImmediate'));

module.exports = {
  get promises() {
    return require('timers/promises');
  },
  setTimeout,
  clearTimeout,
  setImmediate,
  clearImmediate,
  setInterval,
  clearInterval,
  Timeout,
  active(timer) {
    timer?.refresh?.();
  },
  unenroll(timer) {
    clearTimeout(timer);
  },
  enroll() {
    throw new Error('Not implemented. Please use setTimeout() instead.');
  },
};
