// node:http2: constants and names; servers and sessions are not implemented.
'use strict';

const {Buffer} = require('buffer');
const {Symbol} = primordials;
const {stubClass, stubs} = require('ocapd/stubs');

module.exports = {
  ...stubs('http2.', ['connect', 'createSecureServer', 'createServer', 'performServerHandshake']),
  Http2ServerRequest: stubClass('Http2ServerRequest', 'http2.Http2ServerRequest'),
  Http2ServerResponse: stubClass('Http2ServerResponse', 'http2.Http2ServerResponse'),
  constants: require('ocapd/data/http2'),
  getDefaultSettings: () => ({}),
  getPackedSettings: () => Buffer.alloc(0),
  getUnpackedSettings: () => ({}),
  sensitiveHeaders: Symbol('nodejs.http2.sensitiveHeaders'),
};
