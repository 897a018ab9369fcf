// Lines of a FileHandle.
'use strict';

module.exports = {Interface: require('readline').Interface};
