// node:http: requests, sent by fetch().
//
// See https://nodejs.org/api/http.html
'use strict';

const {Agent, globalAgent} = require('_http_agent');
const {ClientRequest} = require('_http_client');
const {IncomingMessage} = require('_http_incoming');
const {OutgoingMessage, validateHeaderName, validateHeaderValue} = require('_http_outgoing');
const {Server, ServerResponse, _connectionListener} = require('_http_server');
const {METHODS, STATUS_CODES} = require('ocapd/data/http');
const {validateInteger} = require('internal/validators');

const request = (input, options, callback) => new ClientRequest(input, options, callback);

function get(input, options, callback) {
  const made = request(input, options, callback);
  made.end();
  return made;
}

module.exports = {
  Agent,
  ClientRequest,
  CloseEvent: globalThis.CloseEvent,
  IncomingMessage,
  METHODS: [...METHODS].sort(),
  MessageEvent: globalThis.MessageEvent,
  OutgoingMessage,
  STATUS_CODES,
  Server,
  ServerResponse,
  WebSocket: globalThis.WebSocket,
  _connectionListener,
  createServer: (options, listener) => new Server(options, listener),
  get,
  globalAgent,
  maxHeaderSize: 16384,
  request,
  setMaxIdleHTTPParsers: (max) => validateInteger(max, 'max', 1),
  validateHeaderName,
  validateHeaderValue,
};
