// node:fs: Node's, on files in memory.
'use strict';

const fs = require('fs');
const {unsupported} = require('ocapd/stubs');
const {constants: {F_OK, R_OK, W_OK, X_OK}} = fs;

Object.assign(fs, {unwatchFile: unsupported, watch: unsupported, watchFile: unsupported});
module.named = {...fs, F_OK, R_OK, W_OK, X_OK};
module.exports = fs;
