// node:_http_outgoing: the message that goes to the other side.
//
// See https://nodejs.org/api/http.html#class-httpoutgoingmessage
'use strict';

const {
  ArrayIsArray,
  FunctionPrototypeCall,
  ObjectSetPrototypeOf,
  SafeMap,
  StringPrototypeToLowerCase,
  Symbol,
} = primordials;
const {Writable} = require('stream');
const {Buffer} = require('buffer');
const {codes: {
  ERR_HTTP_HEADERS_SENT,
  ERR_HTTP_INVALID_HEADER_VALUE,
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_CHAR,
  ERR_INVALID_HTTP_TOKEN,
}} = require('internal/errors');
const {validateString} = require('internal/validators');
const {_checkInvalidHeaderChar, _checkIsHttpToken} = require('_http_common');

const kHighWaterMark = Symbol('kHighWaterMark');
const kUniqueHeaders = Symbol('kUniqueHeaders');

function validateHeaderName(name, label) {
  if (typeof name !== 'string' || !name || !_checkIsHttpToken(name)) {
    throw new ERR_INVALID_HTTP_TOKEN(label || 'Header name', name);
  }
}

function validateHeaderValue(name, value) {
  if (value === undefined) throw new ERR_HTTP_INVALID_HEADER_VALUE(value, name);
  if (_checkInvalidHeaderChar(value)) throw new ERR_INVALID_CHAR('header content', name);
}

function OutgoingMessage(options) {
  FunctionPrototypeCall(Writable, this, options);
  this.headersSent = false;
  this.finished = false;
  this.sendDate = false;
  this.shouldKeepAlive = true;
  this.socket = null;
  // By their names in lower case: [name as given, value].
  this._headers = new SafeMap();
}
ObjectSetPrototypeOf(OutgoingMessage.prototype, Writable.prototype);
ObjectSetPrototypeOf(OutgoingMessage, Writable);

const methods = {
  setHeader(name, value) {
    if (this.headersSent) throw new ERR_HTTP_HEADERS_SENT('set');
    validateHeaderName(name);
    if (ArrayIsArray(value)) for (const each of value) validateHeaderValue(name, each);
    else validateHeaderValue(name, value);
    this._headers.set(StringPrototypeToLowerCase(name), [name, value]);
    return this;
  },
  setHeaders(headers) {
    if (headers === null || typeof headers !== 'object' ||
        typeof headers.entries !== 'function') {
      throw new ERR_INVALID_ARG_TYPE('headers', ['Headers', 'Map'], headers);
    }
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  },
  appendHeader(name, value) {
    if (this.headersSent) throw new ERR_HTTP_HEADERS_SENT('append');
    validateHeaderName(name);
    const present = this.getHeader(name);
    const added = ArrayIsArray(value) ? value : [value];
    if (present === undefined) return this.setHeader(name, value);
    return this.setHeader(name, ArrayIsArray(present) ? [...present, ...added] :
      [present, ...added]);
  },
  getHeader(name) {
    validateString(name, 'name');
    return this._headers.get(StringPrototypeToLowerCase(name))?.[1];
  },
  getHeaderNames() {
    return [...this._headers.keys()];
  },
  getRawHeaderNames() {
    return [...this._headers.values()].map(([name]) => name);
  },
  getHeaders() {
    const result = {__proto__: null};
    for (const [name, [, value]] of this._headers) result[name] = value;
    return result;
  },
  hasHeader(name) {
    validateString(name, 'name');
    return this._headers.has(StringPrototypeToLowerCase(name));
  },
  removeHeader(name) {
    validateString(name, 'name');
    if (this.headersSent) throw new ERR_HTTP_HEADERS_SENT('remove');
    this._headers.delete(StringPrototypeToLowerCase(name));
  },
  flushHeaders() {},
  addTrailers() {},
  setTimeout(milliseconds, callback) {
    if (typeof callback === 'function') this.once('timeout', callback);
    return this;
  },
  /** The headers as a fetch() takes them. */
  _toHeaders() {
    const headers = new globalThis.Headers();
    for (const [name, value] of this._headers.values()) {
      if (ArrayIsArray(value)) for (const each of value) headers.append(name, each);
      else headers.append(name, value);
    }
    return headers;
  },
};
for (const name of Object.keys(methods)) OutgoingMessage.prototype[name] = methods[name];

function parseUniqueHeadersOption(headers) {
  if (!ArrayIsArray(headers)) return null;
  return new Set(headers.map((name) => StringPrototypeToLowerCase(name)));
}

module.exports = {
  OutgoingMessage,
  kHighWaterMark,
  kUniqueHeaders,
  parseUniqueHeadersOption,
  validateHeaderName,
  validateHeaderValue,
};
