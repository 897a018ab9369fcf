import { equal, ok, rejects, same, throws } from '../assert.js';

const bytes = (...values) => new Uint8Array(values);

export const aViewIsFilledFromTheQueue = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes',
      start(controller) {
        controller.enqueue(bytes(1, 2));
        controller.enqueue(bytes(3, 4, 5));
        controller.close();
      },
    });
    const reader = stream.getReader({ mode: 'byob' });
    same([...(await reader.read(new Uint8Array(4))).value], [1, 2, 3, 4]);
    same([...(await reader.read(new Uint8Array(4))).value], [5]);
    const { value, done } = await reader.read(new Uint8Array(4));
    equal(done, true);
    equal(value.byteLength, 0);
  },
};

export const theViewThatWasGivenIsDetached = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes', start: (controller) => controller.enqueue(bytes(1)),
    });
    const view = new Uint8Array(8);
    const { value } = await stream.getReader({ mode: 'byob' }).read(view);
    equal(view.byteLength, 0);
    equal(value.buffer.byteLength, 8);
  },
};

export const theKindOfViewIsKept = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes', start: (controller) => controller.enqueue(bytes(1, 0, 2, 0, 3)),
    });
    const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint16Array(3));
    ok(value instanceof Uint16Array);
    same([...value], [1, 2]);
  },
};

export const aSourceFillsTheRequestedView = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes',
      pull({ byobRequest }) {
        equal(byobRequest.view.byteLength, 5);
        byobRequest.view.set([7, 8]);
        byobRequest.respond(2);
      },
    });
    const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(5));
    same([...value], [7, 8]);
  },
};

export const aSourceMayAnswerWithAViewOfItsOwn = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes',
      pull({ byobRequest }) {
        const { view } = byobRequest;
        view[0] = 9;
        const moved = new Uint8Array(view.buffer.transfer(), 0, 1);
        byobRequest.respondWithNewView(moved);
      },
    });
    const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(5));
    same([...value], [9]);
  },
};

export const aRequestIsGoodForOneAnswer = {
  async test() {
    let request;
    const stream = new ReadableStream({
      type: 'bytes',
      pull({ byobRequest }) {
        request = byobRequest;
        byobRequest.respond(1);
      },
    });
    await stream.getReader({ mode: 'byob' }).read(new Uint8Array(2));
    throws(() => request.respond(1), { type: TypeError });
    equal(request.view, null);
  },
};

export const moreThanFitsIsRefused = {
  async test() {
    let thrown;
    const stream = new ReadableStream({
      type: 'bytes',
      pull({ byobRequest }) {
        try {
          byobRequest.respond(9);
        } catch (error) {
          thrown = error;
        }
        byobRequest.respond(1);
      },
    });
    await stream.getReader({ mode: 'byob' }).read(new Uint8Array(2));
    ok(thrown instanceof RangeError, String(thrown));
  },
};

export const readAtLeastWaitsForSoMuch = {
  async test() {
    let pulls = 0;
    const stream = new ReadableStream({
      type: 'bytes', pull: (controller) => controller.enqueue(bytes(++pulls)),
    });
    const reader = stream.getReader({ mode: 'byob' });
    const { value } = await reader.readAtLeast(3, new Uint8Array(8));
    same([...value], [1, 2, 3]);
  },
};

export const theStandardsMinDoesTheSame = {
  async test() {
    let pulls = 0;
    const stream = new ReadableStream({
      type: 'bytes', pull: (controller) => controller.enqueue(bytes(++pulls)),
    });
    const reader = stream.getReader({ mode: 'byob' });
    const { value } = await reader.read(new Uint8Array(8), { min: 2 });
    same([...value], [1, 2]);
  },
};

export const impossibleMinimaAreRefused = {
  async test() {
    const reader = new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' });
    await rejects(reader.read(new Uint8Array(2), { min: 3 }));
    await rejects(reader.read(new Uint8Array(2), { min: 0 }), { type: TypeError });
    await rejects(reader.readAtLeast(3, new Uint8Array(2)));
  },
};

export const whatIsNoViewIsRefused = {
  async test() {
    const reader = new ReadableStream({ type: 'bytes' }).getReader({ mode: 'byob' });
    await rejects(reader.read(), { type: TypeError });
    await rejects(reader.read([1, 2]), { type: TypeError });
    await rejects(reader.read(new ArrayBuffer(2)), { type: TypeError });
    await rejects(reader.read(new Uint8Array(0)), {
      type: TypeError,
      message: 'You must call read() on a "byob" reader with a positive-sized TypedArray object.',
    });
    const detached = new Uint8Array(4);
    detached.buffer.transfer();
    await rejects(reader.read(detached), { type: TypeError });
  },
};

export const bytesComeAsBytesToADefaultReader = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes', pull: (controller) => controller.enqueue(new Uint16Array([0x0201])),
    });
    const { value } = await stream.getReader().read();
    ok(value instanceof Uint8Array);
    same([...value], [1, 2]);
  },
};

export const autoAllocationGivesTheSourceAView = {
  async test() {
    const stream = new ReadableStream({
      type: 'bytes',
      autoAllocateChunkSize: 16,
      pull({ byobRequest }) {
        equal(byobRequest.view.byteLength, 16);
        byobRequest.view[0] = 5;
        byobRequest.respond(1);
      },
    });
    same([...(await stream.getReader().read()).value], [5]);
  },
};

export const enqueueTakesTheBufferAway = {
  async test() {
    let controller;
    const stream = new ReadableStream({ type: 'bytes', start: (c) => (controller = c) });
    const chunk = bytes(1, 2, 3);
    controller.enqueue(chunk);
    equal(chunk.byteLength, 0);
    same([...(await stream.getReader().read()).value], [1, 2, 3]);
  },
};

export const whatIsNoBytesIsNotEnqueued = {
  test() {
    let controller;
    new ReadableStream({ type: 'bytes', start: (c) => (controller = c) });
    throws(() => controller.enqueue('text'), { type: TypeError });
    throws(() => controller.enqueue(new Uint8Array(0)), { type: TypeError });
    const detached = new Uint8Array(4);
    detached.buffer.transfer();
    throws(() => controller.enqueue(detached), { type: TypeError });
  },
};

export const nativeBytesFillViews = {
  async test() {
    const reader = new Response('abcdef').body.getReader({ mode: 'byob' });
    const text = (view) => new TextDecoder().decode(view);
    equal(text((await reader.read(new Uint8Array(4))).value), 'abcd');
    equal(text((await reader.readAtLeast(2, new Uint8Array(4))).value), 'ef');
    const { value, done } = await reader.read(new Uint8Array(4));
    equal(done, true);
    equal(value.byteLength, 0);
  },
};

export const whatNativeBytesEndWithIsAChunk = {
  async test() {
    const reader = new Response('abcdef').body.getReader({ mode: 'byob' });
    const { value, done } = await reader.readAtLeast(8, new Uint8Array(10));
    equal(done, false);
    equal(value.byteLength, 6);
    equal((await reader.read(new Uint8Array(1))).done, true);
  },
};
