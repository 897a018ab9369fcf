// Ticks are microtasks here.
'use strict';

const {queueMicrotask} = globalThis;

module.exports = {
  nextTick: (...all) => process.nextTick(...all),
  queueMicrotask,
  runNextTicks() {},
};
