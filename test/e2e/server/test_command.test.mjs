// `ocapd test`: which tests run, what is said of them, the exit code.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { configText, makeFolder, run } from './harness.mjs';

function worker(name, source, more = '') {
  return `(name = "${name}", worker = (modules = [(name = "main.js", esModule = ${JSON.stringify(source)})], ` +
    `compatibilityDate = "2025-10-01" ${more}))`;
}

const kTests = worker('a', `
  export default { test() {} };
  export const t2 = { test() { throw new TypeError('boo'); } };
  export const t3 = { async test() { await Promise.resolve(); } };
  export const other = { fetch() {} };
`);

function write(t, services) {
  const path = join(makeFolder(t), 'config.capnp');
  writeFileSync(path, configText(services, ''));
  return path;
}

const verdicts = (stderr) => [...stderr.matchAll(/debug: (\[ \w+ \]) (\S+)/g)].map(([, a, b]) => `${a} ${b}`);

test('all tests run, the default one first; one that fails shows its stack', async (t) => {
  const { code, stdout, stderr } = await run('test', write(t, kTests));
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.deepEqual(verdicts(stderr),
    ['[ TEST ] a', '[ PASS ] a', '[ TEST ] a:t2', '[ FAIL ] a:t2', '[ TEST ] a:t3', '[ PASS ] a:t3']);
  assert.match(stderr, /TypeError: boo\n\s+at .*main\.js:3/);
  assert.match(stderr, /\[ PASS \] a:t3 \(\d+(\.\d)?(µs|ms|s)\)/);
  assert.match(stderr, /Tests failed!/);
});

test('a filter chooses services and entrypoints', async (t) => {
  const path = write(t, `${kTests}, ${worker('b', 'export default { test() {} };')}`);
  for (const [filter, code, expected] of [
    ['b', 0, ['[ TEST ] b', '[ PASS ] b']],
    ['a:t3', 0, ['[ TEST ] a:t3', '[ PASS ] a:t3']],
    ['?:default', 0, ['[ TEST ] a', '[ PASS ] a', '[ TEST ] b', '[ PASS ] b']],
    ['a:t[12]', 1, ['[ TEST ] a:t2', '[ FAIL ] a:t2']],
    ['config:b:*', 0, ['[ TEST ] b', '[ PASS ] b']],
    ['nowhere', 1, []],
  ]) {
    const result = await run('test', path, filter);
    assert.equal(result.code, code, filter);
    assert.deepEqual(verdicts(result.stderr), expected, filter);
  }
  const many = await run('test', path, 'a:b:c:d');
  assert.equal(many.code, 1);
  assert.match(many.stderr, /Too many colons\./);
  assert.match((await run('test', path, 'nowhere')).stderr, /No tests found!/);
});

test('the command line gives the date to workers that have none', async (t) => {
  const path = write(t, worker('a', `export default { test() {
    if (!Cloudflare.compatibilityFlags.enable_ctx_exports) throw new Error('too old');
  } };`).replace(', compatibilityDate = "2025-10-01" ', ''));
  assert.equal((await run('test', path, '--compat-date=2026-01-01')).code, 0);
  assert.equal((await run('test', path, '--compat-date=2024-01-01')).code, 1);
  assert.match((await run('test', path)).stderr, /Worker must specify compatibilityDate\./);
});

test('RPC, as its own suite of workers tells', async () => {
  const config = fileURLToPath(new URL('../rpc/workers/rpc.capnp', import.meta.url));
  const { code, stderr } = await run('test', config, 'callers', '--experimental');
  assert.equal(code, 0, stderr);
});

test('RPC, with everything unreachable collected after every turn', async () => {
  const config = fileURLToPath(new URL('../rpc/workers/rpc.capnp', import.meta.url));
  const { code, stderr } = await run('test', config, 'callers', '--experimental', '--gc-stress');
  assert.equal(code, 0, stderr);
});
