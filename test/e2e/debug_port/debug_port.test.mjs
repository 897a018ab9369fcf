// The debug port from outside: what it gives, whom it lets in, what it does with nonsense.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { makeFolder, Ocapd, run, runWith } from '../server/harness.mjs';

const path = (name) => fileURLToPath(new URL(`workers/${name}`, import.meta.url));

async function serve(t, address) {
  const target = new Ocapd(['serve', '--experimental', '--verbose', '--control-fd=3', '-s', 'http=127.0.0.1:0',
    `--debug-port=${address}`, path('target.capnp')]);
  t.after(() => target.kill());
  await target.until(() => target.messages.length === 2);
  target.debugPort = target.messages.find(({ socket }) => socket === 'debug-port').port;
  return target;
}

async function expectAllToPass(address, ...more) {
  const { code, stderr } = await runWith({ DEBUG_PORT_ADDRESS: address }, 'test', '--experimental', ...more, path('client.capnp'), 'client');
  assert.equal(code, 0, stderr);
}

test('a worker reaches everything of another process', async (t) => {
  const target = await serve(t, '127.0.0.1:0');
  assert.ok(target.debugPort > 0);
  await expectAllToPass(`127.0.0.1:${target.debugPort}`);
  await expectAllToPass(`127.0.0.1:${target.debugPort}`, '--gc-stress');
  assert.match(target.stderr, /debug port: connection from \{"clientIp":"127\.0\.0\.1:/);
});

test('a unix socket is for its owner', async (t) => {
  const socket = join(makeFolder(t), 'port');
  const target = await serve(t, `unix:${socket}`);
  assert.equal(target.debugPort, 0);
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  await expectAllToPass(`unix:${socket}`);
});

test('addresses that other machines reach are refused unless asked for', async () => {
  for (const address of ['*:0', '0.0.0.0:0', '[::]:0']) {
    const { code, stderr } = await run('serve', `--debug-port=${address}`, '-s', 'http=127.0.0.1:0', '--experimental', path('target.capnp'));
    assert.equal(code, 1);
    assert.match(stderr, /--debug-port: address ".*" can be reached from other machines; .*--debug-port-allow-remote/);
  }
});

test('an address that is taken, or none at all, is said', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const taken = `127.0.0.1:${server.address().port}`;
  for (const [address, message] of [[taken, /Address already in use/], ['nonsense:x', /has no valid port/]]) {
    const { code, stderr } = await run('serve', `--debug-port=${address}`, '-s', 'http=127.0.0.1:0', '--experimental', path('target.capnp'));
    assert.equal(code, 1);
    assert.match(stderr, message);
  }
});

test('nonsense ends its connection and disturbs nobody', async (t) => {
  const target = await serve(t, '127.0.0.1:0');
  const connect = () => net.connect(target.debugPort, '127.0.0.1');
  for (const data of [
    randomBytes(4096),
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),  // 4 G segments
    Buffer.from([0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f]),              // a message of 16 GiB
    Buffer.alloc(64),
  ]) {
    const socket = connect();
    socket.on('error', () => {});
    socket.write(data);
    socket.end();
    socket.resume();
    await once(socket, 'close');
  }
  const halfOpen = Array.from({ length: 200 }, connect);
  await Promise.all(halfOpen.map((socket) => once(socket, 'connect')));
  await expectAllToPass(`127.0.0.1:${target.debugPort}`);
  for (const socket of halfOpen) socket.destroy();
});
