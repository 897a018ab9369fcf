import { equal, throws } from '../assert.js';

const { subtle } = crypto;

export const bytesAreCompared = {
  test() {
    const bytes = new Uint8Array([1, 2, 3]);
    equal(subtle.timingSafeEqual(bytes, bytes), true);
    equal(subtle.timingSafeEqual(bytes, new Uint8Array([1, 2, 4])), false);
    equal(subtle.timingSafeEqual(bytes.buffer, new DataView(bytes.buffer)), true);
    equal(subtle.timingSafeEqual(new Uint16Array(3), new Uint8Array(6)), true);
    equal(subtle.timingSafeEqual(new Uint8Array(0), new ArrayBuffer(0)), true);
    equal(subtle.timingSafeEqual(new Uint8Array(5000), new Uint8Array(5000).fill(1, 4999)), false);
  },
};

export const lengthsMustBeEqual = {
  test() {
    throws(() => subtle.timingSafeEqual(new Uint8Array(3), new Uint8Array(4)), {
      name: 'TypeError',
      message: 'Input buffers must have the same byte length.',
    });
  },
};

export const onlyBuffersAreCompared = {
  test() {
    throws(() => subtle.timingSafeEqual('a', 'a'), {
      name: 'TypeError',
      message:
        "Failed to execute 'timingSafeEqual' on 'SubtleCrypto': parameter 1 is not of type " +
        "'BufferSource'.",
    });
    throws(() => subtle.timingSafeEqual(new Uint8Array(1)), { name: 'TypeError' });
  },
};
