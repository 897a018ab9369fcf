// node:_stream_readable, an old name.
'use strict';

const {Readable} = require('stream');

module.named = {...Readable, Readable};
module.exports = Readable;
