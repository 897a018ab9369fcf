// node:dns/promises: names and constants; questions are not asked.
//
// See https://nodejs.org/api/dns.html
'use strict';

const {stub, stubClass} = require('ocapd/stubs');
const {ADDRCONFIG, ALL, V4MAPPED, errors} = require('ocapd/dns_constants');

const kQuestions = [
  'lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'resolveAny', 'resolveCaa',
  'resolveCname', 'resolveMx', 'resolveNaptr', 'resolveNs', 'resolvePtr', 'resolveSoa',
  'resolveSrv', 'resolveTxt', 'reverse',
];
const questions = {};
for (const name of kQuestions) {
  const throwing = stub(name, `dns.${name}`);
  questions[name] = async () => throwing();
}

module.exports = {
  ...errors,
  ...questions,
  ADDRCONFIG,
  ALL,
  V4MAPPED,
  Resolver: stubClass('Resolver', 'dns.Resolver'),
  getDefaultResultOrder: () => 'verbatim',
  getServers: () => [],
  setDefaultResultOrder() {},
  setServers() {
    throw new Error('Not implemented');
  },
};
