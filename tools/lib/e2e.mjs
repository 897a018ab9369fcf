// Runs test/e2e: each <room>/<behaviour>.js is a worker whose exports are the tests, and is run by
// "ocapd test", the way users test theirs. Where the worker needs more than itself, a config of the
// same name lies beside it: <behaviour>.capnp.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { repository } from './places.mjs';
import { say } from './say.mjs';

const kFolder = join(repository, 'test/e2e');
const kAtOnce = 2;
const kSecondsMax = 120;
const kCompatibilityDate = '2026-11-17';

const program = () => process.env.OCAPD_PROGRAM ?? join(repository, 'dist/ocapd-linux-x64/ocapd');

/** @returns {string[]} paths of test workers: those no config beside them uses as something else */
function findTests(folder = kFolder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      // A folder called "parts" holds what the tests beside it use.
      if (entry.isDirectory()) return entry.name === 'parts' ? [] : findTests(path);
      return entry.name.endsWith('.js') ? [path] : [];
    });
}

function writeConfig(test, scratch) {
  const name = relative(kFolder, test);
  const path = join(scratch, `${name.replaceAll('/', '-')}.capnp`);
  writeFileSync(path, [
    'using Workerd = import "/workerd/workerd.capnp";',
    'const config :Workerd.Config = (services = [(name = "main", worker = (',
    `  modules = [(name = "${name}", esModule = embed "${test}")],`,
    `  compatibilityDate = "${kCompatibilityDate}", compatibilityFlags = ["nodejs_compat"],`,
    '))]);', '',
  ].join('\n'));
  return path;
}

/** @returns {Promise<{ok: boolean, output: string}>} */
function runTest(test, scratch) {
  const own = test.replace(/\.js$/, '.capnp');
  const config = existsSync(own) ? own : writeConfig(test, scratch);
  return new Promise((resolve) => {
    const child = spawn(program(), ['test', '--experimental', '--import-path=/', config], {
      cwd: repository, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    const timer = setTimeout(() => {
      output += `\nstopped after ${kSecondsMax} s`;
      child.kill('SIGKILL');
    }, kSecondsMax * 1000);
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ ok: code === 0, output: signal ? `${output}\nended by ${signal}` : output });
    });
  });
}

/** @param {{count: function(string, boolean): void}} tally */
export async function runEndToEnd(tally) {
  const scratch = mkdtempSync(join(tmpdir(), 'ocapd-e2e-'));
  const queue = findTests();
  const runNext = async () => {
    for (let test = queue.shift(); test; test = queue.shift()) {
      const name = relative(repository, test);
      const { ok, output } = await runTest(test, scratch);
      tally.count(name, ok);
      if (!ok) say(`FAILED ${name}\n  ${output.trim().replaceAll('\n', '\n  ')}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: kAtOnce }, runNext));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
