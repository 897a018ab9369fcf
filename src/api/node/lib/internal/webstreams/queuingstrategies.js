// The global's queuing strategies.
'use strict';

const {ByteLengthQueuingStrategy, CountQueuingStrategy} = globalThis;

module.exports = {ByteLengthQueuingStrategy, CountQueuingStrategy};
