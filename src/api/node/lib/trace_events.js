// node:trace_events: tracings that record nothing.
'use strict';

const {ArrayPrototypeJoin} = primordials;
const {validateObject, validateStringArray} = require('internal/validators');

class Tracing {
  enabled = false;

  constructor(categories) {
    this.categories = ArrayPrototypeJoin(categories, ',');
  }

  enable() {
    this.enabled = true;
  }

  disable() {
    this.enabled = false;
  }
}

module.exports = {
  createTracing(options) {
    validateObject(options, 'options');
    validateStringArray(options.categories, 'options.categories');
    return new Tracing(options.categories);
  },
  getEnabledCategories() {},
};
