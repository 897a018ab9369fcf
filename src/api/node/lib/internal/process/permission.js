// Node's permissions are not used here.
'use strict';

module.exports = {isEnabled: () => false, has: () => true};
