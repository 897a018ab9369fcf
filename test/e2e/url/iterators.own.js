// The reference names its iterators otherwise and does not share @@iterator.
import {equal, ok, same} from '../assert.js';

export const iteratorsAreNamedAsTheStandardHasIt = {
  test() {
    const prototype = Object.getPrototypeOf(new URLSearchParams().entries());
    equal(prototype[Symbol.toStringTag], 'URLSearchParams Iterator');
    same(Object.getOwnPropertyNames(prototype), ['next']);
    ok(URLSearchParams.prototype[Symbol.iterator] === URLSearchParams.prototype.entries);
  },
};
