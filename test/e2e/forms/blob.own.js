// Own ways, towards the standard: any sequence of parts, line endings, indexes of any size, whole
// times. The reference takes arrays only, refuses `endings`, and indexes beyond 32 bits.
import { equal, throws } from '../assert.js';

export const partsMayBeAnySequence = {
  async test() {
    equal(await new Blob(new Set(['a', 'b'])).text(), 'ab');
  },
};

export const lineEndingsBecomeNative = {
  async test() {
    const parts = ['a\r\nb\rc\n', new Uint8Array([13, 10])];
    equal(await new Blob(parts, { endings: 'native' }).text(), 'a\nb\nc\n\r\n');
    equal(await new Blob(parts, { endings: 'transparent' }).text(), 'a\r\nb\rc\n\r\n');
    throws(() => new Blob([], { endings: 'other' }), { name: 'TypeError' });
  },
};

export const indexesAreClamped = {
  async test() {
    const blob = new Blob(['0123']);
    equal(await blob.slice(-1e30, 1e30).text(), '0123');
    equal(await blob.slice(Infinity).text(), '');
    equal(await blob.slice(NaN, 2).text(), '01');
  },
};

export const timesAreWhole = {
  test() {
    equal(new File([], 'x', { lastModified: 1.9 }).lastModified, 1);
  },
};
