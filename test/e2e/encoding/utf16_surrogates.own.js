// The reference lets lone surrogates through, with `fatal` too.
import {equal, throws} from '../assert.js';

const bytes = (...values) => new Uint8Array(values);

export const loneSurrogatesAreMalformed = {
  test() {
    equal(new TextDecoder('utf-16le').decode(bytes(0, 0xD8, 0x42, 0)), '\uFFFDB');
    equal(new TextDecoder('utf-16le').decode(bytes(0, 0xDC, 0x42, 0)), '\uFFFDB');
    equal(new TextDecoder('utf-16le').decode(bytes(0, 0xD8, 0)), '\uFFFD');
    throws(() => new TextDecoder('utf-16le', {fatal: true}).decode(bytes(0, 0xD8, 0x42, 0)),
        {name: 'TypeError'});
  },
};
