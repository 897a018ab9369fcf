// node:util: Node's, with functions that newer versions of Node have taken away.
//
// See https://nodejs.org/api/util.html
'use strict';

const util = require('util');
const {ArrayIsArray, Error, ObjectPrototypeToString} = primordials;
const {Buffer} = require('buffer');
const {isDate, isNativeError, isRegExp} = require('internal/util/types');
const {stubs} = require('ocapd/stubs');

const isObject = (value) => value !== null && typeof value === 'object';

module.exports = Object.assign(util, stubs('', ['_errnoException', '_exceptionWithHostPort']), {
  getCallSite: util.getCallSites,
  isArray: ArrayIsArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: Buffer.isBuffer,
  isDate,
  isError: (value) => isNativeError(value) || value instanceof Error,
  isFunction: (value) => typeof value === 'function',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject,
  isPrimitive: (value) => !isObject(value) && typeof value !== 'function',
  isRegExp,
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
  log: (...values) => globalThis.console.log(...values),
});
