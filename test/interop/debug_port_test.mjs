// The debug port and RPC over Cap'n Proto with the published workerd at one of the two ends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { scratchFolder } from './miniflare.mjs';

const kProgram = process.env.OCAPD_BIN;
const kDebugPort = fileURLToPath(new URL('../e2e/debug_port/workers/', import.meta.url));
const kRpc = fileURLToPath(new URL('../e2e/rpc/workers/', import.meta.url));
const kRpcSockets = ['svc', 'handlers', 'props', 'legacy'];
// Service bindings stay in the process that has the service; names of error classes of one's own
// need what the Cap'n Proto library at hand does not carry.
const kNotWithTheReference = ['errorsKeepTheirClassAndProperties', 'serviceBindingsTravel'];

const scratch = scratchFolder();

function findReference() {
  const folder = process.env.INTEROP_PACKAGES ?? dirname(fileURLToPath(import.meta.url));
  const require = createRequire(join(folder, 'node_modules/miniflare5/package.json'));
  return require('workerd').default;
}

async function serve(t, program, args, count) {
  const child = spawn(program, ['serve', '--experimental', '--control-fd=3', ...args], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const messages = [];
  for await (const line of createInterface({ input: child.stdio[3] })) {
    messages.push(JSON.parse(line));
    if (messages.length === count) break;
  }
  return messages;
}

/** @returns {Promise<{passed: string[], failed: string[], log: string}>} */
async function runTests(program, args, variables = {}) {
  const child = spawn(program, ['test', '--experimental', ...args], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...variables } });
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  await once(child, 'close');
  const verdicts = (kind) => [...log.matchAll(new RegExp(`\\[ ${kind} \\] \\w+:(\\w+)`, 'g'))].map(([, name]) => name);
  return { passed: verdicts('PASS'), failed: verdicts('FAIL'), log };
}

const pairs = kProgram ? [['ocapd', 'workerd'], ['workerd', 'ocapd']] : [];
const programs = { ocapd: kProgram, get workerd() { return findReference(); } };

for (const [server, client] of pairs) {
  test(`the debug port of ${server}, used by ${client}`, async (t) => {
    const messages = await serve(t, programs[server], ['-s', 'http=127.0.0.1:0', '--debug-port=127.0.0.1:0', join(kDebugPort, 'target.capnp')], 2);
    const { port } = messages.find(({ socket }) => socket === 'debug-port');
    const { passed, failed, log } = await runTests(programs[client], [join(kDebugPort, 'client.capnp'), 'client'], { DEBUG_PORT_ADDRESS: `127.0.0.1:${port}` });
    assert.deepEqual(failed, [], log);
    assert.ok(passed.length > 15, log);
  });

  test(`RPC to ${server} from ${client} through CONNECT`, async (t) => {
    const at = (option) => kRpcSockets.flatMap((name) => [option, `${name}=unix:${join(scratch, `${server}-${name}`)}`]);
    await serve(t, programs[server], [...at('-s'), join(kRpc, 'callees_over_capnp.capnp')], kRpcSockets.length);
    const { passed, failed, log } = await runTests(programs[client], [...at('-e'), join(kRpc, 'callers_over_capnp.capnp'), 'callers']);
    assert.deepEqual(failed, kNotWithTheReference, log);
    assert.ok(passed.length > 25, log);
  });
}
