import {equal, ok, rejects, throws} from '../assert.js';

const topLevel = [performance.now(), performance.timeOrigin];

export const timeStandsStillAtTheTopLevel = {
  test() {
    equal(topLevel[0], 0);
    equal(topLevel[1], 0);
  },
};

export const schedulerWaits = {
  async test() {
    const before = performance.now();
    // tidy: sleep: that it takes its time is what is tested
    equal(await scheduler.wait(20), undefined);
    const took = performance.now() - before;
    ok(took >= 19 && took < 5000, `took ${took} ms`);
    ok(Math.abs(performance.now() + performance.timeOrigin - Date.now()) < 1000);
  },
};

export const aSignalEndsTheWait = {
  async test() {
    const controller = new AbortController();
    // tidy: sleep: it is ended at once
    const waited = scheduler.wait(1_000_000, {signal: controller.signal});
    controller.abort('enough');
    ok(/enough$/.test(await waited.catch((reason) => reason)));
    // tidy: sleep: it does not begin
    const never = scheduler.wait(1_000_000, {signal: AbortSignal.abort(7)});
    ok(/7$/.test(await never.catch((reason) => reason)));
    // tidy: sleep: ended soon
    await rejects(scheduler.wait(1_000_000, {signal: AbortSignal.timeout(3)}),
        {name: 'TimeoutError', code: 23, message: 'The operation was aborted due to timeout'});
  },
};

export const receiversAreChecked = {
  async test() {
    const {wait} = scheduler;
    // tidy: sleep: refused
    await rejects((async () => wait(1))(), {name: 'TypeError'});
    const {now} = performance;
    throws(() => now(), {name: 'TypeError'});
    equal(Object.prototype.toString.call(performance), '[object Performance]');
    equal(Object.prototype.toString.call(scheduler), '[object Scheduler]');
  },
};
