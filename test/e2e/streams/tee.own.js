// Towards the standard: the reference cancels with one of the two reasons.
import { equal, same, settle } from '../assert.js';

export const theSourceIsCancelledWhenBothAre = {
  async test() {
    let reasons;
    const [left, right] = new ReadableStream({ cancel: (both) => { reasons = both; } }).tee();
    const first = left.cancel('l');
    await settle();
    equal(reasons, undefined);
    await Promise.all([first, right.cancel('r')]);
    same(reasons, ['l', 'r']);
  },
};
