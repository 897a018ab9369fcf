// HTTP on the wire, against the built program.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';

import { Connection, makeFolder, Ocapd } from './harness.mjs';

async function serveFiles(t, { socketOptions = '' } = {}) {
  const folder = makeFolder(t);
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files/a.txt'), 'hello\n');
  return Ocapd.serve(t,
    `(name = "files", disk = (path = "${folder}/files", writable = true))`,
    `(name = "main", address = "127.0.0.1:0", http = (${socketOptions}), service = "files")`, { folder });
}

const kGet = 'GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n';
const kBody = /\r\n\r\nhello\n/;

test('one connection carries many requests', async (t) => {
  const ocapd = await serveFiles(t);
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ports = new Set();
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve, reject) => {
      http.get(ocapd.url('main', '/a.txt'), { agent }, (response) => {
        ports.add(response.socket.localPort);
        response.resume().on('end', resolve);
      }).on('error', reject);
    });
  }
  assert.equal(ports.size, 1);
});

test('pipelined requests are answered in order', async (t) => {
  const ocapd = await serveFiles(t);
  const connection = await Connection.open(ocapd.port('main'));
  connection.send(kGet + 'HEAD /a.txt HTTP/1.1\r\nHost: x\r\n\r\n' + kGet.replace('/a.txt', '/none'));
  const text = await connection.receive('\r\n\r\nNot Found');
  assert.equal(text.match(/HTTP\/1.1 200 OK/g).length, 2);
  assert.equal(text.split(kBody).length, 2);
  connection.socket.destroy();
});

test('uploads come with a length, in chunks, and after 100 Continue', async (t) => {
  const ocapd = await serveFiles(t);
  const url = ocapd.url('main', '/up');
  for (const body of ['text', new Blob(['te', 'xt']).stream()]) {
    const answer = await fetch(url, { method: 'PUT', body, duplex: 'half' });
    assert.equal(answer.status, 204);
    assert.equal(await (await fetch(url)).text(), 'text');
  }
  const request = http.request(url, { method: 'PUT', headers: { Expect: '100-continue', 'Content-Length': 3 } });
  request.flushHeaders();
  await new Promise((resolve) => request.on('continue', resolve));
  request.end('abc');
  await new Promise((resolve) => request.on('response', (response) => response.resume().on('end', resolve)));
  assert.equal(await (await fetch(url)).text(), 'abc');
});

test('a request may come byte by byte', async (t) => {
  const ocapd = await serveFiles(t);
  const connection = await Connection.open(ocapd.port('main'));
  connection.socket.setNoDelay(true);
  for (const byte of kGet) await new Promise((resolve) => connection.socket.write(byte, resolve));
  await connection.receive('hello\n');
  connection.socket.destroy();
});

test('big bodies arrive whole', async (t) => {
  const ocapd = await serveFiles(t);
  const big = Buffer.alloc(20_000_000, 'a 13 bytes is.');
  assert.equal((await fetch(ocapd.url('main', '/big'), { method: 'PUT', body: big })).status, 204);
  const back = Buffer.from(await (await fetch(ocapd.url('main', '/big'))).arrayBuffer());
  assert.ok(back.equals(big));
});

test('what is not HTTP is refused and the connection closed', async (t) => {
  const ocapd = await serveFiles(t);
  for (const [request, status] of [
    ['\0\x01\x02\r\n\r\n', 501],
    ['FOO / HTTP/1.1\r\n\r\n', 501],
    ['GET / HTTP/1.1\r\nbad header\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\nContent-Length: 1x\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nX: ${'x'.repeat(300_000)}\r\n\r\n`, 431],
  ]) {
    const connection = await Connection.open(ocapd.port('main'));
    const answer = await connection.send(request).receiveAll();
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} .*\r\nConnection: close\r\n`));
  }
  assert.equal(ocapd.stderr, '');
});

test('Connection: close and HTTP/1.0 end the connection', async (t) => {
  const ocapd = await serveFiles(t);
  for (const request of ['GET /a.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'GET /a.txt HTTP/1.0\r\nHost: x\r\n\r\n']) {
    const connection = await Connection.open(ocapd.port('main'));
    const answer = await connection.send(request).receiveAll();
    assert.match(answer, /\r\nConnection: close\r\n/);
    assert.match(answer, kBody);
  }
});

test('injected response headers are there', async (t) => {
  const ocapd = await serveFiles(t, { socketOptions: 'injectResponseHeaders = [(name = "X-By", value = "ocapd")]' });
  assert.equal((await fetch(ocapd.url('main', '/a.txt'))).headers.get('x-by'), 'ocapd');
});

test('a request passes through an external server and through the network', async (t) => {
  const origin = http.createServer((request, response) => {
    response.end(JSON.stringify([request.url, request.headers.host, request.headers['x-proto']]));
  }).listen(0, '127.0.0.1');
  t.after(() => origin.close());
  await new Promise((resolve) => origin.on('listening', resolve));
  const { port } = origin.address();
  const ocapd = await Ocapd.serve(t,
    `(name = "ext", external = (address = "127.0.0.1:${port}", http = (forwardedProtoHeader = "X-Proto"))),
     (name = "net", network = (allow = ["private"]))`,
    `(name = "a", address = "127.0.0.1:0", http = (), service = "ext"),
     (name = "b", address = "127.0.0.1:0", http = (style = proxy), service = "net")`);
  const viaExternal = await (await fetch(ocapd.url('a', '/p?q=%20'))).json();
  assert.deepEqual(viaExternal, ['/p?q=%20', `127.0.0.1:${ocapd.port('a')}`, 'http']);
  const connection = await Connection.open(ocapd.port('b'));
  connection.send(`GET http://127.0.0.1:${port}/x HTTP/1.1\r\nHost: y\r\nConnection: close\r\n\r\n`);
  assert.match(await connection.receiveAll(), new RegExp(`\\["/x","127.0.0.1:${port}",null\\]`));
});

test('a WebSocket passes through', async (t) => {
  const { createHash } = await import('node:crypto');
  const origin = http.createServer().listen(0, '127.0.0.1');
  t.after(() => origin.close());
  origin.on('upgrade', (request, socket) => {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.on('data', () => socket.write(Buffer.from([0x81, 5, ...Buffer.from('hello')])));
    socket.on('end', () => socket.end()).on('error', () => {});
  });
  await new Promise((resolve) => origin.on('listening', resolve));
  const ocapd = await Ocapd.serve(t,
    `(name = "ext", external = (address = "127.0.0.1:${origin.address().port}", http = ()))`,
    `(name = "main", address = "127.0.0.1:0", http = (), service = "ext")`);
  const connection = await Connection.open(ocapd.port('main'));
  connection.send('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
    + 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
  await connection.receive('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  connection.send('\x81\x82\0\0\0\0hi');
  await connection.receive('\x81\x05hello');
  connection.socket.destroy();
});
