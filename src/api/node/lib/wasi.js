// node:wasi: a name.
'use strict';

module.exports = {WASI: require('ocapd/stubs').stubClass('WASI')};
