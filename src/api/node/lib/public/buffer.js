// node:buffer: Node's, with transcode().
//
// See https://nodejs.org/api/buffer.html#buffertranscodesource-fromenc-toenc
'use strict';

const buffer = require('buffer');
const {ArrayPrototypeIncludes, Uint8Array} = primordials;
const {codes: {ERR_INVALID_ARG_TYPE}} = require('internal/errors');
const {normalizeEncoding} = require('internal/util');
const {isUint8Array} = require('internal/util/types');
const binding = internalBinding('buffer');

const kTranscodable = ['ascii', 'latin1', 'utf16le', 'utf8'];

/** @param {Uint8Array} source @param {string} fromEncoding @param {string} toEncoding */
function transcode(source, fromEncoding, toEncoding) {
  if (!isUint8Array(source)) {
    throw new ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
  }
  if (source.length === 0) return buffer.Buffer.alloc(0);
  const from = normalizeEncoding(fromEncoding);
  const to = normalizeEncoding(toEncoding);
  for (const each of [from, to]) {
    if (!ArrayPrototypeIncludes(kTranscodable, each)) {
      const error = new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]');
      error.code = 'U_ILLEGAL_ARGUMENT_ERROR';
      error.errno = 1;
      throw error;
    }
  }
  return buffer.Buffer.from(binding.transcode(source, from, to));
}

buffer.transcode = transcode;
module.exports = buffer;
