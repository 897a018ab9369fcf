// The global's Blob.
'use strict';

const {Blob} = globalThis;

module.exports = {
  Blob,
  isBlob: (value) => Blob !== undefined && value instanceof Blob,
  createObjectURL() {
    throw new Error('createObjectURL is not implemented');
  },
  resolveObjectURL() {
    throw new Error('resolveObjectURL is not implemented');
  },
};
