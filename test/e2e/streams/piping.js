import { equal, ok, rejects, same, settle, throws } from '../assert.js';

function recording(sink = {}) {
  const events = [];
  const stream = new WritableStream({
    write(chunk) {
      events.push(chunk);
      return sink.write?.(chunk);
    },
    close: () => void events.push('[close]'),
    abort: (reason) => void events.push(`[abort ${reason?.message ?? reason}]`),
  }, sink.strategy);
  return { events, stream };
}

const letters = (...chunks) => ReadableStream.from(chunks);

export const everythingIsPipedAndClosed = {
  async test() {
    const { events, stream } = recording();
    equal(await letters('a', 'b').pipeTo(stream), undefined);
    same(events, ['a', 'b', '[close]']);
  },
};

export const preventCloseLeavesTheDestinationOpen = {
  async test() {
    const { events, stream } = recording();
    await letters('a').pipeTo(stream, { preventClose: true });
    equal(stream.locked, false);
    await letters('b').pipeTo(stream);
    same(events, ['a', 'b', '[close]']);
  },
};

export const aSourcesErrorAbortsTheDestination = {
  async test() {
    const { events, stream } = recording();
    const error = new Error('source broke');
    const source = new ReadableStream({ start: (controller) => controller.error(error) });
    equal(await rejects(source.pipeTo(stream)), error);
    same(events, ['[abort source broke]']);
  },
};

export const preventAbortLeavesTheDestinationAlone = {
  async test() {
    const { events, stream } = recording();
    const source = new ReadableStream({ start: (controller) => controller.error(new Error('x')) });
    await rejects(source.pipeTo(stream, { preventAbort: true }));
    await letters('on').pipeTo(stream);
    same(events, ['on', '[close]']);
  },
};

export const aDestinationsErrorCancelsTheSource = {
  async test() {
    const error = new Error('sink broke');
    let told;
    const source = new ReadableStream({
      pull: (controller) => controller.enqueue('x'),
      cancel: (reason) => { told = reason; },
    });
    equal(await rejects(source.pipeTo(new WritableStream({ write() { throw error; } }))), error);
    equal(told, error);
  },
};

export const preventCancelLeavesTheSourceAlone = {
  async test() {
    const error = new Error('sink broke');
    let cancelled = false;
    const source = new ReadableStream({
      pull: (controller) => controller.enqueue('x'),
      cancel() { cancelled = true; },
    });
    const sink = new WritableStream({ write() { throw error; } });
    await rejects(source.pipeTo(sink, { preventCancel: true }));
    equal(cancelled, false);
    equal(source.locked, false);
    same(await source.getReader().read(), { value: 'x', done: false });
  },
};

export const anAbortedSignalPipesNothing = {
  async test() {
    const { stream } = recording();
    const reason = new Error('from the start');
    const piped = letters('a').pipeTo(stream, { signal: AbortSignal.abort(reason) });
    equal(await rejects(piped), reason);
  },
};

export const backPressureStopsReading = {
  async test() {
    let pulled = 0;
    let finish;
    const source = new ReadableStream({ pull: (controller) => controller.enqueue(++pulled) },
      { highWaterMark: 0 });
    const { stream } = recording({ write: () => new Promise((resolve) => (finish = resolve)) });
    source.pipeTo(stream);
    await settle();
    equal(pulled, 1);
    finish();
    await settle();
    equal(pulled, 2);
  },
};

export const bothStreamsAreLockedMeanwhile = {
  async test() {
    const source = new ReadableStream();
    const { stream } = recording();
    source.pipeTo(stream).catch(() => {});
    equal(source.locked, true);
    equal(stream.locked, true);
    await rejects(source.pipeTo(new WritableStream()), { type: TypeError });
    await rejects(letters('x').pipeTo(stream), { type: TypeError });
  },
};

export const aClosedDestinationCancelsTheSource = {
  async test() {
    let cancelled = false;
    const source = new ReadableStream({ cancel() { cancelled = true; } });
    const destination = new WritableStream();
    await destination.close();
    await rejects(source.pipeTo(destination), { type: TypeError });
    equal(cancelled, true);
  },
};

export const whatWasReadIsWrittenBeforeAnError = {
  async test() {
    let controller;
    const source = new ReadableStream({ start: (c) => { controller = c; } });
    const { events, stream } = recording({ strategy: { highWaterMark: 10 } });
    const piped = source.pipeTo(stream, { preventAbort: true });
    controller.enqueue('first');
    await settle();
    controller.error(new Error('then broken'));
    await rejects(piped);
    same(events, ['first']);
  },
};

export const pipeThroughGivesTheReadableSide = {
  async test() {
    const pair = { readable: letters('r'), writable: new WritableStream() };
    equal(letters('x').pipeThrough(pair), pair.readable);
  },
};

export const whatIsNoPairIsRefused = {
  async test() {
    throws(() => letters('x').pipeThrough({}), {
      type: TypeError,
      message: "Incorrect type for the 'readable' field on 'Transform': the provided value is not " +
        "of type 'ReadableStream'.",
    });
    await rejects(letters('x').pipeTo({}), {
      type: TypeError,
      message: "Failed to execute 'pipeTo' on 'ReadableStream': parameter 1 is not of type " +
        "'WritableStream'.",
    });
    await rejects(letters('x').pipeTo(new WritableStream(), { signal: 1 }), { type: TypeError });
  },
};

export const nativeBytesArePiped = {
  async test() {
    const parts = [];
    await new Response('native bytes').body.pipeTo(new WritableStream({
      write: (chunk) => void parts.push(new TextDecoder().decode(chunk)),
    }));
    equal(parts.join(''), 'native bytes');
    ok(parts.length > 0);
  },
};
