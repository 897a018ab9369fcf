import { equal, ok, rejects, same } from '../assert.js';

/** @param {ReadableStream} stream */
async function collect(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

export const bothBranchesGetEveryChunk = {
  async test() {
    const stream = ReadableStream.from(['a', 'b']);
    const [left, right] = stream.tee();
    equal(stream.locked, true);
    same(await Promise.all([collect(left), collect(right)]), [['a', 'b'], ['a', 'b']]);
  },
};

export const oneBranchCanBeReadFirst = {
  async test() {
    const [left, right] = ReadableStream.from([1, 2, 3]).tee();
    same(await collect(left), [1, 2, 3]);
    same(await collect(right), [1, 2, 3]);
  },
};

export const oneCancelledBranchDoesNotStopTheOther = {
  async test() {
    const [left, right] = ReadableStream.from([1, 2]).tee();
    left.cancel();
    same(await collect(right), [1, 2]);
  },
};

export const anErrorReachesBothBranches = {
  async test() {
    const error = new Error('broken');
    const [left, right] = new ReadableStream({
      pull: (controller) => controller.error(error),
    }).tee();
    equal(await rejects(left.getReader().read()), error);
    equal(await rejects(right.getReader().read()), error);
  },
};

export const branchesOfBytesDoNotShareMemory = {
  async test() {
    const [left, right] = new ReadableStream({
      type: 'bytes',
      start(controller) {
        controller.enqueue(new Uint8Array([1, 2, 3]));
        controller.close();
      },
    }).tee();
    const [first] = await collect(left);
    first.fill(0);
    same([...(await collect(right))[0]], [1, 2, 3]);
  },
};

export const branchesOfBytesFillViews = {
  async test() {
    const [left, right] = new ReadableStream({
      type: 'bytes',
      pull(controller) {
        controller.enqueue(new Uint8Array([1, 2, 3]));
        controller.close();
      },
    }).tee();
    const reader = left.getReader({ mode: 'byob' });
    same([...(await reader.read(new Uint8Array(8))).value], [1, 2, 3]);
    equal((await reader.read(new Uint8Array(8))).done, true);
    same([...(await collect(right))[0]], [1, 2, 3]);
  },
};

export const nativeBytesAreTeed = {
  async test() {
    const response = new Response('twice');
    const [left, right] = response.body.tee();
    equal(await new Response(left).text(), 'twice');
    equal(await new Response(right).text(), 'twice');
    equal(response.bodyUsed, true);
  },
};

export const clonesOfAResponseShareItsStream = {
  async test() {
    const response = new Response(ReadableStream.from([new Uint8Array([65]), new Uint8Array([66])]));
    const copy = response.clone();
    equal(await response.text(), 'AB');
    equal(await copy.text(), 'AB');
  },
};

export const clonesWorkAfterTheBodyWasSeen = {
  async test() {
    const response = new Response('seen');
    ok(response.body instanceof ReadableStream);
    const copy = response.clone();
    equal(await response.text(), 'seen');
    equal(await copy.text(), 'seen');
  },
};
