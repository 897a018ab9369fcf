// node:worker_threads: a worker is one thread.
'use strict';

const {SafeMap, SymbolFor} = primordials;
const {isMarkedAsUntransferable, markAsUntransferable} = require('internal/buffer');
const {stub, stubClass} = require('ocapd/stubs');

const environmentData = new SafeMap();

module.exports = {
  BroadcastChannel: stubClass('BroadcastChannel'),
  MessageChannel: globalThis.MessageChannel,
  MessagePort: globalThis.MessagePort,
  SHARE_ENV: SymbolFor('nodejs.worker_threads.SHARE_ENV'),
  Worker: stubClass('Worker'),
  getEnvironmentData: (key) => environmentData.get(key),
  isInternalThread: false,
  isMainThread: true,
  isMarkedAsUntransferable,
  markAsUncloneable() {},
  markAsUntransferable,
  moveMessagePortToContext() {
    throw new TypeError('Illegal constructor');
  },
  parentPort: null,
  postMessageToThread: stub('postMessageToThread'),
  receiveMessageOnPort() {},
  resourceLimits: {},
  setEnvironmentData(key, value) {
    if (value === undefined) environmentData.delete(key);
    else environmentData.set(key, value);
  },
  threadId: 0,
  workerData: null,
};
