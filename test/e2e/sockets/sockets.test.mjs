// connect() to TCP servers, TLS included, and connect() handlers of workers.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import tls from 'node:tls';

import { Connection, Ocapd, makeCertificates, makeFolder } from '../server/harness.mjs';

const kWorker = `
import { connect } from 'cloudflare:sockets';
const encode = (text) => new TextEncoder().encode(text);
const decode = (bytes) => new TextDecoder().decode(bytes);
const tell = (promise) => promise.then((value) => ['resolved', value], ({ name, message }) => ['rejected', name, message]);
const tests = {
  async echo(socket) {
    const writer = socket.writable.getWriter();
    await writer.write(encode('over TCP'));
    const { value } = await socket.readable.getReader().read();
    const opened = await socket.opened;
    await socket.close();
    return [decode(value), opened, await tell(socket.closed)];
  },
  async ends(socket) {
    const writer = socket.writable.getWriter();
    writer.write(encode('bye'));
    return [await new Response(socket.readable).text(), await tell(socket.closed)];
  },
  async halfClose(socket) {
    const writer = socket.writable.getWriter();
    writer.write(encode('to the end'));
    await writer.close();
    return [await new Response(socket.readable).text(), await tell(socket.closed)];
  },
  async manyWrites(socket) {
    const writer = socket.writable.getWriter();
    for (let i = 0; i < 100; ++i) writer.write(encode('x'.repeat(1000)));
    await socket.close();
    return [await tell(socket.closed)];
  },
  async fails(socket) {
    const reading = tell(socket.readable.getReader().read());
    return [await tell(socket.opened), await tell(socket.closed), await reading];
  },
  async startTls(socket) {
    const secure = socket.startTls();
    const before = [socket.secureTransport, secure.secureTransport];
    const writer = secure.writable.getWriter();
    await writer.write(encode('secret'));
    const { value } = await secure.readable.getReader().read();
    await secure.close();
    return [before, decode(value)];
  },
  async ask(socket) {
    const writer = socket.writable.getWriter();
    await writer.write(encode('plain'));
    const reader = socket.readable.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    writer.releaseLock();
    return [decode(value), ...(await tests.startTls(socket))];
  },
};
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [, name, via] = url.pathname.split('/');
    const options = JSON.parse(url.searchParams.get('options') ?? '{}');
    const address = url.searchParams.get('address');
    const socket = via ? env[via].connect(address, options) : connect(address, options);
    return Response.json(await tests[name](socket));
  },
};
export const served = {
  async connect(socket, env, ctx) {
    const { localAddress, remoteAddress } = await socket.opened;
    const writer = socket.writable.getWriter();
    if (localAddress === 'throw:1') throw new Error('thrown');
    for await (const chunk of socket.readable) {
      const text = decode(chunk);
      if (text === 'who') await writer.write(encode(localAddress + ' ' + (remoteAddress ? 'known' : 'unknown')));
      else await writer.write(chunk);
      if (text === 'bye') break;
    }
    await writer.close();
  },
};`;

async function serve(t) {
  const folder = makeFolder(t);
  makeCertificates(folder);
  writeFileSync(join(folder, 'worker.js'), kWorker);
  const ocapd = await Ocapd.serve(t,
    `(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")],
       compatibilityDate = "2025-10-01", globalOutbound = "internet",
       bindings = [(name = "SERVED", service = (name = "main", entrypoint = "served")),
                   (name = "DEFAULT", service = "main"), (name = "EXTERNAL", service = "external")])),
     (name = "external", external = (address = "127.0.0.1:1", tcp = ())),
     (name = "internet", network = (allow = ["private", "public"],
       tlsOptions = (trustedCertificates = [embed "ca.pem"])))`,
    `(name = "http", address = "127.0.0.1:0", http = (), service = "main"),
     (name = "connect", address = "127.0.0.1:0", http = (), service = (name = "main", entrypoint = "served")),
     (name = "tcp", address = "127.0.0.1:0", tcp = (), service = (name = "main", entrypoint = "served"))`,
    { folder });
  ocapd.folder = folder;
  return ocapd;
}

async function run(ocapd, name, address, options = {}) {
  const query = new URLSearchParams({ address, options: JSON.stringify(options) });
  const response = await fetch(ocapd.url('http', `/${name}?${query}`));
  assert.equal(response.status, 200, ocapd.stderr);
  return response.json();
}

async function listen(t, server) {
  server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return `localhost:${server.address().port}`;
}

test('bytes go both ways', async (t) => {
  const ocapd = await serve(t);
  const address = await listen(t, net.createServer((socket) => socket.pipe(socket)));
  assert.deepEqual(await run(ocapd, 'echo', address),
    ['over TCP', { remoteAddress: address }, ['resolved', null]]);
});

