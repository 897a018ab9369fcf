// The global's WritableStream.
'use strict';

const {WritableStream} = globalThis;

module.exports = {
  WritableStream,
  isWritableStream: (value) => value instanceof WritableStream,
};
