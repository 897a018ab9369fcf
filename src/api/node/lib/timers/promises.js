// node:timers/promises.
//
// See https://nodejs.org/api/timers.html#timers-promises-api
'use strict';

const {
  Promise,
  PromiseReject,
  SymbolAsyncIterator,
} = primordials;
const timers = require('timers');
const {AbortError, codes: {ERR_ILLEGAL_CONSTRUCTOR, ERR_INVALID_THIS}} =
    require('internal/errors');
const {validateAbortSignal, validateBoolean, validateNumber, validateObject} =
    require('internal/validators');
const {kEmptyObject} = require('internal/util');

/** @param {{signal?: AbortSignal, ref?: boolean}} options */
function validate(options) {
  validateObject(options, 'options');
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) validateBoolean(options.ref, 'options.ref');
}

/**
 * @param {(done: () => void) => object} start @param {(timer: object) => void} clear
 * @param {unknown} value @param {{signal?: AbortSignal}} options
 */
function wait(start, clear, value, options) {
  const {signal} = options;
  if (signal?.aborted) return PromiseReject(new AbortError(undefined, {cause: signal.reason}));
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clear(timer);
      reject(new AbortError(undefined, {cause: signal.reason}));
    };
    const timer = start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (options.ref === false) timer.unref();
    signal?.addEventListener('abort', onAbort, {once: true});
  });
}

function setTimeout(delay, value, options = kEmptyObject) {
  try {
    if (delay !== undefined) validateNumber(delay, 'delay');
    validate(options);
  } catch (error) {
    return PromiseReject(error);
  }
  return wait((done) => timers.setTimeout(done, delay), timers.clearTimeout, value, options);
}

function setImmediate(value, options = kEmptyObject) {
  try {
    validate(options);
  } catch (error) {
    return PromiseReject(error);
  }
  return wait((done) => timers.setImmediate(done), timers.clearImmediate, value, options);
}

async function* setInterval(delay, value, options = kEmptyObject) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  validate(options);
  const {signal} = options;
  if (signal?.aborted) throw new AbortError(undefined, {cause: signal.reason});
  let due = 0;
  let wake;
  const interval = timers.setInterval(() => {
    ++due;
    wake?.();
  }, delay);
  if (options.ref === false) interval.unref();
  const onAbort = () => wake?.();
  signal?.addEventListener('abort', onAbort, {once: true});
  try {
    while (!signal?.aborted) {
      if (due === 0) await new Promise((resolve) => wake = resolve);
      for (; due > 0; --due) yield value;
    }
    throw new AbortError(undefined, {cause: signal.reason});
  } finally {
    timers.clearInterval(interval);
    signal?.removeEventListener('abort', onAbort);
  }
}

let isConstructing = false;
class Scheduler {
  constructor() {
    if (!isConstructing) throw new ERR_ILLEGAL_CONSTRUCTOR();
  }

  #check = true;

  yield() {
    if (!(#check in this)) throw new ERR_INVALID_THIS('Scheduler');
    return setImmediate();
  }

  wait(delay, options) {
    if (!(#check in this)) throw new ERR_INVALID_THIS('Scheduler');
    return setTimeout(delay, undefined, options);
  }
}
isConstructing = true;
const scheduler = new Scheduler();
isConstructing = false;

module.exports = {setTimeout, setImmediate, setInterval, scheduler};
