// node:os: of no machine in particular.
//
// See https://nodejs.org/api/os.html
'use strict';

const {validateInt32} = require('internal/validators');

const kPriorityMin = -20;
const kPriorityMax = 19;

module.exports = {
  EOL: '\n',
  arch: () => process.arch,
  availableParallelism: () => 1,
  constants: internalBinding('constants').os,
  cpus: () => [],
  devNull: '/dev/null',
  endianness: () => 'LE',
  freemem: () => 0,
  getPriority(pid) {
    if (pid !== undefined) validateInt32(pid, 'pid');
    return 0;
  },
  homedir: () => '/tmp/',
  hostname: () => 'localhost',
  loadavg: () => [0, 0, 0],
  machine: () => 'x86_64',
  networkInterfaces: () => ({}),
  platform: () => process.platform,
  release: () => '',
  setPriority(pid, priority) {
    if (priority === undefined) [pid, priority] = [0, pid];
    validateInt32(pid, 'pid');
    validateInt32(priority, 'priority', kPriorityMin, kPriorityMax);
  },
  tmpdir: () => '/tmp/',
  totalmem: () => 0,
  type: () => 'Linux',
  uptime: () => 0,
  userInfo: () => ({}),
  version: () => '',
};
