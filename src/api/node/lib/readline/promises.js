// node:readline/promises: as node:readline.
'use strict';

const readline = require('readline');

class Interface extends readline.Interface {
  async question() {
    return '';
  }
}

class Readline {
  clearLine() {
    return this;
  }
  clearScreenDown() {
    return this;
  }
  async commit() {}
  cursorTo() {
    return this;
  }
  moveCursor() {
    return this;
  }
  rollback() {
    return this;
  }
}

module.exports = {Interface, Readline, createInterface: () => new Interface()};
