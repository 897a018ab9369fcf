'use strict';

module.exports = {now: () => globalThis.performance.now()};
