// node:fs/promises: Node's, with its FileHandle.
'use strict';

const promises = require('fs/promises');
const {FileHandle} = require('internal/fs/promises');

module.named = {...promises, FileHandle};
module.exports = promises;
