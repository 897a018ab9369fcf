// node:_http_incoming: the message that came from the other side.
//
// See https://nodejs.org/api/http.html#class-httpincomingmessage
'use strict';

const {FunctionPrototypeCall, ObjectSetPrototypeOf} = primordials;
const {Readable} = require('stream');

function IncomingMessage(socket) {
  FunctionPrototypeCall(Readable, this, {});
  this.socket = socket ?? null;
  this.httpVersionMajor = 1;
  this.httpVersionMinor = 1;
  this.httpVersion = '1.1';
  this.complete = false;
  this.headers = {};
  this.headersDistinct = {};
  this.rawHeaders = [];
  this.trailers = {};
  this.trailersDistinct = {};
  this.rawTrailers = [];
  this.aborted = false;
  this.upgrade = null;
  this.url = '';
  this.method = null;
  this.statusCode = null;
  this.statusMessage = null;
}
ObjectSetPrototypeOf(IncomingMessage.prototype, Readable.prototype);
ObjectSetPrototypeOf(IncomingMessage, Readable);

Object.defineProperty(IncomingMessage.prototype, 'connection', {
  __proto__: null,
  configurable: true,
  get() {
    return this.socket;
  },
});
IncomingMessage.prototype.setTimeout = function(milliseconds, callback) {
  if (typeof callback === 'function') this.on('timeout', callback);
  return this;
};
IncomingMessage.prototype._read = function() {};

/** Takes the head and the body of a fetch()'s answer. */
IncomingMessage.prototype._begin = function(response) {
  this.statusCode = response.status;
  this.statusMessage = response.statusText;
  this.url = response.url;
  for (const [name, value] of response.headers) {
    this.rawHeaders.push(name, value);
    if (name === 'set-cookie') (this.headers[name] ??= []).push(value);
    else this.headers[name] = value;
    (this.headersDistinct[name] ??= []).push(value);
  }
  if (response.body === null) {
    this.complete = true;
    this.push(null);
    return;
  }
  const reader = response.body.getReader();
  this._read = () => {
    reader.read().then(({done, value}) => {
      if (done) this.complete = true;
      this.push(done ? null : require('buffer').Buffer.from(value));
    }, (error) => this.destroy(error));
  };
  this._destroy = (error, callback) => {
    if (!this.complete) reader.cancel(error ?? undefined).catch(() => {});
    callback(error);
  };
};

module.exports = {IncomingMessage};
