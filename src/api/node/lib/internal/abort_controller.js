// The global's classes.
'use strict';

const {AbortController, AbortSignal} = globalThis;

/** https://nodejs.org/api/util.html#utilabortedsignal-resource */
async function aborted(signal, resource) {
  const {validateAbortSignal, validateObject} = require('internal/validators');
  validateAbortSignal(signal, 'signal');
  validateObject(resource, 'resource', {nullable: false, allowFunction: true, allowArray: true});
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
}

module.exports = {
  AbortController,
  AbortSignal,
  aborted,
  transferableAbortSignal: (signal) => signal,
  transferableAbortController: () => new AbortController(),
};
