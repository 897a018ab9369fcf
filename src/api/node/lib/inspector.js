// node:inspector: names. Workers are inspected from outside.
'use strict';

const {ArrayPrototypeForEach, SymbolDispose} = primordials;
const {stubClass} = require('ocapd/stubs');

const kConsole = [
  'debug', 'error', 'info', 'log', 'warn', 'dir', 'dirxml', 'table', 'trace', 'group',
  'groupCollapsed', 'groupEnd', 'clear', 'count', 'countReset', 'assert', 'profile', 'profileEnd',
  'time', 'timeLog', 'timeStamp',
];
const kNetwork = [
  'requestWillBeSent', 'dataReceived', 'dataSent', 'responseReceived', 'loadingFinished',
  'loadingFailed', 'webSocketCreated', 'webSocketHandshakeResponseReceived', 'webSocketClosed',
];
const inert = (names) => {
  const result = {};
  ArrayPrototypeForEach(names, (name) => result[name] = () => {});
  return result;
};

module.exports = {
  Network: inert(kNetwork),
  Session: stubClass('Session'),
  close() {},
  console: inert(kConsole),
  open: () => ({__proto__: null, [SymbolDispose]() {}}),
  url() {},
  waitForDebugger() {},
};
