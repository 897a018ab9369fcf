// node:domain: emitters that run what they are given, without domains.
'use strict';

const {ReflectApply} = primordials;
const EventEmitter = require('events');

class Domain extends EventEmitter {
  members = undefined;

  _errorHandler() {}
  enter() {}
  exit() {}
  add() {}
  remove() {}

  run(callback, ...values) {
    return ReflectApply(callback, this, values);
  }

  intercept(callback) {
    return callback;
  }

  bind(callback) {
    return callback;
  }
}

const createDomain = () => new Domain();

module.exports = {Domain, active: null, create: createDomain, createDomain};
