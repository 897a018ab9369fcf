import {equal, ok, rejects, same, throws} from '../assert.js';

let topLevelError;
try {
  setTimeout(() => {}, 1);
} catch (error) {
  topLevelError = error;
}

let ranAfterItsEvent = false;

export default {
  async fetch(request) {
    const {pathname} = new URL(request.url);
    if (pathname === '/leaves-a-timer') {
      setTimeout(() => (ranAfterItsEvent = true), 1);
      return new Response('answered');
    }
    clearTimeout(setTimeout(() => {}, 1_000_000));
    await new Promise(() => {});
  },
};

export const timersEndWithTheirEvent = {
  async test(ctrl, env) {
    const response = await env.SELF.fetch('http://served/leaves-a-timer');
    equal(await response.text(), 'answered');
    await new Promise((done) => setTimeout(() => done(), 30));
    equal(ranAfterItsEvent, false);
  },
};

export const anEventWithoutTimersLeftIsHung = {
  async test(ctrl, env) {
    await rejects(env.SELF.fetch('http://served/clears-its-timer'), {message: /had hung/});
  },
};

export const theyAreNotForTheTopLevel = {
  test() {
    ok(topLevelError.message.startsWith('Disallowed operation called within global scope.'));
  },
};

export const timersRunInOrderOfDueTimeThenId = {
  async test() {
    const seen = [];
    await new Promise((done) => {
      setTimeout(() => seen.push('10a'), 10);
      setTimeout(() => seen.push('0'), 0);
      setTimeout(() => seen.push('negative'), -5);
      setTimeout(() => seen.push('10b'), 10);
      setTimeout(() => seen.push('NaN'), 'x');
      setTimeout(() => done(), 30);
    });
    same(seen, ['0', 'negative', 'NaN', '10a', '10b']);
  },
};

export const argumentsArePassedOn = {
  async test() {
    const seen = await new Promise((done) => {
      setTimeout(function (...given) {
        done([...given, this === globalThis]);
      }, 1, 1, undefined, 'c');
    });
    same(seen, [1, undefined, 'c', true]);
  },
};

export const idsAreNumbersAndMicrotasksRunInBetween = {
  async test() {
    const seen = [];
    await new Promise((done) => {
      const first = setTimeout(() => {
        seen.push('a');
        queueMicrotask(() => seen.push('microtask'));
      }, 0);
      const second = setTimeout(() => seen.push('b'), 0);
      equal(typeof first, 'number');
      equal(second, first + 1);
      setTimeout(() => done(), 5);
    });
    same(seen, ['a', 'microtask', 'b']);
  },
};

export const whatIsClearedDoesNotRun = {
  async test() {
    let ran = false;
    const id = setTimeout(() => (ran = true), 1);
    clearTimeout(id);
    clearTimeout(id);
    clearTimeout(123456);
    clearTimeout(-1);
    clearInterval(undefined);
    await new Promise((done) => setTimeout(() => done(), 10));
    equal(ran, false);
  },
};

export const intervalsRepeatUntilCleared = {
  async test() {
    let count = 0;
    await new Promise((done) => {
      const id = setInterval((step) => {
        count += step;
        if (count < 6) return;
        clearInterval(id);
        setTimeout(() => done(), 20);
      }, 1, 2);
    });
    equal(count, 6);
  },
};

export const aTimerThatThrowsDoesNotStopOthers = {
  async test() {
    await new Promise((done) => {
      setTimeout(() => { throw new Error('expected: a timer that throws'); }, 0);
      setTimeout(() => done(), 1);
    });
  },
};

export const aLaterTimerDoesNotDelayAnEarlierOne = {
  async test() {
    const seen = [];
    await new Promise((done) => {
      const far = setTimeout(() => seen.push('far'), 1_000_000);
      const never = setTimeout(() => seen.push('never'), Infinity);
      setTimeout(() => {
        clearTimeout(far);
        clearTimeout(never);
        done();
      }, 2);
    });
    same(seen, []);
  },
};

export const manyNestedTimersLetOthersIn = {
  async test() {
    let rounds = 0;
    const nest = () => {
      if (++rounds < 200) setTimeout(nest, 0);
    };
    nest();
    await new Promise((done) => {
      const wait = () => (rounds === 200 ? done() : setTimeout(wait, 0));
      wait();
    });
  },
};

export const thereIsAMostOfTimers = {
  test() {
    const ids = [];
    try {
      const error = throws(() => {
        for (;;) ids.push(setTimeout(() => {}, 100_000));
      }, {name: 'QuotaExceededError', code: 22, message: /^You have exceeded the number of active/});
      ok(error instanceof DOMException);
      equal(ids.length, 10_000);
    } finally {
      for (const id of ids) clearTimeout(id);
    }
  },
};

export const argumentsConvert = {
  test() {
    throws(() => setTimeout('1 + 1'), {
      name: 'TypeError',
      message: "Failed to execute 'setTimeout' on 'ServiceWorkerGlobalScope': parameter 1 is not " +
          "of type 'function'.",
    });
    throws(() => setTimeout(), {name: 'TypeError'});
    throws(() => setTimeout(() => {}, Symbol()), {name: 'TypeError'});
    throws(() => setTimeout(() => {}, 5n), {name: 'TypeError'});
    throws(() => queueMicrotask(5), {name: 'TypeError', message: /parameter 1 is not of type 'function'/});
  },
};
