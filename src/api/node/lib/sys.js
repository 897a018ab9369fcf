// node:sys, an old name of node:util.
'use strict';

module.exports = require('public/util');
