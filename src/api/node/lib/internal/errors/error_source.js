// The source text around an error, for assert.ok(): not shown, as a bundle's text says little.
'use strict';

module.exports = {
  getErrorSourceExpression: () => undefined,
  getErrorSourceLocation: () => undefined,
};
