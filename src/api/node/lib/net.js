// node:net: addresses; sockets and servers are names.
//
// See https://nodejs.org/api/net.html
'use strict';

const {stub, stubClass, stubs} = require('ocapd/stubs');
const {isIP, isIPv4, isIPv6} = require('internal/net');
const {validateBoolean, validateInt32} = require('internal/validators');

const Socket = stubClass('Socket', 'net.Socket');
const connect = stub('connect', 'net.connect');
let autoSelectFamily = true;
let attemptTimeout = 250;

module.exports = {
  BlockList: stubClass('BlockList', 'net.BlockList'),
  BoundSocket: stubClass('BoundSocket', 'net.BoundSocket'),
  Server: stubClass('Server', 'net.Server'),
  Socket,
  SocketAddress: stubClass('SocketAddress', 'net.SocketAddress'),
  Stream: Socket,
  ...stubs('net.', ['_normalizeArgs', 'createServer']),
  connect,
  createConnection: connect,
  getDefaultAutoSelectFamily: () => autoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout: () => attemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily(value) {
    validateBoolean(value, 'value');
    autoSelectFamily = value;
  },
  setDefaultAutoSelectFamilyAttemptTimeout(value) {
    validateInt32(value, 'val', 1);
    attemptTimeout = value < 10 ? 10 : value;
  },
};
