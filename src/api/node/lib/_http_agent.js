// node:_http_agent: connections are the runtime's; an agent keeps its options.
//
// See https://nodejs.org/api/http.html#class-httpagent
'use strict';

const EventEmitter = require('events');

class Agent extends EventEmitter {
  constructor(options = {}) {
    super();
    this.options = {...options};
    this.defaultPort = options.defaultPort ?? 80;
    this.protocol = options.protocol ?? 'http:';
    this.keepAlive = options.keepAlive ?? false;
    this.keepAliveMsecs = options.keepAliveMsecs ?? 1000;
    this.maxSockets = options.maxSockets ?? Infinity;
    this.maxFreeSockets = options.maxFreeSockets ?? 256;
    this.maxTotalSockets = options.maxTotalSockets ?? Infinity;
    this.scheduling = options.scheduling ?? 'lifo';
    this.requests = {};
    this.sockets = {};
    this.freeSockets = {};
  }

  getName({host = 'localhost', port = '', localAddress = '', family} = {}) {
    return `${host}:${port}:${localAddress}${family === 4 || family === 6 ? `:${family}` : ''}`;
  }

  destroy() {}
}

module.exports = {Agent, globalAgent: new Agent({keepAlive: true, scheduling: 'lifo'})};
