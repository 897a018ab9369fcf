// Towards the standard: in the reference a released read takes its view along, and a cancelled one
// gives a view.
import { ok, same } from '../assert.js';

export const aReleasedReadKeepsItsBytesForTheNext = {
  async test() {
    let controller;
    const stream = new ReadableStream({ type: 'bytes', start: (c) => (controller = c) });
    const first = stream.getReader({ mode: 'byob' });
    const read = first.read(new Uint8Array(4)).catch((error) => error);
    first.releaseLock();
    ok((await read) instanceof TypeError);
    controller.byobRequest.view[0] = 42;
    controller.byobRequest.respond(1);
    const { value } = await stream.getReader({ mode: 'byob' }).read(new Uint8Array(4));
    same([...value], [42]);
  },
};

export const cancelledViewsAreNotGivenBack = {
  async test() {
    const stream = new ReadableStream({ type: 'bytes' });
    const reader = stream.getReader({ mode: 'byob' });
    const read = reader.read(new Uint8Array(4));
    await reader.cancel();
    same(await read, { done: true });
  },
};
