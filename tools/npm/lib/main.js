'use strict';
// Where the program is, in the shape tools know from the workerd package: the default export is
// the path to spawn.
const { join } = require('node:path');

const { compatibilityDate, version } = require('../package.json');

Object.defineProperty(exports, '__esModule', { value: true });
exports.default = join(__dirname, '..', 'bin', 'ocapd');
exports.compatibilityDate = compatibilityDate;
exports.version = version;
