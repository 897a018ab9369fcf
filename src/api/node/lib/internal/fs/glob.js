// Patterns over files are not implemented.
'use strict';

const {stubClass, stub} = require('ocapd/stubs');

module.exports = {Glob: stubClass('Glob', 'fs.glob'), matchGlobPattern: stub('path.matchesGlob')};
