// node:inspector/promises: names, as node:inspector has them.
'use strict';

const {Network, Session, console} = require('inspector');
const {stubs} = require('ocapd/stubs');

module.exports = {
  ...stubs('Inspector.', ['close', 'open', 'url', 'waitForDebugger']),
  Network,
  Session,
  console,
};
