// tools/fuzz: builds the targets tagged "fuzz" with clang and runs them, one after another.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { bazelCommand, quietFlags } from './bazel.mjs';
import { cache, repository } from './places.mjs';
import { inRoot, openRoot } from './root.mjs';
import { runMain, say, Trouble } from './say.mjs';

const kSecondsEach = 60;
const kOutput = 'bazel-out/k8-fastbuild-fuzz/bin';

/** @returns {string[]} labels */
export function findFuzzTargets(root) {
  const [program, ...args] = bazelCommand(root, [
    'query',
    '--ui_event_filters=-info,-warning',
    '--noshow_progress',
    'attr(tags, "\\bfuzz\\b", //...)',
  ]);
  const { stdout, status, stderr } = spawnSync(program, args, {
    cwd: repository,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Trouble(`bazel query failed:\n${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

/** @returns {boolean} whether all targets were built */
export function buildFuzzTargets(root, labels) {
  if (labels.length === 0) return true;
  const [program, ...args] = bazelCommand(root, [
    'build',
    '--config=fuzz',
    '--show_result=0',
    ...quietFlags(),
    ...labels,
  ]);
  return spawnSync(program, args, { cwd: repository, stdio: ['ignore', 2, 2] }).status === 0;
}

function runTarget(root, label, seconds) {
  const path = label.replace('//', '').replace(':', '/');
  const corpus = join(cache, 'fuzz', path);
  const crashes = join(repository, 'fuzz-crashes');
  const seeds = join(repository, `${path}_corpus`);
  for (const folder of [corpus, crashes]) mkdirSync(folder, { recursive: true });
  say(`${label} for ${seconds} s …`);
  const [program, ...args] = inRoot(root.folder, [
    join(kOutput, path),
    `-max_total_time=${seconds}`,
    '-print_final_stats=1',
    '-verbosity=0',
    `-artifact_prefix=${crashes}/${path.replace(/.*\//, '')}-`,
    corpus,
    ...(existsSync(seeds) ? [seeds] : []),
  ]);
  return spawnSync(program, args, { cwd: repository, stdio: ['ignore', 2, 2] }).status === 0;
}

async function main() {
  const given = process.argv.slice(2);
  const seconds = /^\d+$/.test(given[0] ?? '') ? Number(given.shift()) : kSecondsEach;
  const root = openRoot();
  const all = findFuzzTargets(root);
  const labels =
    given.length === 0 ? all : all.filter((label) => given.includes(label.replace(/.*:/, '')));
  if (labels.length === 0) {
    throw new Trouble(
      `no such fuzz target. There are: ${all.map((label) => label.replace(/.*:/, '')).join(', ') || 'none'}.`,
    );
  }
  if (!buildFuzzTargets(root, labels))
    throw new Trouble('building the fuzz targets failed (see above).');
  const failed = labels.filter((label) => !runTarget(root, label, seconds));
  say(
    failed.length === 0
      ? 'No crashes.'
      : `Crashed: ${failed.join(', ')}; inputs are in fuzz-crashes/.`,
  );
  return failed.length === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('fuzz.mjs')) await runMain(main);
