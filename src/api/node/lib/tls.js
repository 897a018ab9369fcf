// node:tls: names.
//
// See https://nodejs.org/api/tls.html
'use strict';

const {SecureContext, createSecureContext} = require('_tls_common');
const {TLSSocket, connect} = require('_tls_wrap');
const {stub, stubs} = require('ocapd/stubs');

const missing = () => {
  throw new Error('Not implemented');
};

module.exports = {
  ...stubs('', ['checkServerIdentity', 'convertALPNProtocols', 'createSecurePair']),
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: '',
  DEFAULT_ECDH_CURVE: 'auto',
  DEFAULT_MAX_VERSION: 'TLSv1.3',
  DEFAULT_MIN_VERSION: 'TLSv1.2',
  SecureContext,
  Server: missing,
  TLSSocket,
  connect,
  createSecureContext,
  createServer: missing,
  getCiphers: missing,
  rootCertificates: [],
};
