import {equal, same, throws} from '../assert.js';

export const stringsBecomeUtf8 = {
  test() {
    const encoder = new TextEncoder('latin1');
    equal(encoder.encoding, 'utf-8');
    same([...encoder.encode('a€😀')], [97, 226, 130, 172, 240, 159, 152, 128]);
    same([...encoder.encode('\uD800x')], [239, 191, 189, 120], 'lone surrogate');
    equal(encoder.encode().length, 0);
    equal(encoder.encode(undefined).length, 0);
    same([...encoder.encode(null)], [110, 117, 108, 108]);
    equal(encoder.encode('é'.repeat(100_000)).length, 200_000);
  },
};

export const encodeIntoWritesWholeCharacters = {
  test() {
    const into = (text, size) => {
      const bytes = new Uint8Array(size);
      const {read, written} = new TextEncoder().encodeInto(text, bytes);
      return [read, written, ...bytes];
    };
    same(into('a€€', 5), [2, 4, 97, 226, 130, 172, 0]);
    same(into('a😀\uD83D', 5), [3, 5, 97, 240, 159, 152, 128]);
    same(into('a😀', 4), [1, 1, 97, 0, 0, 0]);
    same(into('abc', 0), [0, 0]);
    const middle = new Uint8Array(4);
    new TextEncoder().encodeInto('xy', middle.subarray(1, 3));
    same([...middle], [0, 120, 121, 0]);
    throws(() => new TextEncoder().encodeInto('a', new Uint16Array(4)), {
      name: 'TypeError',
      message: "Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type " +
          "'Uint8Array'.",
    });
  },
};

export const itIsAConstructor = {
  test() {
    throws(() => TextEncoder(), {name: 'TypeError'});
    throws(() => TextEncoder.prototype.encode.call({}), {name: 'TypeError'});
  },
};
