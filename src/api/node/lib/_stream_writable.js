// node:_stream_writable, an old name.
'use strict';

const {Writable} = require('stream');

module.named = {...Writable, Writable};
module.exports = Writable;
