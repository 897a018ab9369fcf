// Rung 10: workers of other Miniflares, through the dev registry and the debug port: both on the
// program to try, and one of them on the workerd it comes with.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, scratchFolder, testEach, worker } from './miniflare.mjs';

const scratch = scratchFolder();
const kProgram = process.env.MINIFLARE_WORKERD_PATH;

const kProvider = `import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
export class Box extends DurableObject {
  sum = 0;
  add(amount) { return this.sum += amount; }
  fetch(request) { return new Response('box ' + new URL(request.url).pathname); }
}
export class Named extends WorkerEntrypoint {
  greet(name) { return 'Hello, ' + name + JSON.stringify(this.ctx.props); }
  counter() { let n = 0; return () => ++n; }
}
export default {
  fetch(request) {
    if (request.headers.get('Upgrade') !== 'websocket') {
      return new Response('provider ' + new URL(request.url).pathname);
    }
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener('message', ({ data }) => server.send('echo ' + data));
    return new Response(null, { status: 101, webSocket: client });
  },
}`;

const kConsumer = `export default {
  async fetch(request, { PROVIDER, NAMED, BOX }) {
    const stub = BOX.get(BOX.idFromName('a'));
    const { webSocket } = await PROVIDER.fetch('http://x/', { headers: { Upgrade: 'websocket' } });
    const message = new Promise((resolve) => webSocket.addEventListener('message', resolve));
    webSocket.accept();
    webSocket.send('hello');
    const count = await NAMED.counter();
    return Response.json({
      fetch: await (await PROVIDER.fetch('http://x/path')).text(),
      rpc: await NAMED.greet('you'),
      callbacks: [await count(), await count()],
      object: [await stub.add(1), await stub.add(2)],
      objectFetch: await (await stub.fetch('http://x/box')).text(),
      socket: (await message).data,
    });
  },
}`;

/** Starts a Miniflare on a program; undefined is the workerd it comes with. */
async function open(version, t, program, options) {
  if (program === undefined) delete process.env.MINIFLARE_WORKERD_PATH;
  else process.env.MINIFLARE_WORKERD_PATH = program;
  const miniflare = version.open(t, options);
  await miniflare.ready;
  return miniflare;
}

const pairs = [['both', kProgram, kProgram]];
if (kProgram !== undefined) {
  pairs.push(['the consumer', kProgram, undefined], ['the provider', undefined, kProgram]);
}

for (const [who, consumer, provider] of pairs) {
  testEach(`reaches workers of another process, ${who} on the program`, async (version, t) => {
    const shared = { unsafeDevRegistryPath: mkdtempSync(join(scratch, 'registry-')) };
    await open(version, t, provider, {
      ...worker(kProvider, {
        name: 'provider',
        durableObjects: { BOX: { className: 'Box', useSQLite: true } },
      }),
      ...shared,
    });
    const miniflare = await open(version, t, consumer, {
      ...worker(kConsumer, {
        name: 'consumer',
        serviceBindings: {
          PROVIDER: 'provider',
          NAMED: { name: 'provider', entrypoint: 'Named', props: { p: 1 } },
        },
        durableObjects: { BOX: { className: 'Box', scriptName: 'provider', useSQLite: true } },
      }),
      ...shared,
    });
    const found = await eventually(async () => {
      const response = await miniflare.dispatchFetch('http://localhost/');
      return response.status === 200 && response.json();
    });
    assert.deepEqual(found, {
      fetch: 'provider /path',
      rpc: 'Hello, you{"p":1}',
      callbacks: [1, 2],
      object: [1, 3],
      objectFetch: 'box /box',
      socket: 'echo hello',
    });
  });
}
