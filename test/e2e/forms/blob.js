// Blob and File. https://w3c.github.io/FileAPI/
import { equal, same, throws } from '../assert.js';

export const partsAreJoined = {
  async test() {
    const view = new Uint8Array([0, 98, 99, 0]).subarray(1, 3);
    const parts = ['a', view, new Uint8Array([100]).buffer, new Blob(['e']), 1, null];
    const blob = new Blob(parts);
    equal(await blob.text(), 'abcde1null');
    equal(blob.size, 10);
    equal(new Blob().size, 0);
    equal(new Blob(undefined).size, 0);
  },
};

export const aBlobDoesNotChangeWithItsParts = {
  async test() {
    const view = new Uint8Array([97]);
    const blob = new Blob([view]);
    view[0] = 98;
    equal(await blob.text(), 'a');
    (await blob.bytes())[0] = 98;
    equal(await blob.text(), 'a');
  },
};

export const partsMustBeASequence = {
  test() {
    const message = "Failed to construct 'Blob': constructor parameter 1 is not of type 'Array'.";
    for (const parts of ['text', 1, null, {}]) {
      throws(() => new Blob(parts), { name: 'TypeError', message });
    }
    throws(() => new Blob([], 1), {
      name: 'TypeError',
      message: "Failed to construct 'Blob': constructor parameter 2 is not of type 'Options'.",
    });
  },
};

export const typesAreLowerCaseAsciiOrNone = {
  test() {
    const types = ['TEXT/Plain', 'a\u00e9', 'a\nb', 'a;b=C', '  ', null, undefined];
    same(
      types.map((type) => new Blob([], { type }).type),
      ['text/plain', '', '', 'a;b=c', '  ', 'null', ''],
    );
  },
};

export const slicesCountFromEitherEnd = {
  async test() {
    const blob = new Blob(['0123456789'], { type: 'a/b' });
    const text = (...range) => blob.slice(...range).text();
    equal(await text(2, 4), '23');
    equal(await text(-3), '789');
    equal(await text(5, -2), '567');
    equal(await text(7, 3), '');
    equal(await text(1000), '');
    equal(await text(-1000, 1000), '0123456789');
    equal(await text(undefined, undefined), '0123456789');
    equal(blob.slice(0, 1).type, '');
    equal(blob.slice(0, 1, 'A/B').type, 'a/b');
    equal(await blob.slice(2, 8).slice(1, 3).text(), '34');
  },
};

export const blobsAreReadInEveryWay = {
  async test() {
    const blob = new Blob(['abc']);
    equal((await blob.arrayBuffer()).byteLength, 3);
    same([...(await blob.bytes())], [97, 98, 99]);
    equal(await new Response(blob.stream()).text(), 'abc');
    const reader = blob.stream().getReader({ mode: 'byob' });
    const { value, done } = await reader.read(new Uint8Array(2));
    same([...value], [97, 98]);
    equal(done, false);
  },
};

export const filesHaveNamesAndTimes = {
  test() {
    const file = new File(['a'], 'n/\u00e9', { type: 'X/y', lastModified: 5 });
    same([file.name, file.type, file.lastModified, file.size], ['n/\u00e9', 'x/y', 5, 1]);
    equal(file instanceof Blob, true);
    equal(String(file), '[object File]');
    equal(Math.abs(new File([], 'x').lastModified - Date.now()) < 5000, true);
    equal(new File([], 'x', { lastModified: new Date(77) }).lastModified, 77);
    equal(new File([], 'x', { lastModified: NaN }).lastModified, 0);
    throws(() => new File(['a']), {
      message: "Failed to construct 'File': constructor parameter 2 is not of type 'string'.",
    });
  },
};

export const blobsAreBodies = {
  async test() {
    const response = new Response(new Blob(['hi'], { type: 'a/b' }));
    equal(response.headers.get('content-type'), 'a/b');
    equal(await response.text(), 'hi');
    equal(new Response(new Blob(['hi'])).headers.get('content-type'), null);
    const init = { headers: { 'content-type': 'c/d' } };
    equal(new Response(new Blob([], { type: 'a/b' }), init).headers.get('content-type'), 'c/d');
  },
};

export const bodiesAreReadAsBlobs = {
  async test() {
    const read = async (body, type) => {
      const headers = type === undefined ? {} : { 'content-type': type };
      const blob = await new Response(body, { headers }).blob();
      return [blob.type, await blob.text()];
    };
    same(await read('hi'), ['text/plain;charset=UTF-8', 'hi']);
    same(await read('hi', 'Text/HTML; Charset=X'), ['text/html;charset=X', 'hi']);
    same(await read(null), ['', '']);
    same(await read(new Uint8Array([65])), ['', 'A']);
    const stream = new Response('streamed').body;
    same(await read(stream), ['', 'streamed']);
  },
};

export const theMembersAreThoseOfTheStandard = {
  test() {
    const names = (constructor) => Object.keys(constructor.prototype).sort();
    same(names(Blob), ['arrayBuffer', 'bytes', 'size', 'slice', 'stream', 'text', 'type']);
    same(names(File), ['lastModified', 'name']);
  },
};
