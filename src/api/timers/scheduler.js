// The global `scheduler`.
(native, builtins) => {
  'use strict';
  const {start, stop} = native;
  const {abortReason, onAbort, requireAbortSignal} = builtins.events;
  const {defineProperty} = Object;
  /** @param {unknown} value */
  const isObject = (value) => typeof value === 'object' && value !== null;
  const NativePromise = Promise;

  class Scheduler {
    #brand = true;

    /** @param {number} milliseconds @param {{signal?: AbortSignal}} [options] */
    async wait(milliseconds, options = {}) {
      if (!isObject(this) || !(#brand in this)) throw new TypeError('Illegal invocation');
      const where = "Failed to execute 'wait' on 'Scheduler'";
      if (arguments.length < 1) {
        throw new TypeError(`${where}: parameter 1 is not of type 'number'.`);
      }
      const delay = +milliseconds;
      if (options !== null && typeof options !== 'object' && typeof options !== 'function') {
        throw new TypeError(`${where}: parameter 2 is not of type 'WaitOptions'.`);
      }
      const signal = options?.signal;
      if (signal !== undefined && signal !== null) {
        requireAbortSignal(signal, 'signal', 'WaitOptions');
        const reason = abortReason(signal);
        if (reason !== undefined) throw reason.value;
      }
      return await new NativePromise((resolve, reject) => {
        const timer = start(resolve, delay);
        if (signal === undefined || signal === null) return;
        onAbort(signal, (reason) => {
          stop(timer);
          reject(reason);
        });
      });
    }
  }
  defineProperty(Scheduler.prototype, 'wait', {enumerable: true});
  defineProperty(Scheduler.prototype, Symbol.toStringTag, {
    value: 'Scheduler',
    configurable: true,
  });
  defineProperty(globalThis, 'scheduler', {
    value: new Scheduler(),
    writable: true,
    enumerable: true,
    configurable: true,
  });
  return Scheduler;
}
