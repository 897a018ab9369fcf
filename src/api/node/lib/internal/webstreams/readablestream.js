// The global's ReadableStream.
'use strict';

const {ReadableStream} = globalThis;

module.exports = {
  ReadableStream,
  isReadableStream: (value) => value instanceof ReadableStream,
};
