// Own way: the reference decompresses all that is written, however much that is.
import { equal, ok, settle } from '../assert.js';

async function compress(bytes) {
  const stream = new Response(bytes).body.pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export const aBombWaitsForItsReader = {
  async test() {
    const bomb = await compress(new Uint8Array(32 << 20));
    ok(bomb.length < 40000);
    const stream = new DecompressionStream('gzip');
    const writer = stream.writable.getWriter();
    let isWritten = false;
    const written = writer.write(bomb).then(() => (isWritten = true));
    writer.close();
    const reader = stream.readable.getReader();
    let total = 0;
    for (let i = 0; i < 10; ++i) total += (await reader.read()).value.length;
    await settle();
    equal(isWritten, false);
    ok(total <= 10 * 65536, `${total} bytes in ten chunks`);
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      total += step.value.length;
    }
    await written;
    equal(total, 32 << 20);
  },
};

export const aBombThatNobodyReadsCanBeDropped = {
  async test() {
    const bomb = await compress(new Uint8Array(8 << 20));
    const stream = new DecompressionStream('gzip');
    const written = stream.writable.getWriter().write(bomb).catch((error) => error);
    await settle();
    const reason = new Error('no');
    await stream.readable.cancel(reason);
    equal(await written, reason);
  },
};
