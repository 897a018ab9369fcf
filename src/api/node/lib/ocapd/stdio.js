// process.stdin, empty, and process.stdout and process.stderr, whose lines go where console's go.
'use strict';

const {StringPrototypeIndexOf, StringPrototypeSlice} = primordials;
const {Readable, Writable} = require('stream');
const {StringDecoder} = require('string_decoder');
const {native} = require('ocapd/host');

const kStandardError = 2;

/** @param {1|2} fd */
function makeOutput(fd) {
  const level = fd === kStandardError ? 'error' : 'log';
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const flush = () => {
    if (rest === '') return;
    native.writeLine(level, rest);
    rest = '';
  };
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, callback) {
      rest += typeof chunk === 'string' ? chunk : decoder.write(chunk);
      for (let end; (end = StringPrototypeIndexOf(rest, '\n')) !== -1;) {
        native.writeLine(level, StringPrototypeSlice(rest, 0, end));
        rest = StringPrototypeSlice(rest, end + 1);
      }
      // Without a newline: shown once nothing follows at once.
      if (rest !== '') process.nextTick(flush);
      callback();
    },
  });
  stream.fd = fd;
  stream._type = 'fs';
  stream._isStdio = true;
  stream.destroySoon = stream.destroy;
  stream._destroy = (error, callback) => callback(error);
  return stream;
}

function makeInput() {
  const stream = new Readable({
    read() {
      this.push(null);
    },
  });
  stream.fd = 0;
  return stream;
}

module.exports = {makeInput, makeOutput};
