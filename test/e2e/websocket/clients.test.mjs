// WebSockets as clients of the outside world see them, and as workers open them to it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { Connection, Ocapd, makeFolder } from '../server/harness.mjs';

const kWorker = `
const next = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
const tell = ({ type, code, reason, wasClean, message }) => JSON.stringify({ type, code, reason, wasClean, message });
const served = {
  echo(server) {
    server.addEventListener('message', ({ data }) => {
      if (data === 'close') server.close(3001, 'asked');
      else server.send(data);
    });
    server.addEventListener('close', ({ code, reason }) => {
      if (code === 1005) server.close();
      else if (code !== 1006) server.close(code, reason);
    });
  },
  silent() {},
  report(server) {
    for (const type of ['error', 'close']) server.addEventListener(type, (event) => console.log(tell(event)));
  },
};
export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    const [, name] = pathname.split('/');
    if (name === 'plain') return new Response('plain');
    if (name === 'connect') return connect(searchParams.get('url'), searchParams.getAll('protocol'));
    if (name === 'forward') return fetch(searchParams.get('url'), request);
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    served[name](server);
    const asked = request.headers.get('sec-websocket-protocol');
    const headers = asked ? { 'sec-websocket-protocol': asked.split(',')[0] } : {};
    return new Response(null, { status: 101, webSocket: client, headers });
  },
};
async function connect(url, protocols) {
  const seen = [];
  const socket = new WebSocket(url, protocols);
  for (const type of ['open', 'error', 'close']) {
    socket.addEventListener(type, (event) => seen.push(type, socket.readyState, event.message, event.code));
  }
  const closed = next(socket, 'close');
  await Promise.race([next(socket, 'open'), closed]);
  if (socket.readyState === WebSocket.OPEN) {
    seen.push(socket.protocol, socket.extensions.split(';')[0]);
    socket.send('a'.repeat(1000));
    seen.push((await next(socket, 'message')).data.length);
    socket.send('close');
    await closed;
    socket.close();
  }
  return Response.json(seen);
}`;

async function serve(t, { flags = [], date = '2025-10-01' } = {}) {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'worker.js'), kWorker);
  return Ocapd.serve(t,
    `(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")],
       compatibilityDate = "${date}", compatibilityFlags = ${JSON.stringify(flags)},
       globalOutbound = "internet")),
     (name = "internet", network = (allow = ["private", "public"]))`,
    '(name = "http", address = "127.0.0.1:0", http = (), service = "main")', { folder });
}

const skip = typeof WebSocket === 'undefined' && 'this Node has no WebSocket';
const socketUrl = (ocapd, path) => ocapd.url('http', path).replace('http:', 'ws:');

async function open(ocapd, path, protocols = []) {
  const socket = new WebSocket(socketUrl(ocapd, path), protocols);
  socket.binaryType = 'arraybuffer';
  await once(socket, 'open');
  return socket;
}

const closed = async (socket) => {
  const [{ code, reason, wasClean }] = await once(socket, 'close');
  return { code, reason, wasClean };
};

test('text and bytes are echoed', { skip }, async (t) => {
  const socket = await open(await serve(t), '/echo');
  for (const text of ['x', '', 'ünïcode', 'long'.repeat(100_000)]) {
    socket.send(text);
    assert.equal((await once(socket, 'message'))[0].data, text);
  }
  const bytes = randomBytes(300_000);
  socket.send(bytes);
  assert.deepEqual(Buffer.from((await once(socket, 'message'))[0].data), bytes);
});

test('the client closes and gets its close back', { skip }, async (t) => {
  const ocapd = await serve(t);
  for (const [code, reason] of [[1000, 'bye'], [3456, '']]) {
    const socket = await open(ocapd, '/echo');
    socket.close(code, reason);
    assert.deepEqual(await closed(socket), { code, reason, wasClean: true });
  }
});

test('the worker closes', { skip }, async (t) => {
  const socket = await open(await serve(t), '/echo');
  socket.send('close');
  assert.deepEqual(await closed(socket), { code: 3001, reason: 'asked', wasClean: true });
});

