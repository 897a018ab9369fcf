// The global's coders.
'use strict';

const {TextDecoder, TextEncoder} = globalThis;

module.exports = {TextDecoder, TextEncoder};
