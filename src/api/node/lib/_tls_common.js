// node:_tls_common: names.
'use strict';

const {stubClass, stubs} = require('ocapd/stubs');

module.exports = {
  ...stubs('', ['createSecureContext', 'translatePeerCertificate']),
  SecureContext: stubClass('SecureContext'),
};
