// actors: Room=sql
// WebSockets that outlive the object's sleep.
import { DurableObject } from 'cloudflare:workers';
import { equal, ok, rejects, same, throws } from '../assert.js';

const seen = [];
const made = {};
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    made[ctx.id.name] = (made[ctx.id.name] ?? 0) + 1;
  }
  fetch(request) {
    const tags = new URL(request.url).searchParams.getAll('tag');
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, tags);
    server.serializeAttachment({ tags });
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws, message) {
    if (message === 'throw') throw new Error('boo');
    if (message === 'slow') await scheduler.wait(30);  // tidy: sleep: a handler that takes a while
    if (message === 'put') this.ctx.storage.put('k', 1);
    if (message === 'close') return ws.close(4001, 'bye');
    ws.send(typeof message === 'string' ? `got ${message}` : `got ${message.byteLength} bytes`);
  }
  async webSocketClose(ws, code, reason, wasClean) {
    const before = this.ctx.getWebSockets().includes(ws);
    const state = ws.readyState;
    await null;
    await scheduler.wait(1);  // tidy: sleep: a turn later
    ws.close(1000, 'too');
    seen.push([code, reason, wasClean, state, before, this.ctx.getWebSockets().includes(ws)]);
  }
  tagsOf(tag) {
    return this.ctx.getWebSockets(tag).map((ws) => this.ctx.getTags(ws).join('+'));
  }
  attachments() { return this.ctx.getWebSockets().map((ws) => ws.deserializeAttachment()); }
  isSame() { return this.ctx.getWebSockets()[0] === this.ctx.getWebSockets()[0]; }
  answer(request, response) {
    this.ctx.setWebSocketAutoResponse(
      request === undefined ? undefined : new WebSocketRequestResponsePair(request, response));
    const pair = this.ctx.getWebSocketAutoResponse();
    return pair && [pair.request, pair.response];
  }
  answeredAt() {
    return this.ctx.getWebSockets().map((ws) => this.ctx.getWebSocketAutoResponseTimestamp(ws));
  }
  abort() { this.ctx.abort('enough'); }
  run(source) { return checks[source](this.ctx); }
}

const newPair = () => Object.values(new WebSocketPair());
const already = 'Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`';
const used = 'Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been accepted or used in a Response.';
const checks = {
  tags(ctx) {
    const tagsOf = (tags) => {
      const [socket] = newPair();
      ctx.acceptWebSocket(socket, tags);
      return ctx.getTags(socket);
    };
    same(tagsOf(undefined), []);
    same(tagsOf([5, null, 5]), ['5', 'null']);
    same(tagsOf(Array.from({ length: 10 }, (_, i) => i)).length, 10);
    same(tagsOf(['x'.repeat(256)])[0].length, 256);
    for (const length of [11, 12]) {
      throws(() => tagsOf(Array.from({ length }, (_, i) => Math.min(i, 10))),
        { name: 'Error', message: 'a Hibernatable WebSocket cannot have more than 10 tags' });
    }
    throws(() => tagsOf(['y'.repeat(257)]), {
      name: 'Error',
      message: `"${'y'.repeat(257)}" is longer than the max tag length (256 characters).`,
    });
    for (const tags of [null, 'abc', new Set(['x'])]) {
      throws(() => tagsOf(tags), {
        name: 'TypeError',
        message: "Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 2 is not of type 'Array'.",
      });
    }
  },
  states(ctx) {
    const [accepted, peer] = newPair();
    accepted.accept();
    throws(() => ctx.acceptWebSocket(accepted), { name: 'Error', message: already });
    throws(() => ctx.acceptWebSocket(peer), { name: 'Error', message: used });
    throws(() => ctx.getTags(accepted),
      { name: 'Error', message: 'only hibernatable websockets can have tags.' });
    const [socket, other] = newPair();
    throws(() => ctx.getTags(socket), {
      name: 'Error',
      message: "you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.",
    });
    ctx.acceptWebSocket(socket);
    throws(() => ctx.acceptWebSocket(socket), { name: 'Error', message: already });
    throws(() => ctx.acceptWebSocket(other), { name: 'Error', message: used });
    throws(() => socket.accept(),
      { name: 'TypeError', message: "Can't accept() WebSocket after enabling hibernation." });
    throws(() => socket.close(999), { name: 'InvalidAccessError' });
    equal(socket.readyState, 1);
    for (const value of [undefined, 5]) {
      throws(() => ctx.acceptWebSocket(value), {
        name: 'TypeError',
        message: "Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 1 is not of type 'WebSocket'.",
      });
    }
  },
  timeouts(ctx) {
    const set = (value) => {
      ctx.setHibernatableWebSocketEventTimeout(value);
      return ctx.getHibernatableWebSocketEventTimeout();
    };
    same([set(5), set(0), set(604800000), set(undefined)], [5, null, 604800000, null]);
    throws(() => set(604800001),
      { name: 'Error', message: 'Event timeout should not exceed 604800000 ms.' });
    throws(() => set(-1), {
      name: 'TypeError',
      message: 'The value cannot be converted because it is negative and this API expects a positive number.',
    });
  },
  answers(ctx) {
    const set = (request, response) =>
      ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(request, response));
    throws(() => set('x'.repeat(2049), 'y'), {
      name: 'RangeError',
      message: 'Request cannot be larger than 2048 bytes. A request of size 2049 was provided.',
    });
    throws(() => set('x', '\u00e9'.repeat(1025)), {
      name: 'RangeError',
      message: 'Response cannot be larger than 2048 bytes. A response of size 2050 was provided.',
    });
    set('x'.repeat(2048), '\u00e9'.repeat(1024));
    ctx.setWebSocketAutoResponse();
    equal(ctx.getWebSocketAutoResponse(), null);
    equal(ctx.getWebSocketAutoResponseTimestamp(newPair()[0]), null);
  },
  attachments(ctx) {
    const [socket] = newPair();
    socket.serializeAttachment({ early: true });
    ctx.acceptWebSocket(socket);
    same(socket.deserializeAttachment(), { early: true });
    socket.serializeAttachment('x'.repeat(16384 - 5));
    throws(() => socket.serializeAttachment('x'.repeat(16384 - 4)), {
      name: 'Error',
      message: "A WebSocket 'attachment' cannot be larger than 16384 bytes.'attachment' was 16385 bytes.",
    });
    equal(socket.deserializeAttachment().length, 16384 - 5);
  },
};

