// node:_tls_wrap: names.
'use strict';

const {stub, stubClass} = require('ocapd/stubs');

module.exports = {TLSSocket: stubClass('TLSSocket'), connect: stub('connect', 'tls.connect')};
