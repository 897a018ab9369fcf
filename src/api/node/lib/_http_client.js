// node:_http_client: requests, sent by fetch().
//
// See https://nodejs.org/api/http.html#class-httpclientrequest
'use strict';

const {
  ArrayIsArray,
  FunctionPrototypeCall,
  ObjectSetPrototypeOf,
  RegExpPrototypeExec,
  StringPrototypeToUpperCase,
} = primordials;
const {Buffer} = require('buffer');
const {urlToHttpOptions, isURL} = require('internal/url');
const {connResetException, codes: {
  ERR_INVALID_HTTP_TOKEN,
  ERR_INVALID_PROTOCOL,
  ERR_UNESCAPED_CHARACTERS,
}} = require('internal/errors');
const {validateAbortSignal} = require('internal/validators');
const {_checkIsHttpToken} = require('_http_common');
const {IncomingMessage} = require('_http_incoming');
const {OutgoingMessage} = require('_http_outgoing');
const {globalAgent} = require('_http_agent');
const timers = require('timers');

const kForbiddenInPath = /[^\u0021-\u00ff]/;
const {fetch} = globalThis;

/** The three ways of calling request() in one: options and callback. */
function toOptions(input, options, callback) {
  if (typeof input === 'string') input = urlToHttpOptions(new URL(input));
  else if (isURL(input)) input = urlToHttpOptions(input);
  else [input, options, callback] = [{}, input, options];
  if (typeof options === 'function') [options, callback] = [{}, options];
  return {options: {...input, ...options}, callback};
}

function ClientRequest(input, given, listener) {
  if (!(this instanceof ClientRequest)) return new ClientRequest(input, given, listener);
  const {options, callback} = toOptions(input, given, listener);
  FunctionPrototypeCall(OutgoingMessage, this, {autoDestroy: false});
  const agent = options.agent || options._defaultAgent || globalAgent;
  const expected = agent.protocol ?? options._defaultAgent?.protocol ?? 'http:';
  const protocol = options.protocol || expected;
  if (protocol !== expected) throw new ERR_INVALID_PROTOCOL(protocol, expected);
  if (options.path !== undefined && RegExpPrototypeExec(kForbiddenInPath, options.path) !== null) {
    throw new ERR_UNESCAPED_CHARACTERS('Request path');
  }
  this.agent = agent;
  this.method = StringPrototypeToUpperCase(`${options.method ?? 'GET'}`);
  if (!_checkIsHttpToken(this.method)) throw new ERR_INVALID_HTTP_TOKEN('Method', this.method);
  this.protocol = protocol;
  this.host = options.hostname || options.host || 'localhost';
  this.port = options.port ?? options.defaultPort ?? agent.defaultPort;
  this.path = options.path || '/';
  this.aborted = false;
  this.reusedSocket = false;
  this.maxHeadersCount = null;
  this.res = null;
  this._chunks = [];
  this._controller = new AbortController();

  if (options.setHost !== false) {
    const isDefaultPort = +this.port === (options.defaultPort ?? agent.defaultPort);
    this.setHeader('Host', isDefaultPort || !this.port ? this.host : `${this.host}:${this.port}`);
  }
  if (ArrayIsArray(options.headers)) {
    for (let i = 0; i < options.headers.length; i += 2) {
      this.setHeader(options.headers[i], options.headers[i + 1]);
    }
  } else {
    for (const name of Object.keys(options.headers ?? {})) {
      this.setHeader(name, options.headers[name]);
    }
  }
  if (options.auth && !this.hasHeader('authorization')) {
    this.setHeader('Authorization', `Basic ${Buffer.from(options.auth).toString('base64')}`);
  }
  if (callback) this.once('response', callback);
  if (options.timeout) this.setTimeout(options.timeout);
  if (options.signal) {
    validateAbortSignal(options.signal, 'options.signal');
    const abort = () => this.destroy(options.signal.reason);
    if (options.signal.aborted) process.nextTick(abort);
    else options.signal.addEventListener('abort', abort, {once: true});
  }
  this._isChunked = !this.hasHeader('content-length');
}
ObjectSetPrototypeOf(ClientRequest.prototype, OutgoingMessage.prototype);
ObjectSetPrototypeOf(ClientRequest, OutgoingMessage);

Object.assign(ClientRequest.prototype, {
  _write(chunk, encoding, callback) {
    this._chunks.push(chunk);
    callback();
  },

  // The body goes as a whole: a fetch() begins when it is complete.
  _final(callback) {
    this.finished = true;
    this.headersSent = true;
    this._send().catch((error) => this.destroy(error));
    callback();
  },

  async _send() {
    const isIpv6 = this.host.includes(':') && this.host[0] !== '[';
    const host = isIpv6 ? `[${this.host}]` : this.host;
    const port = this.port ? `:${this.port}` : '';
    const body = this._chunks.length === 0 || this.method === 'GET' || this.method === 'HEAD' ?
      undefined : Buffer.concat(this._chunks);
    const headers = this._toHeaders();
    headers.delete('host');  // fetch() says where it goes to
    let response;
    try {
      response = await fetch(`${this.protocol}//${host}${port}${this.path}`, {
        method: this.method,
        headers,
        body,
        redirect: 'manual',
        signal: this._controller.signal,
      });
    } catch (error) {
      if (!this.destroyed) this.destroy(error);
      return;
    }
    if (this.destroyed) return;
    timers.clearTimeout(this._timeout);
    const message = new IncomingMessage();
    message.req = this;
    this.res = message;
    message._begin(response);
    message.once('close', () => this.emit('close'));
    if (!this.emit('response', message)) message.resume();
  },

  _destroy(error, callback) {
    timers.clearTimeout(this._timeout);
    this._controller.abort();
    if (this.res !== null) this.res.destroy(error ?? undefined);
    // Node says so to those who leave before the answer.
    else if (!error) error = connResetException('socket hang up');
    callback(error);
  },

  abort() {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  },

  setTimeout(milliseconds, callback) {
    if (typeof callback === 'function') this.once('timeout', callback);
    timers.clearTimeout(this._timeout);
    if (milliseconds > 0) {
      this._timeout = timers.setTimeout(() => this.emit('timeout'), milliseconds);
    }
    return this;
  },

  setNoDelay() {},
  setSocketKeepAlive() {},
  onSocket() {},
});

module.exports = {ClientRequest};
