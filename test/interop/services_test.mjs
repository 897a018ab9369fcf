// Rung 5: service bindings, RPC, props and named entrypoints.
import assert from 'node:assert/strict';

import { testEach, worker } from './miniflare.mjs';

const kCallee = `import { RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
class Account extends RpcTarget {
  #balance = 10;
  get balance() { return this.#balance; }
  deposit(amount) { return this.#balance += amount; }
}
export class Named extends WorkerEntrypoint {
  props() { return this.ctx.props; }
  open() { return new Account(); }
  async each(callback) { return [await callback(1), await callback(2)]; }
  echo(stream) { return stream; }
  fail() { throw new RangeError('from afar'); }
}
export default class extends WorkerEntrypoint {
  fetch(request) { return new Response('callee ' + request.url + ' ' + JSON.stringify(request.cf)); }
  add(a, b) { return a + b; }
}`;

const kCaller = `export default {
  async fetch(request, { CALLEE, NAMED }) {
    using account = await NAMED.open();
    const error = await NAMED.fail().catch(({ name, message }) => [name, message]);
    const stream = await NAMED.echo(new Response('streamed').body);
    return Response.json({
      fetch: await (await CALLEE.fetch('http://callee/path', { cf: { a: 1 } })).text(),
      add: await CALLEE.add(1, 2),
      props: await NAMED.props(),
      pipelined: await NAMED.open().deposit(5),
      balance: [await account.balance, await account.deposit(1)],
      callback: await NAMED.each((value) => value * 10),
      stream: await new Response(stream).text(),
      error,
    });
  },
}`;

testEach('calls other workers by fetch and RPC', async (version, t) => {
  const miniflare = version.open(t, {
    workers: [
      worker(kCaller, {
        name: 'caller',
        serviceBindings: {
          CALLEE: 'callee',
          NAMED: { name: 'callee', entrypoint: 'Named', props: { p: [1] } },
        },
      }),
      worker(kCallee, { name: 'callee' }),
    ],
  });
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), {
    fetch: 'callee http://callee/path {"a":1}',
    add: 3,
    props: { p: [1] },
    pipelined: 15,
    balance: [10, 11],
    callback: [10, 20],
    stream: 'streamed',
    error: ['RangeError', 'from afar'],
  });
});

testEach('calls functions of Node as services', async (version, t) => {
  const { Response } = version.package;
  const miniflare = version.open(
    t,
    worker(
      `export default {
        async fetch(request, { NODE }) {
          const bound = await NODE.fetch('http://bound/', { method: 'POST', body: 'body' });
          const outbound = await fetch('http://outbound/');
          return Response.json([await bound.text(), bound.headers.get('x-a'), await outbound.text()]);
        },
      }`,
      {
        serviceBindings: {
          NODE: async (request) =>
            new Response(`node ${await request.text()}`, { headers: { 'x-a': 'b' } }),
        },
        outboundService: (request) => new Response(`outbound ${request.url}`),
      },
    ),
  );
  const response = await miniflare.dispatchFetch('http://localhost/');
  assert.deepEqual(await response.json(), ['node body', 'b', 'outbound http://outbound/']);
});

testEach('routes requests to workers', async (version, t) => {
  const answer = (name) => `export default { fetch: () => new Response('${name}') }`;
  const miniflare = version.open(t, {
    workers: [
      worker(answer('first'), { name: 'first' }),
      worker(answer('second'), { name: 'second', routes: ['example.com/second/*'] }),
    ],
  });
  const ask = async (url) => (await miniflare.dispatchFetch(url)).text();
  assert.equal(await ask('http://example.com/second/path'), 'second');
  assert.equal(await ask('http://example.com/other'), 'first');
});
