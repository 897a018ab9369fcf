// The inspector: what DevTools and Wrangler ask for.
import assert from 'node:assert/strict';

import { eventually, testEach, worker } from './miniflare.mjs';

const kScript = `export default {
  fetch(request) {
    if (request.url.endsWith('/log')) console.log('hello', { a: 1 });
    if (request.url.endsWith('/throw')) throw new TypeError('oh');
    if (request.url.endsWith('/pause')) { const local = 42; debugger; return new Response('on'); }
    return new Response('ok');
  },
}`;

/** A connection to the inspector of the worker that a Miniflare runs. */
async function connect(version, miniflare, t) {
  const url = await miniflare.getInspectorURL();
  const json = await (await fetch(new URL('/json', url.href.replace('ws:', 'http:')))).json();
  const { webSocketDebuggerUrl } = json.find(({ id }) => id.startsWith('core:user:'));
  const address = webSocketDebuggerUrl.replace('ws:', 'http:');
  const headers = { Upgrade: 'websocket' };
  const { webSocket: socket } = await version.package.fetch(address, { headers });
  t.after(() => socket.close());
  const messages = [];
  socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(data)));
  socket.accept();
  let last = 0;
  const find = (matches) => eventually(() => messages.find(matches));
  return {
    event: (name) => find(({ method }) => method === name),
    async ask(method, params = {}) {
      const id = ++last;
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error } = await find((message) => message.id === id);
      assert.equal(error, undefined);
      return result;
    },
  };
}

const kOptions = worker(kScript, { name: 'main', inspectorPort: 0 });

testEach('tells a debugger of scripts, console calls and exceptions', async (version, t) => {
  const miniflare = version.open(t, kOptions);
  await miniflare.ready;
  const client = await connect(version, miniflare, t);
  await client.ask('Runtime.enable');
  await client.ask('Debugger.enable');
  await client.ask('Network.enable');
  await client.event('Debugger.scriptParsed');
  const { id } = await client.ask('Runtime.getIsolateId');
  assert.equal(typeof id, 'string');
  await miniflare.dispatchFetch('http://localhost/log');
  const { params } = await client.event('Runtime.consoleAPICalled');
  assert.equal(params.type, 'log');
  assert.equal(params.args[0].value, 'hello');
  await miniflare.dispatchFetch('http://localhost/throw');
  const thrown = await client.event('Runtime.exceptionThrown');
  assert.match(JSON.stringify(thrown.params), /TypeError: oh/);
});

testEach('pauses at a breakpoint', async (version, t) => {
  const miniflare = version.open(t, kOptions);
  await miniflare.ready;
  const client = await connect(version, miniflare, t);
  await client.ask('Runtime.enable');
  await client.ask('Debugger.enable');
  const answered = miniflare.dispatchFetch('http://localhost/pause');
  const paused = await client.event('Debugger.paused');
  const [{ callFrameId }] = paused.params.callFrames;
  const { result } = await client.ask('Debugger.evaluateOnCallFrame', {
    callFrameId,
    expression: 'local + 1',
  });
  assert.equal(result.value, 43);
  await client.ask('Debugger.resume');
  assert.equal(await (await answered).text(), 'on');
});

testEach('profiles', async (version, t) => {
  const miniflare = version.open(t, kOptions);
  await miniflare.ready;
  const client = await connect(version, miniflare, t);
  await client.ask('Profiler.enable');
  await client.ask('Profiler.start');
  await miniflare.dispatchFetch('http://localhost/');
  const { profile } = await client.ask('Profiler.stop');
  assert.ok(profile.nodes.length > 0);
});