test('a worker that does not answer a close can leave it to the runtime', { skip }, async (t) => {
  const socket = await open(await serve(t, { flags: ['web_socket_auto_reply_to_close'] }), '/silent');
  socket.close(3000, 'x');
  assert.deepEqual(await closed(socket), { code: 3000, reason: 'x', wasClean: true });
});

test('compression and a protocol are agreed on', { skip }, async (t) => {
  const ocapd = await serve(t);
  const socket = await open(ocapd, '/echo', ['one', 'two']);
  assert.match(socket.extensions, /^permessage-deflate/);
  assert.equal(socket.protocol, 'one');
  socket.send('z'.repeat(100_000));
  assert.equal((await once(socket, 'message'))[0].data.length, 100_000);
  const plain = await open(await serve(t, { flags: ['no_web_socket_compression'] }), '/echo');
  assert.equal(plain.extensions, '');
});

test('an answer without a WebSocket reaches the client as it is', async (t) => {
  const connection = await Connection.open((await serve(t)).port('http'));
  connection.send('GET /plain HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  assert.match(await connection.receive('plain'), /^HTTP\/1.1 200 OK\r\n/);
  connection.socket.destroy();
});

async function handshake(ocapd, path) {
  const connection = await Connection.open(ocapd.port('http'));
  connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  const head = await connection.receive('\r\n\r\n');
  assert.match(head, /^HTTP\/1.1 101 /);
  assert.match(head, /Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
  return connection;
}

test('a frame that breaks the protocol is answered with 1002', async (t) => {
  const connection = await handshake(await serve(t), '/report');
  connection.send('\x83\x80\0\0\0\0');  // an opcode that does not exist
  const all = await connection.receiveAll();
  assert.ok(all.includes('\x88') && all.includes('\x03\xea'), JSON.stringify(all));
});

test('a message beyond the limit is answered with 1009', async (t) => {
  const connection = await handshake(await serve(t), '/report');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt((32 << 20) + 1));
  connection.send(`\x82\xff${size.toString('latin1')}\0\0\0\0`);
  const all = await connection.receiveAll();
  assert.ok(all.includes('\x88') && all.includes('\x03\xf1'), JSON.stringify(all));
});

test('a client that is gone ends the event, which is no failure', async (t) => {
  const ocapd = await serve(t);
  const connection = await handshake(ocapd, '/echo');
  connection.socket.resetAndDestroy();
  const other = await handshake(ocapd, '/echo');
  other.send('\x88\x80\0\0\0\0');
  await other.receiveAll();
  assert.doesNotMatch(ocapd.stderr, /rror/);
});

const connect = (ocapd, url, protocols = []) => {
  const query = [['url', url], ...protocols.map((name) => ['protocol', name])];
  return fetch(ocapd.url('http', `/connect?${new URLSearchParams(query)}`)).then((response) => response.json());
};

test('a worker opens one to a server', async (t) => {
  const ocapd = await serve(t);
  assert.deepEqual(await connect(ocapd, socketUrl(ocapd, '/echo'), ['p', 'q']),
    ['open', 1, null, null, 'p', 'permessage-deflate', 1000, 'close', 2, null, 3001]);
});

test('what cannot be opened is told by error and close', async (t) => {
  const ocapd = await serve(t);
  assert.deepEqual(await connect(ocapd, 'ws://127.0.0.1:1/'),
    ['error', 3, 'Uncaught Error: Network connection lost.', null, 'close', 3, null, 1006]);
  assert.deepEqual(await connect(ocapd, socketUrl(ocapd, '/plain')), [
    'error', 3, 'Uncaught TypeError: Failed to establish the WebSocket connection: expected server to ' +
      'reply with HTTP status code 101 (switching protocols), but received 200 instead.', null,
    'close', 3, null, 1006,
  ]);
});

test('a worker passes a connection on to a server', { skip }, async (t) => {
  const ocapd = await serve(t);
  const socket = await open(ocapd, `/forward?${new URLSearchParams({ url: ocapd.url('http', '/echo') })}`);
  socket.send('through');
  assert.equal((await once(socket, 'message'))[0].data, 'through');
  socket.close(1000, 'bye');
  assert.deepEqual(await closed(socket), { code: 1000, reason: 'bye', wasClean: true });
});
