// The distributed folder behaves as one ordinary program. Runs on dist/ocapd-linux-x64, or on the
// folder named by OCAPD_DIST.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const dist = process.env.OCAPD_DIST ?? join(repository, 'dist/ocapd-linux-x64');
const program = join(dist, 'ocapd');
const hello = join(repository, 'samples/hello/config.capnp');

function runVersion(path, options = {}) {
  return spawnSync(path, ['--version'], { encoding: 'utf8', ...options });
}

/** Starts the hello sample on a free port, as Miniflare would: events come over descriptor 3. */
async function serve(t, path = program, options = {}) {
  const child = spawn(path, ['serve', hello, '--socket-addr=http=127.0.0.1:0', '--control-fd=3'], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    ...options,
  });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const events = createInterface({ input: child.stdio[3] });
  const [line] = await Promise.race([
    once(events, 'line'),
    once(child, 'exit').then(() => {
      throw new Error(`ended before it listened: ${errors}`);
    }),
  ]);
  return { child, port: JSON.parse(line).port };
}

test('answers requests on a port told over descriptor 3', async (t) => {
  const { port } = await serve(t);
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(await answer.text(), 'Hello World\n');
});

test('is the process that was spawned, under its own name', async (t) => {
  const { child } = await serve(t);
  assert.equal(readlinkSync(`/proc/${child.pid}/exe`), program);
  assert.equal(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').split('\0')[0], program);
  assert.equal(readFileSync(`/proc/${child.pid}/comm`, 'utf8'), 'ocapd\n');
  assert.deepEqual(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'), '');
});

test('maps no library from outside its folder', async (t) => {
  const { child } = await serve(t);
  const mapped = readFileSync(`/proc/${child.pid}/maps`, 'utf8')
    .split('\n')
    .map((row) => row.slice(73))
    .filter((path) => /\.so(\.|$)/.test(path));
  assert.deepEqual(
    mapped.filter((path) => !path.startsWith(`${dist}/lib/`)),
    [],
  );
});

test('ends with 0 on SIGTERM', async (t) => {
  const { child } = await serve(t);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('ends on SIGINT', async (t) => {
  const { child } = await serve(t);
  child.kill('SIGINT');
  const [code, signal] = await once(child, 'exit');
  assert.ok(code === 0 || signal === 'SIGINT', `${code} ${signal}`);
});

test('starts again after SIGKILL', async (t) => {
  const first = await serve(t);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const { port } = await serve(t);
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
});

test('exits with 1 and says why on a wrong command line', () => {
  const result = spawnSync(program, ['serve', '/no/such/config.capnp'], { encoding: 'utf8' });
  assert.equal(result.status, 1);
  assert.match(result.stderr, /no\/such\/config\.capnp/);
});

test('runs from a copy in a folder with a space, through a link, by bare name, without environment', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ocapd dist '));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(dist, join(folder, 'copy'), { recursive: true });
  symlinkSync('copy/ocapd', join(folder, 'link'));
  const expected = runVersion(program).stdout;
  assert.match(expected, /\d{4}-\d\d-\d\d/);
  assert.equal(runVersion(join(folder, 'copy/ocapd')).stdout, expected);
  assert.equal(runVersion(join(folder, 'link')).stdout, expected);
  assert.equal(runVersion('ocapd', { env: { PATH: join(folder, 'copy') } }).stdout, expected);
  assert.equal(runVersion('./ocapd', { cwd: join(folder, 'copy'), env: {} }).stdout, expected);
});

test('says what is missing when the lib folder is', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ocapd-dist-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(program, join(folder, 'ocapd'));
  const { status, stderr } = runVersion(join(folder, 'ocapd'));
  assert.equal(status, 127);
  assert.match(stderr, /ocapd: cannot start: no .*lib\/ld-linux-x86-64\.so\.2/);
});

test("ignores the machine's LD_LIBRARY_PATH", (t) => {
  // Folders whose libc is not the one we came with.
  const foreign = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/usr/lib64'].filter(
    existsSync,
  );
  const { status, stderr } = runVersion(program, { env: { LD_LIBRARY_PATH: foreign.join(':') } });
  assert.equal(stderr, '');
  assert.equal(status, 0);
});

test('carries the license of every library', () => {
  const licenses = readdirSync(join(dist, 'licenses'));
  for (const name of ['libc6.txt', 'libnode137.txt']) assert.ok(licenses.includes(name), name);
});
