import { equal, ok, rejects, same, throws } from '../assert.js';

const next = (socket, type) => new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));
const ask = (env, path, init = {}) => env.SELF.fetch(`http://served${path}`, { ...init, headers: { Upgrade: 'websocket' } });

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === '/plain') return new Response('plain');
    if (pathname === '/relay') return ask(env, '/echo');
    if (pathname === '/wrap') {
      const { webSocket } = await ask(env, '/echo');
      return new Response(null, { status: 101, webSocket, headers: { 'x-wrapped': 'yes' } });
    }
    const [client, server] = Object.values(new WebSocketPair());
    if (pathname === '/twice') ctx.waitUntil(useAgain(client, server));
    server.accept();
    server.addEventListener('message', ({ data }) => {
      if (data === 'close') server.close(3001, 'asked');
      else server.send(data);
    });
    server.addEventListener('close', ({ code, reason }) => server.close(code, `${reason} back`));
    server.send('hello');
    return new Response(null, {
      status: 101, webSocket: client, headers: { 'sec-websocket-protocol': 'foo', 'x-y': 'z' },
    });
  },
};

async function useAgain(client, server) {
  await next(server, 'message');
  try {
    client.accept();
  } catch (error) {
    server.send(error.message);
  }
}

export const aHandshakeThroughABindingGivesAWebSocket = {
  async test(ctrl, env) {
    const response = await ask(env, '/echo');
    equal(response.status, 101);
    equal(response.statusText, 'Switching Protocols');
    equal(response.body, null);
    same([...response.headers], [['sec-websocket-protocol', 'foo'], ['x-y', 'z']]);
    const { webSocket } = response;
    ok(webSocket === response.webSocket);
    equal(webSocket.readyState, WebSocket.OPEN);
    webSocket.accept();
    equal((await next(webSocket, 'message')).data, 'hello');
    webSocket.send('x');
    equal((await next(webSocket, 'message')).data, 'x');
    webSocket.send('close');
    const close = await next(webSocket, 'close');
    same([close.code, close.reason, close.wasClean], [3001, 'asked', true]);
    webSocket.close();
    equal(webSocket.readyState, WebSocket.CLOSED);
  },
};

export const theClientMayCloseFirst = {
  async test(ctrl, env) {
    const { webSocket } = await ask(env, '/echo');
    webSocket.accept();
    webSocket.close(3333, 'there and');
    const close = await next(webSocket, 'close');
    same([close.code, close.reason], [3333, 'there and back']);
  },
};

export const aWebSocketCanBePassedOn = {
  async test(ctrl, env) {
    for (const path of ['/relay', '/wrap']) {
      const { webSocket, headers } = await ask(env, path);
      equal(headers.get('x-wrapped'), path === '/wrap' ? 'yes' : null);
      webSocket.accept();
      equal((await next(webSocket, 'message')).data, 'hello');
      const bytes = new Uint8Array(100_000).fill(7);
      webSocket.send(bytes);
      equal((await next(webSocket, 'message')).data.byteLength, bytes.length);
      webSocket.send('close');
      equal((await next(webSocket, 'close')).code, 3001);
      webSocket.close();
    }
  },
};

export const nobodyWhoDidNotAskGetsOne = {
  async test(ctrl, env) {
    await rejects(env.SELF.fetch('http://served/echo'), {
      type: TypeError,
      message: 'Worker tried to return a WebSocket in a response to a request which did not ' +
        'contain the header "Upgrade: websocket".',
    });
  },
};

export const aPlainAnswerHasNone = {
  async test(ctrl, env) {
    const response = await ask(env, '/plain');
    equal(response.status, 200);
    equal(response.webSocket, null);
    equal(await response.text(), 'plain');
    equal(new Response('x').webSocket, null);
  },
};

export const anEndThatWasGivenAwayCannotBeAccepted = {
  async test(ctrl, env) {
    const { webSocket } = await ask(env, '/twice');
    webSocket.accept();
    await next(webSocket, 'message');
    webSocket.send('now');
    const answers = [await next(webSocket, 'message'), await next(webSocket, 'message')];
    same(answers.map(({ data }) => data).sort(), [
      "Can't accept() WebSocket that was already used in a response.", 'now',
    ]);
    webSocket.close(1000);
    await next(webSocket, 'close');
  },
};

export const onlyA101ResponseCarriesOne = {
  test() {
    const make = (init) => {
      const [webSocket] = Object.values(new WebSocketPair());
      return new Response(null, { webSocket, ...init });
    };
    const message = 'Responses with a WebSocket must have status code 101.';
    throws(() => make({ status: 200 }), { type: RangeError, message });
    throws(() => make({}), { type: RangeError, message });
    throws(() => new Response(null, { status: 101 }), { type: RangeError });
    throws(() => make({ status: 101, webSocket: {} }), {
      type: TypeError,
      message: "Incorrect type for the 'webSocket' field on 'InitializerDict': the provided value is not of type 'WebSocket'.",
    });
    const response = make({ status: 101 });
    throws(() => response.clone(), { type: TypeError, message: 'Cannot clone a response to a WebSocket handshake.' });
    ok(new Response(null, response).webSocket === response.webSocket);
  },
};

export const anEndThatIsDroppedTellsTheOther = {
  async test(ctrl, env) {
    const [a, b] = Object.values(new WebSocketPair());
    a.accept();
    const late = next(a, 'close');
    const { webSocket } = await ask(env, '/echo');
    webSocket.accept();
    a.send('nobody reads this');
    b.accept();
    b.close(1001);
    equal((await late).code, 1001);
    webSocket.close(1000);
  },
};
