// node:test: mocks, without a test runner.
//
// See https://nodejs.org/api/test.html#mocking
'use strict';

const {MockTracker} = require('internal/test_runner/mock/mock');

for (const name of ['module', 'timers']) delete MockTracker.prototype[name];

const mock = new MockTracker();
module.exports = {MockFunctionContext: mock.fn().mock.constructor, MockTracker, mock};
