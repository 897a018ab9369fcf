// Command-line options: none is given here.
'use strict';

const kValues = {
  '__proto__': null,
  '--stack-trace-limit': 10,
  '--unhandled-rejections': 'throw',
};

module.exports = {
  getOptionValue: (name) => kValues[name],
  getEmbedderOptions: () => ({}),
  getAllowUnauthorized: () => false,
};
