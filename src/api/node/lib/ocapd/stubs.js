// Functions and classes of Node that exist by name only: calling one throws.
'use strict';

const {Error, ObjectDefineProperty} = primordials;
const {codes: {ERR_METHOD_NOT_IMPLEMENTED}} = require('internal/errors');

/** @param {string} name of the function @param {string} [shown] what its error calls it */
function stub(name, shown = name) {
  const made = () => {
    throw new ERR_METHOD_NOT_IMPLEMENTED(shown);
  };
  return ObjectDefineProperty(made, 'name', {__proto__: null, value: name});
}

/** @param {string} name of the class @param {string} [shown] what its error calls it */
function stubClass(name, shown = name) {
  const made = class {
    constructor() {
      throw new ERR_METHOD_NOT_IMPLEMENTED(shown);
    }
  };
  return ObjectDefineProperty(made, 'name', {__proto__: null, value: name});
}

/** @param {string} prefix of what errors call them @param {string[]} names */
function stubs(prefix, names) {
  const result = {};
  for (let i = 0; i < names.length; ++i) result[names[i]] = stub(names[i], prefix + names[i]);
  return result;
}

/** What a system's feature says that no worker has. */
function unsupported() {
  const error = new Error('The requested operation is unsupported');
  error.code = 'ERR_UNSUPPORTED_OPERATION';
  throw error;
}

module.exports = {stub, stubClass, stubs, unsupported};
