// node:_stream_duplex, an old name.
'use strict';

const {Duplex} = require('stream');

module.named = {...Duplex, Duplex};
module.exports = Duplex;
