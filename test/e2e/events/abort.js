import {equal, ok, same, throws} from '../assert.js';

export const aControllerAbortsItsSignal = {
  test() {
    const controller = new AbortController();
    const {signal} = controller;
    ok(controller.signal === signal);
    same([signal.aborted, signal.reason, signal.onabort], [false, undefined, null]);
    const seen = [];
    signal.onabort = (event) => seen.push(event.type, event.target === signal, event.isTrusted);
    signal.addEventListener('abort', () => seen.push(signal.aborted));
    controller.abort();
    controller.abort('again');
    same(seen, ['abort', true, true, true]);
    ok(signal.reason instanceof DOMException);
    same([signal.reason.name, signal.reason.message], ['AbortError', 'The operation was aborted']);
    throws(() => signal.throwIfAborted(), {name: 'AbortError', code: 20});
  },
};

export const reasonsAreKept = {
  test() {
    const controller = new AbortController();
    controller.abort(5);
    equal(controller.signal.reason, 5);
    equal(AbortSignal.abort(null).reason, null);
    equal(AbortSignal.abort(undefined).reason.name, 'AbortError');
    equal(new AbortController().signal.throwIfAborted(), undefined);
    throws(() => new AbortSignal(), {name: 'TypeError', message: 'Illegal constructor'});
  },
};

export const anyFollowsItsSources = {
  test() {
    const first = new AbortController();
    const second = new AbortController();
    const any = AbortSignal.any([first.signal, second.signal]);
    const nested = AbortSignal.any([any]);
    const seen = [];
    any.onabort = () => seen.push('any', nested.aborted);
    nested.addEventListener('abort', () => seen.push('nested'));
    second.signal.onabort = () => seen.push('source', any.aborted);
    second.abort('why');
    same(seen, ['source', true, 'any', true, 'nested']);
    equal(nested.reason, 'why');
    first.abort('late');
    equal(any.reason, 'why');
    equal(AbortSignal.any([first.signal]).reason, 'late');
    equal(AbortSignal.any([]).aborted, false);
    throws(() => AbortSignal.any([5]), {
      name: 'TypeError',
      message: "Incorrect type for array element 0: the provided value is not of type " +
          "'AbortSignal'.",
    });
    throws(() => AbortSignal.any(), {name: 'TypeError'});
  },
};

export const manyFollowersOfALongLivedSignal = {
  test() {
    const controller = new AbortController();
    let heard = 0;
    for (let i = 0; i < 500; ++i) {
      const signal = AbortSignal.any([controller.signal]);
      if (i % 5 === 0) signal.onabort = () => heard++;
    }
    controller.abort();
    equal(heard, 100);
  },
};

export const timeoutsAbort = {
  async test() {
    const signal = AbortSignal.timeout(2);
    equal(signal.aborted, false);
    await new Promise((heard) => (signal.onabort = heard));
    same([signal.reason.name, signal.reason.message, signal.reason.code],
        ['TimeoutError', 'The operation was aborted due to timeout', 23]);
    throws(() => AbortSignal.timeout(), {name: 'TypeError'});
  },
};

export const signalsRemoveListeners = {
  test() {
    const target = new EventTarget();
    const controller = new AbortController();
    let count = 0;
    target.addEventListener('x', () => count++, {signal: controller.signal});
    target.dispatchEvent(new Event('x'));
    controller.abort();
    target.dispatchEvent(new Event('x'));
    equal(count, 1);
    target.addEventListener('x', () => count++, {signal: controller.signal});
    target.dispatchEvent(new Event('x'));
    equal(count, 1);
    throws(() => target.addEventListener('x', () => {}, {signal: 5}), {
      name: 'TypeError',
      message: "Incorrect type for the 'signal' field on 'AddEventListenerOptions': the provided " +
          "value is not of type 'AbortSignal'.",
    });
  },
};
