import {equal, ok, same} from '../assert.js';

export const itKnowsItself = {
  test() {
    ok(self === globalThis);
    equal(origin, 'null');
  },
};

export const navigatorNamesTheProduct = {
  test() {
    equal(navigator.userAgent, 'Cloudflare-Workers');
    same(navigator.languages, ['en']);
    equal(Object.prototype.toString.call(navigator), '[object Navigator]');
    ok(navigator instanceof Navigator);
  },
};

export const reportingAnErrorDoesNotThrow = {
  test() {
    equal(reportError(new Error('expected: reported')), undefined);
  },
};
