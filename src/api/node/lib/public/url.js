// node:url: Node's, with what the runtime this one is compatible with adds.
'use strict';

const url = require('url');

module.exports = Object.assign(url, {toPathIfFileURL: require('internal/url').toPathIfFileURL});