/** A client of the object's, which remembers what has arrived. */
async function connect(stub, query = '') {
  const response = await stub.fetch(`http://room/${query}`, { headers: { Upgrade: 'websocket' } });
  const socket = response.webSocket;
  const client = { socket, got: [], waiters: [] };
  const took = (what) => {
    client.got.push(what);
    for (const waiter of client.waiters.splice(0)) waiter();
  };
  socket.addEventListener('message', ({ data }) => took(data));
  socket.addEventListener('close', ({ code, reason }) => took(`closed ${code} ${reason}`));
  client.count = async (wanted) => {
    while (client.got.length < wanted) await new Promise((resolve) => client.waiters.push(resolve));
    return client.got;
  };
  socket.accept({ allowHalfOpen: true });
  return client;
}

async function until(holds) {
  while (!await holds()) await scheduler.wait(5);  // tidy: sleep: between looks
}

export const messagesReachTheHandler = {
  async test(_, env) {
    const client = await connect(env.Room.getByName('messages'));
    for (const message of ['a', new Uint8Array(3), 'throw', 'slow', 'put', 'b']) client.socket.send(message);
    same(await client.count(5), ['got a', 'got 3 bytes', 'got put', 'got b', 'got slow']);
  },
};

export const tagsFindSockets = {
  async test(_, env) {
    const stub = env.Room.getByName('tags');
    await connect(stub, '?tag=a&tag=b');
    await connect(stub, '?tag=a');
    await connect(stub);
    same(await stub.tagsOf(), ['', 'a', 'a+b']);
    same(await stub.tagsOf('a'), ['a+b', 'a']);
    same(await stub.tagsOf('c'), []);
    equal(await stub.isSame(), true);
  },
};

export const argumentsAreChecked = {
  async test(_, env) {
    for (const each of Object.keys(checks)) await env.Room.getByName(`check ${each}`).run(each);
  },
};

export const theClientCloses = {
  async test(_, env) {
    const stub = env.Room.getByName('client closes');
    const client = await connect(stub);
    client.socket.close(3001, 'done');
    same(await client.count(1), ['closed 1000 too']);
    same(seen.splice(0), [[3001, 'done', true, 2, true, false]]);
    same(await stub.tagsOf(), []);
  },
};

export const theObjectCloses = {
  async test(_, env) {
    const stub = env.Room.getByName('object closes');
    const client = await connect(stub);
    client.socket.send('close');
    same(await client.count(1), ['closed 4001 bye']);
    client.socket.close(4001);
    await until(() => seen.length > 0);
    same(seen.splice(0), [[4001, '', true, 3, true, false]]);
  },
};

export const aRequestIsAnsweredInTheObjectsPlace = {
  async test(_, env) {
    const stub = env.Room.getByName('answers');
    same(await stub.answer('ping', 'pong'), ['ping', 'pong']);
    const client = await connect(stub);
    same(await stub.answeredAt(), [null]);
    client.socket.send('ping');
    client.socket.send('pings');
    same(await client.count(2), ['pong', 'got pings']);
    ok((await stub.answeredAt())[0] instanceof Date);
    equal(await stub.answer(), null);
    client.socket.send('ping');
    same((await client.count(3)).at(-1), 'got ping');
  },
};

export const aResetDropsThem = {
  async test(_, env) {
    const stub = env.Room.getByName('reset');
    const client = await connect(stub);
    await rejects(stub.abort(), { message: 'enough' });
    same(await client.count(1), ['closed 1006 WebSocket disconnected without sending Close frame.']);
    same(await env.Room.getByName('reset').tagsOf(), []);
  },
};

export const theyOutliveTheObjectsSleep = {
  async test(_, env) {
    const stub = env.Room.getByName('sleeper');
    await stub.answer('ping', 'pong');
    const client = await connect(stub, '?tag=kept');
    client.socket.send('a');
    await client.count(1);
    await scheduler.wait(11_500);  // tidy: sleep: objects sleep after 10 s
    client.socket.send('ping');
    await client.count(2);
    equal(made.sleeper, 1);
    client.socket.send('b');
    same(await client.count(3), ['got a', 'pong', 'got b']);
    equal(made.sleeper, 2);
    same(await stub.tagsOf('kept'), ['kept']);
    same(await stub.attachments(), [{ tags: ['kept'] }]);
    ok((await stub.answeredAt())[0] instanceof Date);
  },
};
