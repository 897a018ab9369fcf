// Mocked modules are not offered.
'use strict';

module.exports = {Module: {}};