test('the server may end first', async (t) => {
  const ocapd = await serve(t);
  const address = await listen(t, net.createServer((socket) => socket.on('data', () => socket.end('ended'))));
  assert.deepEqual(await run(ocapd, 'ends', address), ['ended', ['resolved', null]]);
});

test('closing the writable side leaves the readable one open', async (t) => {
  const ocapd = await serve(t);
  const address = await listen(t, net.createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.on('data', (data) => (text += data)).on('end', () => socket.end(`${text}!`));
  }));
  for (const allowHalfOpen of [true, false]) {
    assert.deepEqual(await run(ocapd, 'halfClose', address, { allowHalfOpen }), ['to the end!', ['resolved', null]]);
  }
});

test('closing sends what was written before', async (t) => {
  const ocapd = await serve(t);
  let received;
  const all = new Promise((resolve) => (received = resolve));
  const address = await listen(t, net.createServer((socket) => {
    let bytes = 0;
    socket.on('data', (data) => (bytes += data.length)).on('close', () => received(bytes));
  }));
  await run(ocapd, 'manyWrites', address);
  assert.equal(await all, 100_000);
});

test('what cannot be connected to is told everywhere', async (t) => {
  const text = 'proxy request failed, cannot connect to the specified address';
  const expected = ['rejected', 'Error', text];
  const ocapd = await serve(t);
  assert.deepEqual(await run(ocapd, 'fails', '127.0.0.1:1'), [expected, expected, expected]);
  assert.deepEqual((await run(ocapd, 'fails/DEFAULT', 'foo:1'))[0], expected);
  assert.deepEqual((await run(ocapd, 'fails/EXTERNAL', 'foo:1'))[0], expected);
});

const secureServer = (folder) => tls.createServer({
  key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')),
}, (socket) => socket.pipe(socket));

test('a socket may speak TLS from the start', async (t) => {
  const ocapd = await serve(t);
  const address = await listen(t, secureServer(ocapd.folder));
  const [text] = await run(ocapd, 'echo', address, { secureTransport: 'on' });
  assert.equal(text, 'over TCP');
});

test('a socket may start TLS', async (t) => {
  const ocapd = await serve(t);
  const address = await listen(t, secureServer(ocapd.folder));
  assert.deepEqual(await run(ocapd, 'startTls', address, { secureTransport: 'starttls' }),
    [['starttls', 'on'], 'secret']);
});

test('a socket may start TLS after a plain exchange', async (t) => {
  const ocapd = await serve(t);
  const secure = secureServer(ocapd.folder);
  const address = await listen(t, net.createServer((socket) => socket.once('data', (data) => {
    socket.pause();
    socket.write(data, () => secure.emit('connection', socket));
  })));
  assert.deepEqual(await run(ocapd, 'ask', address, { secureTransport: 'starttls' }),
    ['plain', ['starttls', 'on'], 'secret']);
});

test('a TCP socket is a connect event', async (t) => {
  const ocapd = await serve(t);
  const connection = await Connection.open(ocapd.port('tcp'));
  connection.send('who');
  assert.equal(await connection.receive('known'), `127.0.0.1:${ocapd.port('tcp')} known`);
  connection.send('bye');
  assert.match(await connection.receiveAll(), /bye$/);
});

test('a client that ends its side gets the rest', async (t) => {
  const connection = await Connection.open((await serve(t)).port('tcp'));
  connection.send('last words').socket.end();
  assert.equal(await connection.receiveAll(), 'last words');
});

test('CONNECT on an HTTP socket is one as well', async (t) => {
  const connection = await Connection.open((await serve(t)).port('connect'));
  connection.send('CONNECT somewhere:99 HTTP/1.1\r\nHost: somewhere:99\r\n\r\n');
  await connection.receive('HTTP/1.1 200 OK\r\n');
  await connection.receive('\r\n\r\n');
  connection.send('who');
  await connection.receive('somewhere:99 known');
  connection.socket.destroy();
});

test('a binding leads to the connect handler of another worker', async (t) => {
  const ocapd = await serve(t);
  assert.deepEqual(await run(ocapd, 'echo/SERVED', 'any:1'), ['over TCP', { remoteAddress: 'any:1' }, ['resolved', null]]);
  assert.equal((await run(ocapd, 'ends/SERVED', 'any:1'))[0], 'bye');
});

test('a handler that throws ends the connection', async (t) => {
  const ocapd = await serve(t);
  const [opened] = await run(ocapd, 'fails/SERVED', 'throw:1');
  assert.deepEqual(opened, ['resolved', { remoteAddress: 'throw:1' }]);
});
