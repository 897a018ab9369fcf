// node:constants: those of os, fs and crypto in one object.
'use strict';

const {ObjectAssign} = primordials;
const {os, fs, crypto} = internalBinding('constants');

module.exports = ObjectAssign({}, os.dlopen, os.errno, os.priority, os.signals, fs, crypto);
