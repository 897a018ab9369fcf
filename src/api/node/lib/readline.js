// node:readline: a worker has no terminal. Interfaces can be made and never give a line.
'use strict';

const EventEmitter = require('events');

class Interface extends EventEmitter {
  terminal = false;
  line = '';
  cursor = 0;

  getPrompt() {
    return '';
  }
  setPrompt() {}
  prompt() {}
  question() {}
  pause() {
    return this;
  }
  resume() {
    return this;
  }
  close() {
    this.emit('close');
  }
  write() {}
  getCursorPos() {
    return {cols: 0, rows: 0};
  }
  async* [Symbol.asyncIterator]() {}
  [Symbol.dispose]() {
    this.close();
  }
}

module.exports = {
  Interface,
  clearLine: () => false,
  clearScreenDown: () => false,
  createInterface: () => new Interface(),
  cursorTo: () => false,
  emitKeypressEvents() {},
  moveCursor: () => false,
  get promises() {
    return require('readline/promises');
  },
};
