// The asynchronous context: an immutable map from each AsyncLocalStorage to its value, kept in V8's
// slot, which follows promises by itself.
'use strict';

const {SafeMap} = primordials;
const {
  getContinuationPreservedEmbedderData: current,
  setContinuationPreservedEmbedderData: set,
} = internalBinding('async_context_frame');

/** The current frame with one value more. */
function withValue(key, value) {
  const frame = new SafeMap(current());
  frame.set(key, value);
  return frame;
}

/** Sets the frame and gives the one before. */
function exchange(frame) {
  const before = current();
  set(frame);
  return before;
}

module.exports = {current, exchange, set, withValue};
