import {equal, ok, rejects, throws} from '../assert.js';

const kHost = 'http://served';
let started = () => {};

/** Resolves when a request for it has reached the other side. */
const whenStarted = () => new Promise((resolve) => (started = resolve));

export default {
  async fetch(request) {
    const {pathname} = new URL(request.url);
    started();
    if (pathname === '/never') {
      // tidy: sleep: the caller aborts
      await scheduler.wait(1_000_000);
    }
    return new Response(pathname);
  },
};

export const anAbortedSignalStartsNothing = {
  async test(ctrl, env) {
    const outcome = env.SELF.fetch(`${kHost}/x`, {signal: AbortSignal.abort('before')});
    equal(await outcome.catch((reason) => reason), 'before');
  },
};

export const abortingRejectsWithTheReason = {
  async test(ctrl, env) {
    for (const reason of [undefined, 'why', new RangeError('mine')]) {
      const controller = new AbortController();
      const answered = env.SELF.fetch(`${kHost}/never`, {signal: controller.signal});
      setTimeout(() => controller.abort(reason), 5);
      const seen = await answered.catch((error) => error);
      if (reason === undefined) equal(seen.name, 'AbortError');
      else if (typeof reason === 'string') ok(seen === reason || seen.message === reason);
      else equal(seen.message, 'mine');
    }
  },
};

export const aTimeoutEndsAFetch = {
  async test(ctrl, env) {
    await rejects(env.SELF.fetch(`${kHost}/never`, {signal: AbortSignal.timeout(5)}),
        {name: 'TimeoutError'});
  },
};

export const aRequestsSignalCounts = {
  async test(ctrl, env) {
    const controller = new AbortController();
    const request = new Request(`${kHost}/never`, {signal: controller.signal});
    equal(request.signal.aborted, false);
    const reached = whenStarted();
    const answered = env.SELF.fetch(request);
    await reached;
    controller.abort();
    equal(request.signal.aborted, true);
    equal(new Request(request).signal.aborted, true);
    equal(request.clone().signal.aborted, true);
    await rejects(answered, {name: 'AbortError'});
  },
};

export const aSignalThatStaysQuietChangesNothing = {
  async test(ctrl, env) {
    const controller = new AbortController();
    const response = await env.SELF.fetch(`${kHost}/hello`, {signal: controller.signal});
    equal(await response.text(), '/hello');
    controller.abort();
    const again = await env.SELF.fetch(`${kHost}/a`, {signal: null});
    equal(await again.text(), '/a');
  },
};

export const signalsAreSignals = {
  test() {
    throws(() => new Request(kHost, {signal: 5}), {
      name: 'TypeError',
      message: "Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided " +
          "value is not of type 'AbortSignal'.",
    });
    ok(new Request(kHost).signal instanceof AbortSignal);
    equal(new Request(kHost, {signal: null}).signal.aborted, false);
  },
};
