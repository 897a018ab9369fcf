import {equal, ok, throws} from '../assert.js';

export const btoaEncodesLatin1 = {
  test() {
    equal(btoa('abc'), 'YWJj');
    equal(btoa('\xFF\x00'), '/wA=');
    equal(btoa(5), 'NQ==');
    equal(btoa(null), 'bnVsbA==');
    throws(() => btoa('€'), {
      name: 'InvalidCharacterError',
      code: 5,
      type: DOMException,
      message: 'btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.',
    });
  },
};

export const atobForgives = {
  test() {
    equal(atob(' YW Jj\n'), 'abc');
    equal(atob('YQ'), 'a');
    equal(atob('YR=='), 'a', 'left-over bits');
    equal(atob(''), '');
    equal(atob('/wA='), '\xFF\x00');
    for (const bad of ['Y', 'YQ=', 'YQ===', 'Y=Q=', '!!!!', '====', 'YQ==YQ==', '-_-_', 'é', '€']) {
      const error = throws(() => atob(bad), {name: 'InvalidCharacterError', code: 5}, bad);
      ok(error instanceof DOMException && error instanceof Error);
    }
    throws(() => atob(), {
      name: 'TypeError',
      message: "Failed to execute 'atob' on 'ServiceWorkerGlobalScope': parameter 1 is not of " +
          "type 'string'.",
    });
  },
};
