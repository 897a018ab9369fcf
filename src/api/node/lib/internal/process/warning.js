'use strict';

module.exports = {
  emitWarning: (...all) => process.emitWarning(...all),
  emitWarningSync: (...all) => process.emitWarning(...all),
};
