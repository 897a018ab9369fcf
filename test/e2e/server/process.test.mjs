// The program as a process: descriptors, signals, exit codes, reloading.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';

import { configText, Connection, makeFolder, Ocapd, run } from './harness.mjs';

const kSocket = '(name = "main", address = "127.0.0.1:0", http = (), service = "files")';

function filesService(folder) {
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'files/a.txt'), 'hello\n');
  return `(name = "files", disk = (path = "${folder}/files"))`;
}

async function serveFiles(t, sockets = kSocket, options = {}) {
  const folder = makeFolder(t);
  return Ocapd.serve(t, filesService(folder), sockets, { folder, ...options });
}

test('every socket is announced, in config order', async (t) => {
  const folder = makeFolder(t);
  const ocapd = await Ocapd.serve(t, filesService(folder),
    `(name = "b", address = "127.0.0.1:0", http = (), service = "files"),
     (name = "u", address = "unix:${folder}/socket", http = (), service = "files"),
     (name = "a", address = "*:0", http = (), service = "files")`, { folder });
  assert.deepEqual(ocapd.messages.map(({ event, socket }) => [event, socket]),
    [['listen', 'b'], ['listen', 'u'], ['listen', 'a']]);
  assert.equal(ocapd.port('u'), 0);
  const viaUnix = await new Promise((resolve, reject) => {
    http.get({ socketPath: `${folder}/socket`, path: '/a.txt' }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    }).on('error', reject);
  });
  assert.equal(viaUnix, 'hello\n');
  assert.equal(await (await fetch(ocapd.url('a', '/a.txt'))).text(), 'hello\n');
});

test('options override addresses, behind the config too', async (t) => {
  const ocapd = await serveFiles(t, '(name = "main", http = (), service = "files")',
    { args: ['--socket-addr=main=127.0.0.1:0', '--experimental'] });
  assert.equal((await fetch(ocapd.url('main', '/a.txt'))).status, 200);
});

test('an inherited socket is used', async (t) => {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  const ocapd = await serveFiles(t, '(name = "main", http = (), service = "files")',
    { args: ['--socket-fd=main=4'], descriptors: [listener._handle.fd] });
  listener.close();
  assert.equal(ocapd.port('main'), port);
  assert.equal(await (await fetch(ocapd.url('main', '/a.txt'))).text(), 'hello\n');
});

test('a port in use is told in both forms, and all of them', async (t) => {
  const first = await serveFiles(t);
  const folder = makeFolder(t);
  const address = `127.0.0.1:${first.port('main')}`;
  writeFileSync(join(folder, 'c.capnp'), configText(filesService(folder), ['x', 'y'].map((name) =>
    `(name = "${name}", address = "${address}", http = (), service = "files")`).join()));
  const { code, stderr } = await run('serve', join(folder, 'c.capnp'));
  assert.equal(code, 1);
  const expected = (name) => `Socket "${name}": bind(): Address already in use (os error 98)\n`
    + `Address already in use; toString() = ${address}\n`;
  assert.equal(stderr, expected('x') + expected('y'));
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} lets requests finish, closes idle connections, and exits with 0`, async (t) => {
    const folder = makeFolder(t);
    const origin = http.createServer();
    origin.listen(0, '127.0.0.1');
    t.after(() => origin.close());
    await once(origin, 'listening');
    const ocapd = await Ocapd.serve(t,
      `(name = "ext", external = (address = "127.0.0.1:${origin.address().port}", http = ())), ${filesService(folder)}`,
      `(name = "slow", address = "127.0.0.1:0", http = (), service = "ext"), ${kSocket}`, { folder });
    const idle = await Connection.open(ocapd.port('main'));
    await idle.send('GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n').receive('hello\n');
    const busy = await Connection.open(ocapd.port('slow'));
    busy.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [, response] = await once(origin, 'request');

    ocapd.signal(signal);
    await idle.receiveAll();
    await assert.rejects(Connection.open(ocapd.port('main')), { code: 'ECONNREFUSED' });
    response.end('done');
    const answer = await busy.receiveAll();
    assert.match(answer, /^HTTP\/1.1 200 OK\r\nConnection: close\r\n/);
    assert.match(answer, /done/);
    assert.deepEqual(await ocapd.exited, { code: 0, signal: null });
  });
}

test('a second signal ends at once', async (t) => {
  const origin = http.createServer();
  origin.listen(0, '127.0.0.1');
  t.after(() => origin.close());
  await once(origin, 'listening');
  const ocapd = await Ocapd.serve(t,
    `(name = "ext", external = (address = "127.0.0.1:${origin.address().port}", http = ()))`,
    `(name = "main", address = "127.0.0.1:0", http = (), service = "ext")`);
  const busy = await Connection.open(ocapd.port('main'));
  busy.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [request] = await once(origin, 'request');
  const idle = await Connection.open(ocapd.port('main'));
  ocapd.signal('SIGTERM');
  await idle.receiveAll();  // draining has begun
  ocapd.signal('SIGTERM');
  assert.deepEqual(await ocapd.exited, { code: 143, signal: null });
  request.destroy();
  busy.socket.destroy();
});

test('a config without sockets ends with 0', async (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'c.capnp'), configText(filesService(folder), ''));
  assert.deepEqual(await run('serve', join(folder, 'c.capnp')), { code: 0, signal: null, stdout: '', stderr: '' });
});

test('config errors are on stderr, exit code 1', async (t) => {
  const folder = makeFolder(t);
  writeFileSync(join(folder, 'c.capnp'), configText('(name = "d", disk = (path = "/nonexistent"))', ''));
  const { code, stdout, stderr } = await run('serve', join(folder, 'c.capnp'));
  assert.deepEqual([code, stdout, stderr], [1, '', 'Directory named "d" not found: /nonexistent\n']);
});

test('--watch starts over when the config has changed, and waits for a broken one', async (t) => {
  const folder = makeFolder(t);
  const ocapd = await Ocapd.serve(t, filesService(folder), kSocket, { folder, args: ['--watch'] });
  const replaceConfig = (text) => {
    writeFileSync(`${ocapd.configPath}.new`, text);
    renameSync(`${ocapd.configPath}.new`, ocapd.configPath);
  };
  replaceConfig('broken');
  await ocapd.until(() => ocapd.stderr.includes("Can't start server due to config errors, waiting for config files to change..."));
  assert.match(ocapd.stderr, /Noticed configuration change, reloading shortly...\rReloading due to config change.../);
  const announced = ocapd.messages.length;
  replaceConfig(configText(filesService(folder), kSocket.replace('"main"', '"second"')));
  await ocapd.until(() => ocapd.messages.length > announced);
  assert.equal(await (await fetch(ocapd.url('second', '/a.txt'))).text(), 'hello\n');
});
