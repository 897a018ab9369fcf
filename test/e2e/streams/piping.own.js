// Towards the standard: the reference does not see a signal while the source has nothing to read.
import { equal, rejects, same } from '../assert.js';

function recording() {
  const events = [];
  const stream = new WritableStream({
    write: (chunk) => void events.push(chunk),
    abort: (reason) => void events.push(`[abort ${reason?.message ?? reason}]`),
  });
  return { events, stream };
}

export const aSignalEndsThePipe = {
  async test() {
    const { events, stream } = recording();
    let told;
    const source = new ReadableStream({ cancel: (reason) => { told = reason; } });
    const controller = new AbortController();
    const piped = source.pipeTo(stream, { signal: controller.signal });
    const reason = new Error('stop');
    controller.abort(reason);
    equal(await rejects(piped), reason);
    equal(told, reason);
    same(events, ['[abort stop]']);
    equal(source.locked, false);
    equal(stream.locked, false);
  },
};
