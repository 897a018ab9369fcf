import { equal, ok, same, throws } from '../assert.js';

export const messageEventsHaveTheirDefaults = {
  test() {
    const event = new MessageEvent('x');
    ok(event instanceof Event);
    same([event.type, event.data, event.origin, event.lastEventId, event.source, event.ports],
      ['x', null, '', '', null, []]);
    throws(() => new MessageEvent(), { type: TypeError });
    throws(() => new MessageEvent('x', 1), { type: TypeError });
    throws(() => new MessageEvent('x', { ports: 1 }), { type: TypeError });
    throws(() => new MessageEvent('x', { source: {} }), { type: TypeError });
  },
};

export const messageEventsTellWhatTheyWereGiven = {
  test() {
    const data = {};
    const event = new MessageEvent('x', { data, origin: 'o', lastEventId: 'l', cancelable: true });
    ok(event.data === data);
    same([event.origin, event.lastEventId, event.cancelable], ['o', 'l', true]);
  },
};

export const closeEventsTellCodeAndReason = {
  test() {
    const fresh = new CloseEvent('x');
    same([fresh.code, fresh.reason, fresh.wasClean], [0, '', false]);
    const given = new CloseEvent('x', { code: 1001, reason: 'r', wasClean: true });
    same([given.code, given.reason, given.wasClean], [1001, 'r', true]);
    throws(() => new CloseEvent(), { type: TypeError });
    throws(() => new CloseEvent('x', 1), { type: TypeError });
  },
};

export const errorEventsTellWhereItHappened = {
  test() {
    const fresh = new ErrorEvent('x');
    same([fresh.message, fresh.filename, fresh.lineno, fresh.colno], ['', '', 0, 0]);
    equal(fresh.error, undefined);
    const error = new Error('boo');
    const given = new ErrorEvent('x', { message: 'm', filename: 'f', lineno: 3, colno: 4, error });
    same([given.message, given.filename, given.lineno, given.colno], ['m', 'f', 3, 4]);
    ok(given.error === error);
    throws(() => new ErrorEvent('x', 1), { type: TypeError });
  },
};
