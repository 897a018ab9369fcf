// node:_stream_passthrough, an old name.
'use strict';

const {PassThrough} = require('stream');

module.named = {...PassThrough, PassThrough};
module.exports = PassThrough;
