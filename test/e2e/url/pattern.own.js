// A worker that patches RegExp changes URLPattern in the reference.
import {equal, ok} from '../assert.js';

export const patchedRegularExpressionsAreNotUsed = {
  test() {
    const {exec} = RegExp.prototype;
    let calls = 0;
    RegExp.prototype.exec = () => ++calls && null;
    try {
      ok(new URLPattern({pathname: '/:a(\\d+)'}).test('https://x/1'));
    } finally {
      RegExp.prototype.exec = exec;
    }
    equal(calls, 0);
  },
};

export const groupsComeInThePatternsOrder = {
  test() {
    const {groups} = new URLPattern({pathname: '/:z/:b/:a/:q'}).exec('https://x/1/2/3/4').pathname;
    equal(Object.keys(groups).join(), 'z,b,a,q');
  },
};
