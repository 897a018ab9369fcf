// bindings: QUEUE=queue
import { rejects, same } from '../assert.js';

let asked = [];
let reply;
const kAnswer = '{"metadata":{"metrics":{"backlogCount":1,"backlogBytes":2,"oldestMessageTimestamp":3}}}';

async function during(call, given = { body: kAnswer }) {
  asked = [];
  reply = given;
  const result = await call();
  return { asked: asked[0], result };
}

export default {
  async fetch(request) {
    const { method, url, headers } = request;
    const { pathname } = new URL(url);
    const named = ['x-msg-fmt', 'x-msg-delay-secs', 'cf-queue-batch-count', 'cf-queue-batch-bytes', 'cf-queue-largest-msg'];
    asked.push({
      method, pathname, type: headers.get('content-type'),
      headers: Object.fromEntries(named.filter((each) => headers.has(each)).map((each) => [each, headers.get(each)])),
      body: await request.text(),
    });
    return new Response(reply.body ?? null, reply);
  },
};

export const sendSendsJson = {
  async test(ctrl, { QUEUE }) {
    const { asked, result } = await during(() => QUEUE.send({ a: 1 }));
    same(asked, {
      method: 'POST', pathname: '/message', type: 'application/octet-stream',
      headers: { 'x-msg-fmt': 'json' }, body: '{"a":1}',
    });
    same(result.metadata.metrics.oldestMessageTimestamp.getTime(), 3);
  },
};

export const sendTakesOtherFormats = {
  async test(ctrl, { QUEUE }) {
    const send = async (body, options) => (await during(() => QUEUE.send(body, options))).asked;
    const text = await send('text', { contentType: 'text', delaySeconds: 5 });
    same([text.body, text.headers], ['text', { 'x-msg-fmt': 'text', 'x-msg-delay-secs': '5' }]);
    same((await send(new Uint8Array([65, 66]), { contentType: 'bytes' })).body, 'AB');
    same((await send(1, { contentType: 'v8' })).headers, { 'x-msg-fmt': 'v8' });
    await rejects(send({}, { contentType: 'text' }), { type: TypeError, message: 'Content Type "text" requires a value of type string, but received: object' });
    await rejects(send(new ArrayBuffer(1), { contentType: 'bytes' }), { type: TypeError, message: 'Content Type "bytes" requires a value of type ArrayBufferView, but received: object' });
    await rejects(send(1, { contentType: 'other' }), { type: TypeError, message: 'Unsupported queue message content type: other' });
    await rejects(send(undefined), { type: TypeError, message: 'Message body cannot be undefined' });
  },
};

export const sendBatchSendsAllAtOnce = {
  async test(ctrl, { QUEUE }) {
    const messages = [{ body: { a: 1 } }, { body: 'abc', contentType: 'text', delaySeconds: 2 }];
    const { asked } = await during(() => QUEUE.sendBatch(messages, { delaySeconds: 7 }));
    same([asked.pathname, asked.type], ['/batch', 'application/json']);
    same(asked.headers, {
      'x-msg-delay-secs': '7', 'cf-queue-batch-count': '2', 'cf-queue-batch-bytes': '10', 'cf-queue-largest-msg': '7',
    });
    same(JSON.parse(asked.body), { messages: [
      { body: 'eyJhIjoxfQ==', contentType: 'json' }, { body: 'YWJj', contentType: 'text', delaySecs: 2 },
    ] });
    await rejects(QUEUE.sendBatch([]), { type: TypeError, message: 'sendBatch() requires at least one message' });
  },
};

export const failuresAreTold = {
  async test(ctrl, { QUEUE }) {
    await rejects(during(() => QUEUE.send(1), { status: 500, statusText: 'No' }), { type: Error, message: 'Queue send failed: No' });
  },
};

export const metricsAreRead = {
  async test(ctrl, { QUEUE }) {
    const body = '{"backlogCount":1,"backlogBytes":2,"oldestMessageTimestamp":3}';
    const { asked, result } = await during(() => QUEUE.metrics(), { body });
    same([asked.method, asked.pathname], ['GET', '/metrics']);
    same([result.backlogCount, result.oldestMessageTimestamp.getTime()], [1, 3]);
  },
};
