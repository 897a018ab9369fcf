// node:tty: nothing is a terminal.
'use strict';

const {ObjectSetPrototypeOf} = primordials;
const EventEmitter = require('events');
const {Readable, Writable} = require('stream');

function ReadStream(fd) {
  if (!(this instanceof ReadStream)) return new ReadStream(fd);
  Readable.call(this, {read() {}});
  this.fd = fd;
  this.isRaw = false;
  this.isTTY = false;
}
ObjectSetPrototypeOf(ReadStream.prototype, Readable.prototype);
ObjectSetPrototypeOf(ReadStream, Readable);
ReadStream.prototype.setRawMode = function() {
  return this;
};

function WriteStream(fd) {
  if (!(this instanceof WriteStream)) return new WriteStream(fd);
  Writable.call(this, {write: (chunk, encoding, callback) => callback()});
  this.fd = fd;
  this.columns = 0;
  this.rows = 0;
}
ObjectSetPrototypeOf(WriteStream.prototype, Writable.prototype);
ObjectSetPrototypeOf(WriteStream, Writable);
const done = (callback) => {
  callback?.();
  return true;
};
Object.assign(WriteStream.prototype, {
  isTTY: false,
  getColorDepth: () => 1,
  hasColors: () => false,
  _refreshSize() {},
  cursorTo: (x, y, callback) => done(typeof y === 'function' ? y : callback),
  moveCursor: (x, y, callback) => done(callback),
  clearLine: (direction, callback) => done(callback),
  clearScreenDown: (callback) => done(callback),
  getWindowSize() {
    return [this.columns, this.rows];
  },
});

module.exports = {ReadStream, WriteStream, isatty: () => false};
