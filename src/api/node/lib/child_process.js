// node:child_process: a worker starts no processes.
'use strict';

const {validateString} = require('internal/validators');
const {stub, stubClass, stubs} = require('ocapd/stubs');

const throwing = stubs('child_process.',
    ['_forkChild', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'exec', 'spawnSync']);

module.exports = {
  ...throwing,
  ChildProcess: stubClass('ChildProcess', 'child_process.ChildProcess'),
  exec(command, options, callback) {
    validateString(command, 'command');
    return throwing.exec();
  },
  spawnSync(command, values, options) {
    validateString(command, 'command');
    return throwing.spawnSync();
  },
};
