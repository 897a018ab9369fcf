// node:_http_server: names. Servers come with the handlers that events reach them by.
'use strict';

const {Symbol} = primordials;
const {STATUS_CODES} = require('ocapd/data/http');
const {stub, stubClass} = require('ocapd/stubs');

module.exports = {
  STATUS_CODES,
  Server: stubClass('Server'),
  ServerResponse: stubClass('ServerResponse'),
  _connectionListener: stub('_connectionListener'),
  httpServerPreClose() {},
  kConnectionsCheckingInterval: Symbol('http.server.connectionsCheckingInterval'),
  kServerResponse: Symbol('ServerResponse'),
  setupConnectionsTracking: stub('setupConnectionsTracking'),
  storeHTTPOptions() {},
};
