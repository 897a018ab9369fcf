// Rung 2: errors, streamed bodies, WebSockets, scheduled and queue events.
import assert from 'node:assert/strict';

import { testEach, worker } from './miniflare.mjs';

testEach('tells the name, message and stack of what a handler throws', async (version, t) => {
  const miniflare = version.open(
    t,
    worker("export default { fetch() { throw new RangeError('too far'); } }"),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.equal(response.status, 500);
  assert.match(await response.text(), /^RangeError: too far\n +at .*fetch/);
});

testEach('streams large bodies both ways', async (version, t) => {
  const miniflare = version.open(
    t,
    worker('export default { fetch: (request) => new Response(request.body) }'),
  );
  const chunk = new Uint8Array(64 * 1024).fill(7);
  let left = 64;
  const body = new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const response = await miniflare.dispatchFetch('http://localhost/', {
    method: 'POST',
    body,
    duplex: 'half',
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.equal(bytes.length, 64 * chunk.length);
  assert.ok(bytes.every((each) => each === 7));
});

testEach('gives the first bytes of a body before its last', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(`export default {
      fetch(request, env, ctx) {
        const { readable, writable } = new IdentityTransformStream();
        const writer = writable.getWriter();
        writer.write(new TextEncoder().encode('first'));
        // tidy: sleep: the end is to come later
        ctx.waitUntil(scheduler.wait(100).then(() => writer.close()));
        return new Response(readable);
      },
    }`),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  const reader = response.body.getReader();
  const { value } = await reader.read();
  assert.equal(new TextDecoder().decode(value), 'first');
  assert.equal((await reader.read()).done, true);
});

testEach('exchanges messages over a WebSocket', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(`export default {
      fetch() {
        const [client, server] = Object.values(new WebSocketPair());
        server.accept();
        server.addEventListener('message', ({ data }) => server.send('echo ' + data));
        server.addEventListener('close', ({ code }) => server.close(code, 'bye'));
        return new Response(null, { status: 101, webSocket: client });
      },
    }`),
  );
  const { status, webSocket } = await miniflare.dispatchFetch('http://localhost/', {
    headers: { Upgrade: 'websocket' },
  });
  assert.equal(status, 101);
  const message = new Promise((resolve) => webSocket.addEventListener('message', resolve));
  webSocket.accept();
  webSocket.send('hello');
  assert.equal((await message).data, 'echo hello');
  const closed = new Promise((resolve) => webSocket.addEventListener('close', resolve));
  webSocket.close(3001, 'enough');
  assert.equal((await closed).code, 3001);
});

testEach('dispatches scheduled events', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(`let seen;
    export default {
      scheduled({ cron, scheduledTime }) { seen = [cron, scheduledTime]; },
      fetch: () => Response.json(seen),
    }`),
  );
  const fetcher = await miniflare.getWorker();
  const outcome = await fetcher.scheduled({ cron: '30 * * * *', scheduledTime: new Date(1000) });
  assert.deepEqual({ ...outcome }, { outcome: 'ok', noRetry: false });
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), ['30 * * * *', 1000]);
});

testEach('dispatches queue events', async (version, t) => {
  const miniflare = version.open(
    t,
    worker(`export default {
      queue(batch) {
        for (const message of batch.messages) {
          if (message.body.retry) message.retry({ delaySeconds: 5 });
          else message.ack();
        }
      },
    }`),
  );
  const fetcher = await miniflare.getWorker();
  const timestamp = new Date(1000);
  const result = await fetcher.queue('name', [
    { id: 'a', timestamp, attempts: 1, body: { retry: false } },
    { id: 'b', timestamp, attempts: 1, body: { retry: true } },
  ]);
  assert.equal(result.outcome, 'ok');
  assert.equal(result.ackAll, false);
  assert.deepEqual(result.explicitAcks, ['a']);
  assert.deepEqual(JSON.parse(JSON.stringify(result.retryMessages)), [
    { msgId: 'b', delaySeconds: 5 },
  ]);
});

testEach('tells that a scheduled handler has failed', async (version, t) => {
  const miniflare = version.open(
    t,
    worker("export default { scheduled() { throw new Error('no'); } }"),
  );
  const fetcher = await miniflare.getWorker();
  const { outcome } = await fetcher.scheduled({ cron: '' });
  assert.equal(outcome, 'exception');
});
