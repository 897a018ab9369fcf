import {equal, throws} from '../assert.js';

export const aBeaconSaysThatItIsOnItsWay = {
  test() {
    equal(navigator.sendBeacon('http://127.0.0.1:1/', 'text'), true);
    equal(navigator.sendBeacon('no url'), true);
    throws(() => navigator.sendBeacon(), {
      name: 'TypeError',
      message: "Failed to execute 'sendBeacon' on 'Navigator': parameter 1 is not of type " +
          "'string'.",
    });
  },
};
