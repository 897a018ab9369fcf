// node:zlib: Node's. Its constants are named exports too, as they are properties.
'use strict';

const zlib = require('zlib');

module.named = {...zlib.constants, ...zlib};
module.exports = zlib;
