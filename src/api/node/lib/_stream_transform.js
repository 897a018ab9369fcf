// node:_stream_transform, an old name.
'use strict';

const {Transform} = require('stream');

module.named = {...Transform, Transform};
module.exports = Transform;
