// Everything a debug port gives, asked for over it. ADDRESS is where it listens.
import { equal, ok, same } from 'assert.js';

const text = async (response) => (await response).text();
const reason = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};
const open = ({ DEBUG_PORT, ADDRESS }) => DEBUG_PORT.connect(ADDRESS);
const named = (env, props) => open(env).getEntrypoint('target', 'Named', props);
const main = (env) => open(env).getEntrypoint('target');
const bytes = (value) => new TextEncoder().encode(value);
const kId = 'a5'.repeat(32);

function trickle(chunks) {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  (async () => {
    for (const chunk of chunks) await writer.write(bytes(chunk));
    await writer.close();
  })();
  return readable;
}

export const requestsAndResponsesPass = {
  async test(_, env) {
    const target = main(env);
    equal(await text(target.fetch('http://x/y?z=1')), 'GET http://x/y?z=1 ');
    equal(await text(target.fetch('http://x/', { method: 'POST', body: 'hello' })), 'POST http://x/ hello');
    equal((await text(target.fetch('http://x/big'))).length, 1_000_000);
    const { status, statusText, headers } = await target.fetch('http://x/status');
    same([status, statusText, headers.getSetCookie()], [204, 'Nothing', ['a=1', 'b=2']]);
    const [cf, seen] = await (await target.fetch('http://x/cf', { cf: { a: 1 }, headers: { 'X-Foo': 'bar', Accept: 'q' } })).json();
    same([cf, seen], [{ a: 1 }, [['accept', 'q'], ['x-foo', 'bar']]]);
  },
};

export const bodiesStreamBothWays = {
  async test(_, env) {
    const target = main(env);
    equal(await text(target.fetch('http://x/echo', { method: 'POST', body: 'known' })), 'known');
    equal(await text(target.fetch('http://x/echo', { method: 'POST', body: trickle(['un', 'kno', 'wn']) })), 'unknown');
    const large = 'y'.repeat(300_000);
    equal(await text(target.fetch('http://x/echo', { method: 'POST', body: trickle([large, large]) })), large + large);
  },
};

export const whatTheHandlerThrowsArrives = {
  async test(_, env) {
    const error = await reason(main(env).fetch('http://x/throw'));
    same([error.name, error.message, error.remote], ['TypeError', 'thrown', true]);
  },
};

export const aRequestCanBeGivenUp = {
  async test(_, env) {
    const error = await reason(main(env).fetch('http://x/never', { signal: AbortSignal.timeout(20) }));
    equal(error.name, 'TimeoutError');
    equal(await named(env).add(1, 2), 3);
  },
};

export const webSocketsPass = {
  async test(_, env) {
    const { status, webSocket } = await main(env).fetch('http://x/ws', { headers: { Upgrade: 'websocket' } });
    equal(status, 101);
    webSocket.binaryType = 'arraybuffer';
    webSocket.accept();
    const received = [];
    const closed = new Promise((resolve) => webSocket.addEventListener('close', resolve));
    webSocket.addEventListener('message', ({ data }) => {
      received.push(typeof data === 'string' ? data : data.byteLength);
      if (received.length === 2) webSocket.send('bye');
    });
    webSocket.send('hi');
    webSocket.send(bytes('four'));
    const { code, reason: why, wasClean } = await closed;
    same([received, code, why, wasClean], [['hi', 4], 4001, 'bye', true]);
  },
};

export const connectionsPass = {
  async test(_, env) {
    const socket = main(env).connect('host:1');
    const writer = socket.writable.getWriter();
    await writer.write(bytes('ping'));
    await writer.close();
    equal(await new Response(socket.readable).text(), 'ping');
  },
};

export const methodsAreCalledWithProps = {
  async test(_, env) {
    equal(await named(env).add(1, 2), 3);
    same(await named(env).props(), {});
    same(await named(env, { q: [1], when: new Date(5) }).props(), { q: [1], when: new Date(5) });
    equal(await text(named(env, { q: 1 }).fetch('http://x/')), '{"q":1}');
  },
};

export const stubsGoBothWaysAndCallsArePipelined = {
  async test(_, env) {
    const target = named(env);
    {
      using counter = await target.counter();
      await counter.inc();
      equal(await counter.inc(4), 5);
      equal(await counter.value, 5);
    }
    equal(await target.counter().inc(7), 7);
    equal(await target.object().double(5), 10);
    equal(await target.callback((x) => x * 3), 15);
    const object = await target.object();
    equal(await object.double(4), 8);
    for (let n = 0; n === 0; ) n = await target.disposed();
  },
};

