// Flags and errors of node:dns.
'use strict';

// Names that are their errors' without the "E" in front.
const kErrors = [
  'ADDRGETNETWORKPARAMS', 'BADFAMILY', 'BADFLAGS', 'BADHINTS', 'BADNAME', 'BADQUERY', 'BADRESP',
  'BADSTR', 'CANCELLED', 'CONNREFUSED', 'DESTRUCTION', 'FILE', 'FORMERR', 'LOADIPHLPAPI',
  'NODATA', 'NOMEM', 'NONAME', 'NOTFOUND', 'NOTIMP', 'NOTINITIALIZED', 'REFUSED', 'SERVFAIL',
  'TIMEOUT',
];
const errors = {EOF: 'EOF'};
for (const name of kErrors) errors[name] = `E${name}`;

module.exports = {ADDRCONFIG: 1024, ALL: 256, V4MAPPED: 2048, errors};
