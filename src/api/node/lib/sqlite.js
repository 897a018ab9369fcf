// node:sqlite: names. Databases of a worker are its Durable Objects' and D1's.
'use strict';

const {TypeError} = primordials;

class DatabaseSync {
  constructor() {
    throw new TypeError('Illegal constructor');
  }
}

class StatementSync {
  constructor() {
    throw new TypeError('Illegal constructor');
  }
}

module.exports = {
  DatabaseSync,
  StatementSync,
  backup() {
    throw new Error('backup is not implemented');
  },
  constants: require('ocapd/data/sqlite'),
};