export const streamsAndRequestsAreArguments = {
  async test(_, env) {
    const target = named(env);
    equal(await new Response(await target.echo(new Response('abc').body)).text(), 'abc');
    equal(await target.length(trickle(['a', 'bc'])), 3);
    const { readable, writable } = new TransformStream();
    const written = new Response(readable).text();
    await target.write(writable);
    equal(await written, 'written');
    equal(await target.describe(new Request('http://a/b', { method: 'PUT', body: 'x' })), 'PUT http://a/b');
    const response = await target.echo(new Response('r', { status: 201, headers: { a: 'b' } }));
    same([response.status, response.headers.get('a'), await response.text()], [201, 'b', 'r']);
    equal(await target.waitForAbort(new ReadableStream({ type: 'bytes', pull: (c) => c.error(new Error('gone')) })), 'aborted');
  },
};

export const errorsKeepTheirClass = {
  async test(_, env) {
    const error = await reason(named(env).fail());
    same([error.name, error.message, error.remote], ['RangeError', 'bad range', true]);
    equal((await reason(named(env).nothing())).message, 'The RPC receiver does not implement the method "nothing".');
  },
};

export const objectsAreReachedByTheirIds = {
  async test(_, env) {
    const client = open(env);
    const object = client.getActor('target', 'Stored', kId);
    const first = await object.bump();
    equal(await object.bump(), first + 1);
    equal(await text(client.getActor('target', 'Stored', kId.toUpperCase()).fetch('http://x/')), `fetched ${first + 2}`);
    same(await object.identity(), [kId, null]);
    equal(await client.getActor('target', 'Ephemeral', 'some name').identity(), 'some name');
  },
};

export const whatIsNotThereIsSaid = {
  async test(_, env) {
    const client = open(env);
    for (const [stub, message] of [
      [client.getEntrypoint('nope'), 'Worker "nope" not found'],
      [client.getEntrypoint('target', 'Nope'), 'Worker does not export an entrypoint named "Nope"'],
      [client.getEntrypoint('target', ''), 'Worker does not export an entrypoint named ""'],
      [client.getEntrypoint('disk', 'Nope'), 'Worker does not support named entrypoints'],
      [client.getActor('target', 'Nope', kId), 'Worker does not export a Durable Object class named "Nope"'],
      [client.getActor('disk', 'Stored', kId), 'Worker does not support Durable Objects'],
    ]) {
      equal((await reason(stub.foo())).message, message);
    }
    for (const stub of [client.getActor('target', 'Stored', 'zz'), client.getEntrypoint('target', 'Stored')]) {
      ok((await reason(stub.foo())) instanceof Error);
    }
    equal(await named(env).add(2, 3), 5);
  },
};

export const parametersAreChecked = {
  async test(_, env) {
    const client = open(env);
    ok((await reason((async () => client.getEntrypoint('target', 'Named', 5))())) instanceof TypeError);
    ok((await reason((async () => client.getActor('target', 'Stored'))())) instanceof TypeError);
  },
};

export const aPortThatIsNotThereIsALostConnection = {
  async test(_, { DEBUG_PORT }) {
    for (const address of ['127.0.0.1:1', 'unix:/nonexistent/socket']) {
      const error = await reason(DEBUG_PORT.connect(address).getEntrypoint('target').fetch('http://x/'));
      same([error.message, error.retryable], ['Network connection lost.', true]);
    }
  },
};

export const stubsOfThePortStayWhereTheyAre = {
  async test(_, env) {
    const error = await reason(named(env).echo(main(env)));
    equal(error.message, 'WorkerdDebugPort bindings cannot be transferred to other workers');
  },
};

export const manyCallsRunAtOnce = {
  async test(_, env) {
    const target = named(env);
    const results = await Promise.all(Array.from({ length: 500 }, (_, i) => target.add(i, 1)));
    same(results, Array.from({ length: 500 }, (_, i) => i + 1));
  },
};

export const manyConnectionsAreOpenedAndDropped = {
  async test(_, env) {
    for (let i = 0; i < 200; ++i) equal(await named(env).add(i, 1), i + 1);
  },
};
