import { equal, ok, rejects, same, settle, throws } from '../assert.js';

export const writesReachTheSinkInOrder = {
  async test() {
    const events = [];
    const writer = new WritableStream({
      start: () => void events.push('start'),
      write: (chunk) => void events.push(chunk),
      close: () => void events.push('close'),
    }).getWriter();
    writer.write('a');
    writer.write('b');
    await writer.close();
    await writer.closed;
    same(events, ['start', 'a', 'b', 'close']);
  },
};

export const oneWriteIsUnderWayAtATime = {
  async test() {
    let running = 0;
    let most = 0;
    const writer = new WritableStream({
      async write() {
        most = Math.max(most, ++running);
        await settle();
        --running;
      },
    }).getWriter();
    await Promise.all([writer.write(1), writer.write(2), writer.write(3)]);
    equal(most, 1);
  },
};

export const readyFollowsTheDesiredSize = {
  async test() {
    let finish;
    const writer = new WritableStream(
      { write: () => new Promise((resolve) => (finish = resolve)) }, { highWaterMark: 2 }).getWriter();
    equal(writer.desiredSize, 2);
    await writer.ready;
    const first = writer.write('a');
    equal(writer.desiredSize, 1);
    writer.write('b');
    equal(writer.desiredSize, 0);
    let isReady = false;
    writer.ready.then(() => (isReady = true));
    await settle();
    equal(isReady, false);
    finish();
    await first;
    await writer.ready;
    equal(writer.desiredSize, 1);
  },
};

export const aFailingWriteErrorsTheStream = {
  async test() {
    const error = new Error('disk full');
    const writer = new WritableStream({ write() { throw error; } }).getWriter();
    const first = writer.write('a');
    const second = writer.write('b');
    equal(await rejects(first), error);
    equal(await rejects(second), error);
    equal(await rejects(writer.closed), error);
    equal(await rejects(writer.ready), error);
    equal(writer.desiredSize, null);
    equal(await rejects(writer.write('c')), error);
  },
};

export const abortTellsTheSinkWhy = {
  async test() {
    let told;
    const reason = new Error('never mind');
    const stream = new WritableStream({ abort: (why) => { told = why; } });
    const writer = stream.getWriter();
    await writer.abort(reason);
    equal(told, reason);
    equal(await rejects(writer.closed), reason);
    equal(await rejects(writer.write('late')), reason);
  },
};

export const abortRejectsQueuedWrites = {
  async test() {
    let finish;
    const writer = new WritableStream(
      { write: () => new Promise((resolve) => (finish = resolve)) }).getWriter();
    const first = writer.write('under way');
    const second = writer.write('queued').catch((error) => error);
    await settle();
    const reason = new Error('stop');
    const aborted = writer.abort(reason);
    finish();
    await first;
    await aborted;
    equal(await second, reason);
  },
};

export const theSinkHearsOfAnAbortByItsSignal = {
  async test() {
    let signal;
    const stream = new WritableStream({
      start(controller) { ({ signal } = controller); },
      write: () => new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    });
    const writer = stream.getWriter();
    const write = writer.write('x').catch((error) => error);
    await settle();
    equal(signal.aborted, false);
    const reason = new Error('hurry');
    writer.abort(reason).catch(() => {});
    equal(await write, reason);
    equal(signal.aborted, true);
  },
};

export const theControllerCanErrorTheStream = {
  async test() {
    let controller;
    const writer = new WritableStream({ start: (c) => { controller = c; } }).getWriter();
    const error = new TypeError('from within');
    controller.error(error);
    equal(await rejects(writer.closed), error);
  },
};

export const aClosedStreamTakesNothing = {
  async test() {
    const writer = new WritableStream().getWriter();
    await writer.close();
    await rejects(writer.write('x'), {
      type: TypeError, message: 'This WritableStream has been closed.',
    });
    await rejects(writer.close(), { type: TypeError });
    equal(writer.desiredSize, 0);
    equal(await writer.abort(), undefined);
  },
};

export const aFailingCloseRejects = {
  async test() {
    const error = new Error('not flushed');
    const writer = new WritableStream({ close() { throw error; } }).getWriter();
    equal(await rejects(writer.close()), error);
    equal(await rejects(writer.closed), error);
  },
};

export const whatIsNoSinkIsRefused = {
  test() {
    throws(() => new WritableStream('text'), { type: TypeError });
    throws(() => new WritableStream({ write: 1 }), {
      type: TypeError,
      message: "Incorrect type for the 'write' field on 'UnderlyingSink': the provided value is " +
        "not of type 'function'.",
    });
    throws(() => new WritableStream({}, { highWaterMark: NaN }));
    throws(() => new WritableStreamDefaultController(), { type: TypeError });
    throws(() => new WritableStreamDefaultWriter({}), { type: TypeError });
  },
};

export const writableStreamsCanBeSubclassed = {
  async test() {
    class Log extends WritableStream {
      constructor() {
        const lines = [];
        super({ write: (line) => void lines.push(line) });
        this.lines = lines;
      }
    }
    const log = new Log();
    ok(log instanceof WritableStream);
    const writer = log.getWriter();
    await writer.write('one');
    same(log.lines, ['one']);
  },
};

export const aRejectingStartErrorsTheStream = {
  async test() {
    const error = new Error('no such file');
    const writer = new WritableStream({ start: () => Promise.reject(error) }).getWriter();
    equal(await rejects(writer.write('x')), error);
    equal(await rejects(writer.closed), error);
  },
};
