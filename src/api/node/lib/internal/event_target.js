// The global's EventTarget, with what Node's files ask about it.
'use strict';

const {Event, EventTarget} = globalThis;
const {Symbol} = primordials;

module.exports = {
  Event,
  EventTarget,
  isEventTarget: (value) => value instanceof EventTarget,
  kEvents: Symbol('kEvents'),
  kMaxEventTargetListeners: Symbol('events.maxEventTargetListeners'),
  kMaxEventTargetListenersWarned: Symbol('events.maxEventTargetListenersWarned'),
  kResistStopPropagation: Symbol('kResistStopPropagation'),
  kWeakHandler: Symbol('kWeak'),
  kTrustEvent: Symbol('kTrustEvent'),
};
