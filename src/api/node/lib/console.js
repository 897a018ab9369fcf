// node:console: the global console, and Node's Console for other streams.
//
// See https://nodejs.org/api/console.html
'use strict';

const {Console} = require('internal/console/constructor');
const {stub} = require('ocapd/stubs');

const {console} = globalThis;
const define = (name, value) => {
  if (name in console) return;
  Object.defineProperty(console, name, {value, writable: true, configurable: true});
};
define('Console', Console);
define('context', stub('context', 'Console.context'));
define('createTask', stub('createTask', 'Console.createTask'));

module.named = {
  ...console,
  Console: console.Console,
  context: console.context,
  createTask: console.createTask,
};
module.exports = console;
