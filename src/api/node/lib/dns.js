// node:dns: as node:dns/promises, with callbacks.
//
// See https://nodejs.org/api/dns.html
'use strict';

const promises = require('dns/promises');
const {validateFunction} = require('internal/validators');

const kWithoutCallback =
    ['Resolver', 'getDefaultResultOrder', 'getServers', 'setDefaultResultOrder', 'setServers'];

const result = {...promises, promises};
for (const name of Object.keys(promises)) {
  const asked = promises[name];
  if (typeof asked !== 'function' || kWithoutCallback.includes(name)) continue;
  result[name] = (...values) => {
    const callback = values.pop();
    validateFunction(callback, 'callback');
    asked(...values).then((value) => callback(null, value), (error) => callback(error));
  };
}

module.exports = result;
