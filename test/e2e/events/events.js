import {equal, ok, same, throws} from '../assert.js';

export const eventsAreAsTheyWereMade = {
  test() {
    const event = new Event('x', {bubbles: true, cancelable: true, composed: true});
    same([event.type, event.bubbles, event.cancelable, event.composed, event.eventPhase],
        ['x', true, true, true, 0]);
    same([event.target, event.currentTarget, event.srcElement, event.isTrusted], [null, null, null, false]);
    equal(new Event('x', null).bubbles, false);
    equal(new CustomEvent('x', {detail: 7}).detail, 7);
    ok(new CustomEvent('x') instanceof Event);
    throws(() => new Event(), {
      name: 'TypeError',
      message: "Failed to construct 'Event': constructor parameter 1 is not of type 'string'.",
    });
    throws(() => new Event('x', 5), {
      name: 'TypeError',
      message: "Failed to construct 'Event': constructor parameter 2 is not of type 'Init'.",
    });
  },
};

export const listenersHearOfIt = {
  test() {
    const target = new EventTarget();
    const seen = [];
    target.addEventListener('x', function (event) {
      seen.push(this === target, event.target === target, event.currentTarget === target,
          event.eventPhase, event.composedPath()[0] === target);
    });
    const object = {handleEvent() { seen.push(this === object); }};
    target.addEventListener('x', object);
    target.addEventListener('x', () => seen.push('once'), {once: true});
    const event = new Event('x');
    equal(target.dispatchEvent(event), true);
    same(seen.splice(0), [true, true, true, 2, true, true, 'once']);
    target.dispatchEvent(event);
    same(seen, [true, true, true, 2, true, true]);
    equal(event.eventPhase, 0);
    equal(event.composedPath().length, 0);
  },
};

export const listenersAreAddedOnceAndRemoved = {
  test() {
    const target = new EventTarget();
    const seen = [];
    const listen = () => seen.push('f');
    target.addEventListener('x', listen);
    target.addEventListener('x', listen);
    target.dispatchEvent(new Event('x'));
    same(seen, ['f']);
    target.removeEventListener('x', listen);
    target.dispatchEvent(new Event('x'));
    same(seen, ['f']);
    equal(target.addEventListener('x', null), undefined);
    throws(() => target.addEventListener('x', 5), {
      name: 'TypeError',
      message: "Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is not of type " +
          "'function or HandlerObject'.",
    });
    throws(() => target.addEventListener(), {name: 'TypeError'});
  },
};

export const changesWhileDispatching = {
  test() {
    const target = new EventTarget();
    const seen = [];
    const removed = () => seen.push('removed');
    target.addEventListener('x', () => {
      seen.push('first');
      target.removeEventListener('x', removed);
      target.addEventListener('x', () => seen.push('new'));
    });
    target.addEventListener('x', removed);
    target.dispatchEvent(new Event('x'));
    same(seen, ['first']);
  },
};

export const defaultsArePreventedWhereThatIsAllowed = {
  test() {
    const target = new EventTarget();
    target.addEventListener('x', (event) => event.preventDefault());
    equal(target.dispatchEvent(new Event('x', {cancelable: true})), false);
    equal(new Event('x', {cancelable: true}).returnValue, true);
    const passive = new EventTarget();
    passive.addEventListener('x', (event) => event.preventDefault(), {passive: true});
    equal(passive.dispatchEvent(new Event('x', {cancelable: true})), true);
  },
};

export const propagationStopsAtOnce = {
  test() {
    const target = new EventTarget();
    const seen = [];
    target.addEventListener('x', (event) => {
      seen.push(1);
      event.stopImmediatePropagation();
    });
    target.addEventListener('x', () => seen.push(2));
    target.dispatchEvent(new Event('x'));
    same(seen, [1]);
  },
};

export const dispatchTakesEventsThatAreNotUnderWay = {
  test() {
    const target = new EventTarget();
    let error;
    target.addEventListener('x', (event) => {
      error = throws(() => target.dispatchEvent(event), {name: 'InvalidStateError', code: 11});
    });
    target.dispatchEvent(new Event('x'));
    ok(error);
    throws(() => target.dispatchEvent({}), {
      name: 'TypeError',
      message: "Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type " +
          "'Event'.",
    });
    throws(() => EventTarget.prototype.dispatchEvent.call({}, new Event('x')), {name: 'TypeError'});
  },
};

export const targetsCanBeExtended = {
  test() {
    class Door extends EventTarget {
      #state = 'closed';
      open() {
        this.#state = 'open';
        this.dispatchEvent(new CustomEvent('open', {detail: this.#state}));
      }
    }
    const door = new Door();
    let seen;
    door.addEventListener('open', (event) => (seen = event.detail));
    door.open();
    equal(seen, 'open');
  },
};
