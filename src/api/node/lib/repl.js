// node:repl: names.
'use strict';

const {ArrayPrototypeSlice, SyntaxError, Symbol} = primordials;
const {publicNames} = require('ocapd/host');
const {stub, stubClass} = require('ocapd/stubs');

class Recoverable extends SyntaxError {
  constructor(error) {
    super();
    this.err = error;
  }
}

module.exports = {
  REPLServer: stubClass('REPLServer'),
  REPL_MODE_SLOPPY: Symbol('repl-sloppy'),
  REPL_MODE_STRICT: Symbol('repl-strict'),
  Recoverable,
  _builtinLibs: ArrayPrototypeSlice(publicNames),
  builtinModules: ArrayPrototypeSlice(publicNames),
  start: stub('start'),
  writer: stub('writer'),
};
