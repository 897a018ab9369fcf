// node:https: as node:http, over TLS.
//
// See https://nodejs.org/api/https.html
'use strict';

const http = require('http');
const {isURL} = require('internal/url');

class Agent extends http.Agent {
  constructor(options) {
    super({defaultPort: 443, protocol: 'https:', ...options});
  }
}
const globalAgent = new Agent({keepAlive: true});

function request(input, options, callback) {
  const defaults = {_defaultAgent: globalAgent};
  if (typeof input === 'string' || isURL(input)) {
    if (typeof options === 'function') [options, callback] = [{}, options];
    return new http.ClientRequest(input, {...defaults, ...options}, callback);
  }
  return new http.ClientRequest({...defaults, ...input}, options);
}

function get(input, options, callback) {
  const made = request(input, options, callback);
  made.end();
  return made;
}

module.exports = {
  Agent,
  Server: http.Server,
  createServer: http.createServer,
  get,
  globalAgent,
  request,
};
