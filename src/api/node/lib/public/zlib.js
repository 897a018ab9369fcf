// node:zlib: Node's. Its constants are named exports too, as they are properties.
'use strict';

const zlib = require('zlib');

const {constants: {ZSTD_COMPRESS: ZSTD_ENCODE, ZSTD_DECOMPRESS: ZSTD_DECODE}} = zlib;
module.named = {...zlib.constants, ...zlib, ZSTD_DECODE, ZSTD_ENCODE};
module.exports = zlib;
