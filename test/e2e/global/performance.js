import {equal, ok} from '../assert.js';

export const timeStartsAtTheEpoch = {
  test() {
    equal(performance.timeOrigin, 0);
    ok(Math.abs(performance.now() - Date.now()) < 1000);
  },
};

export const theTimelineIsThereOnlyWhereFlagsAskForIt = {
  test() {
    equal(typeof performance.mark, 'undefined');
    equal(typeof PerformanceMark, 'undefined');
    equal(typeof globalThis.Performance, 'undefined');
  },
};
