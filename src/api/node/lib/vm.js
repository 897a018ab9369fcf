// node:vm: names. A worker does not make code from text.
'use strict';

const {ObjectFreeze, Symbol} = primordials;
const {codes: {ERR_INVALID_ARG_TYPE}} = require('internal/errors');
const {validateObject, validateString} = require('internal/validators');
const {stub, stubs} = require('ocapd/stubs');

const throwing = stubs('', ['compileFunction', 'runInThisContext', 'createCachedData']);
const requireContext = (value) => {
  throw new ERR_INVALID_ARG_TYPE('contextifiedObject', 'vm.Context', value);
};

class Script {
  cachedDataRejected = undefined;
  cachedDataProduced = undefined;
  cachedData = undefined;
  sourceMapURL = undefined;

  constructor(code) {
    this.#code = `${code}`;
  }

  #code;

  createCachedData() {
    throwing.createCachedData();
  }
  runInContext(contextified) {
    requireContext(contextified);
  }
  runInNewContext() {
    throwing.runInThisContext();
  }
  runInThisContext() {
    throwing.runInThisContext();
  }
}

module.exports = {
  Script,
  compileFunction(code) {
    validateString(code, 'code');
    throwing.compileFunction();
  },
  constants: ObjectFreeze({
    __proto__: null,
    USE_MAIN_CONTEXT_DEFAULT_LOADER: Symbol('vm_dynamic_import_main_context_default'),
    DONT_CONTEXTIFY: Symbol('vm_context_no_contextify'),
  }),
  createContext: () => ({__proto__: null}),
  createScript: (code) => new Script(code),
  isContext(object) {
    validateObject(object, 'object');
    return false;
  },
  measureMemory: stub('measureMemory'),
  runInContext(code, contextified) {
    validateObject(contextified, 'object');
    requireContext(contextified);
  },
  runInNewContext(code, contextObject, options) {
    throwing.runInThisContext();
  },
  runInThisContext(code) {
    throwing.runInThisContext();
  },
};
