// Rung 8: queues: producers, consumers, batches, retries.
import assert from 'node:assert/strict';

import { eventually, testEach, worker } from './miniflare.mjs';

const kProducer = `const seen = [];
export default {
  async fetch(request, { QUEUE }) {
    const { pathname } = new URL(request.url);
    if (pathname === '/seen') return Response.json(seen);
    await QUEUE.send({ json: new Date(5) });
    await QUEUE.send('text', { contentType: 'text' });
    await QUEUE.send(new Uint8Array([1, 2]), { contentType: 'bytes' });
    await QUEUE.send(new Map([[1, 2]]), { contentType: 'v8' });
    await QUEUE.sendBatch([{ body: 'a' }, { body: 'b', contentType: 'text' }]);
    return new Response();
  },
  queue(batch) {
    for (const { body, attempts } of batch.messages) {
      if (body === 'text' && attempts === 1) throw new Error('again');
    }
    for (const { body } of batch.messages) {
      if (body instanceof Map) seen.push(['map', ...body]);
      else if (body instanceof ArrayBuffer) seen.push(['bytes', ...new Uint8Array(body)]);
      else seen.push(body);
    }
  },
}`;

testEach('brings what was sent to its consumer, again after a failure', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(kProducer, {
      queueProducers: { QUEUE: 'queue' },
      queueConsumers: { queue: { maxBatchSize: 6, maxBatchTimeout: 0.1, maxRetries: 3 } },
    }),
  );
  await miniflare.dispatchFetch('http://localhost/send');
  const seen = await eventually(async () => {
    const response = await miniflare.dispatchFetch('http://localhost/seen');
    const list = await response.json();
    return list.length >= 6 && list;
  });
  const texts = seen.map((each) => JSON.stringify(each)).sort();
  assert.deepEqual(texts, [
    '"a"',
    '"b"',
    '"text"',
    '["bytes",1,2]',
    '["map",[1,2]]',
    '{"json":"1970-01-01T00:00:00.005Z"}',
  ]);
});
