// node:test: mocks, without a test runner.
//
// See https://nodejs.org/api/test.html#mocking
'use strict';

const {MockFunctionContext, MockTracker} = require('internal/test_runner/mock/mock');

for (const name of ['module', 'timers']) delete MockTracker.prototype[name];

module.exports = {MockFunctionContext, MockTracker, mock: new MockTracker()};
