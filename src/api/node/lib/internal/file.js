// The global's File.
'use strict';

module.exports = {File: globalThis.File};
