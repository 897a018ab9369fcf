// Mocked timers are not offered.
'use strict';

module.exports = {MockTimers: class MockTimers {}};
