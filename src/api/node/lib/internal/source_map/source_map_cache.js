// Source maps are the business of the tools that made the bundle.
'use strict';

module.exports = {
  getSourceMapsSupport: () => ({__proto__: null, enabled: false}),
  findSourceMap: () => undefined,
  getSourceLine: () => undefined,
};
