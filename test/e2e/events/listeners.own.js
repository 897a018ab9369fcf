// The reference lets a listener's exception out of dispatchEvent() and has no capturing listeners.
import {equal, same} from '../assert.js';

export const listenersThatThrowDoNotStopOthers = {
  test() {
    const target = new EventTarget();
    const seen = [];
    target.addEventListener('x', () => { throw new Error('expected: a listener that throws'); });
    target.addEventListener('x', {});
    target.addEventListener('x', () => seen.push('second'));
    equal(target.dispatchEvent(new Event('x')), true);
    same(seen, ['second']);
  },
};

export const capturingListenersComeFirst = {
  test() {
    const target = new EventTarget();
    const seen = [];
    const listen = (event) => seen.push(event.type);
    target.addEventListener('x', () => seen.push('plain'));
    target.addEventListener('x', listen, true);
    target.addEventListener('x', listen, {capture: true});
    target.dispatchEvent(new Event('x'));
    same(seen, ['x', 'plain']);
  },
};
