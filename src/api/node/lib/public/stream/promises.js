// node:stream/promises: Node's, which also names itself.
'use strict';

const {finished, pipeline} = require('stream/promises');

const promises = {finished, pipeline};
module.exports = {finished, pipeline, promises};
