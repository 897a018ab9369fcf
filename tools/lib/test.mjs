// tools/test: all checks, counted. The closing line is "N passed, M failed".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bazelCommand, quietFlags } from './bazel.mjs';
import { buildFuzzTargets, findFuzzTargets } from './fuzz.mjs';
import { installPackages } from './npm_packages.mjs';
import { cache, lib, repository } from './places.mjs';
import { openRoot } from './root.mjs';
import { runMain, say, seconds, Trouble } from './say.mjs';

const program = join(repository, 'dist/ocapd-linux-x64/ocapd');

class Tally {
  passed = 0;
  failed = [];

  /** @param {boolean} ok */
  count(name, ok) {
    if (ok) ++this.passed;
    else this.failed.push(name);
  }
}

/** Counts one check that is a tool of ours and speaks for itself. */
function runTool(tally, name, script, args = []) {
  const { status } = spawnSync(process.execPath, [join(lib, script), ...args], {
    stdio: ['ignore', 2, 2],
  });
  tally.count(name, status === 0);
}

/** Runs files of node:test and counts their tests. */
function runNodeTests(tally, files, variables = {}, prefix = '') {
  if (files.length === 0) return;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--test', '--test-reporter=tap', ...files],
    {
      cwd: repository,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, OCAPD_BIN: program, ...variables },
    },
  );
  const passed = Number(stdout.match(/^# pass (\d+)$/m)?.[1] ?? 0);
  // Rows of a test, of what contains it and of its file; the innermost says what went wrong.
  const failed = [...stdout.matchAll(/^ *not ok \d+ - (.*)\n( *---\n[^]*?\n *\.\.\.$)?/gm)]
    .filter(([, , details]) => !/failureType: 'subtestsFailed'/.test(details ?? ''))
    .map(([, name]) => prefix + name);
  tally.passed += passed;
  for (const name of failed) tally.count(name, false);
  if (passed + failed.length === 0) tally.count(`${files.join(' ')} (no test ran)`, false);
  if (failed.length > 0 || passed === 0) say(stdout + stderr);
}

/** Runs the test workers of test/e2e and counts their tests. */
function runTestWorkers(tally) {
  const { stdout, stderr } = spawnSync(process.execPath, [join(repository, 'test/e2e/run.mjs')], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, OCAPD_BIN: program },
  });
  const rows = [...stdout.matchAll(/^(not )?ok (.*)$/gm)];
  for (const [, not, name] of rows) tally.count(name, !not);
  if (rows.length === 0) tally.count('test/e2e/run.mjs (no test ran)', false);
  if (rows.length === 0 || rows.some(([, not]) => not))
    say(stdout.replace(/^ok .*\n/gm, '') + stderr);
}

/** Runs "bazel test" and counts each test, and each target that does not build. */
function runBazelTests(tally, root, name, flags) {
  const events = join(cache, `events.${process.pid}.json`);
  const [program, ...args] = bazelCommand(root, [
    'test',
    ...flags,
    '--keep_going',
    '--noshow_progress',
    '--show_result=0',
    '--test_summary=terse',
    `--build_event_json_file=${events}`,
    '//...',
  ]);
  const { status } = spawnSync(program, args, { cwd: repository, stdio: ['ignore', 2, 2] });
  const before = tally.failed.length;
  const tested = new Set();
  const rows = existsSync(events)
    ? readFileSync(events, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((row) => JSON.parse(row))
    : [];
  for (const { id, testSummary } of rows) {
    if (!testSummary) continue;
    tested.add(id.testSummary.label);
    tally.count(
      `${name} ${id.testSummary.label}`,
      ['PASSED', 'FLAKY'].includes(testSummary.overallStatus),
    );
  }
  for (const { id, completed, aborted } of rows) {
    const label = id.targetCompleted?.label;
    if (label && !tested.has(label) && (aborted || !completed?.success)) {
      tally.count(`${name} ${label} (build)`, false);
    }
  }
  rmSync(events, { force: true });
  const kNoTests = 4;
  if (status !== 0 && status !== kNoTests && tally.failed.length === before) {
    tally.count(`${name} (bazel exited with ${status})`, false);
  }
}

/** Files of node:test in a folder and those below it. */
function findNodeTests(folder) {
  const path = join(repository, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const name = join(folder, entry.name);
      if (entry.isDirectory()) return findNodeTests(name);
      return /[._]test\.mjs$/.test(name) ? [name] : [];
    })
    .sort();
}

/** Packs the npm package, installs it elsewhere, and asks the copy for its version. */
function runPackage(tally) {
  const folder = mkdtempSync(join(tmpdir(), 'ocapd-npm-'));
  try {
    const run = (command, args) => {
      const result = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
      if (result.status !== 0)
        say(`${command} ${args.join(' ')}:\n${result.stdout}${result.stderr}`);
      return result.status === 0 ? result.stdout.trim() : undefined;
    };
    const packed = run('npm', [
      'pack',
      '--silent',
      '--pack-destination',
      folder,
      join(repository, 'dist/npm/ocapd'),
    ]);
    tally.count('npm pack', packed !== undefined);
    if (packed === undefined) return;
    tally.count(
      'npm install',
      run('npm', [
        'install',
        '--silent',
        '--offline',
        '--no-audit',
        '--no-fund',
        join(folder, packed.split('\n').pop()),
      ]) !== undefined,
    );
    const version = run('npx', ['--no-install', 'ocapd', '--version']);
    tally.count('npx ocapd', /\d{4}-\d\d-\d\d/.test(version ?? ''));
    const script =
      "import path, { compatibilityDate } from 'ocapd'; " +
      "import { execFileSync } from 'node:child_process'; " +
      "const out = execFileSync(path.default ?? path, ['--version'], { encoding: 'utf8' }); " +
      'if (!out.includes(compatibilityDate)) throw new Error(out);';
    tally.count(
      "import 'ocapd'",
      run(process.execPath, ['--input-type=module', '-e', script]) !== undefined,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let packed = false;

/** Makes the folder that the checks run on, once. */
function makeDist(tally) {
  if (!packed) runTool(tally, 'dist', 'dist.mjs');
  packed = true;
}

// In this order: what is quick and what is nearest to the change first.
const parts = {
  tools: (tally) => runNodeTests(tally, findNodeTests('tools/lib')),
  tidy: (tally) => runTool(tally, 'tidy', 'tidy.mjs'),
  format: (tally) => runTool(tally, 'format', 'format.mjs', ['--check']),
  unit: (tally, root) => runBazelTests(tally, root, 'opt', ['-c', 'opt']),
  dist: (tally) => {
    makeDist(tally);
    runNodeTests(tally, findNodeTests('test/dist'));
    runPackage(tally);
  },
  e2e: (tally) => {
    makeDist(tally);
    runTestWorkers(tally);
    runNodeTests(tally, findNodeTests('test/e2e'));
  },
  interop: (tally) => {
    makeDist(tally);
    const packages = { INTEROP_PACKAGES: installPackages('test/interop') };
    runNodeTests(tally, findNodeTests('test/interop'), packages);
    // What the reference fails is a wrong test.
    const reference = { ...packages, OCAPD_BIN: '' };
    runNodeTests(tally, findNodeTests('test/interop'), reference, 'the reference, ');
  },
  asan: (tally, root) =>
    runBazelTests(tally, root, 'asan', ['--config=asan', '--build_tests_only']),
  fuzz: (tally, root) =>
    tally.count('fuzz targets build', buildFuzzTargets(root, findFuzzTargets(root))),
};

await runMain(async () => {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    throw new Trouble(
      `no part "${unknown.join('", "')}". There are: ${Object.keys(parts).join(', ')}.`,
    );
  }
  mkdirSync(cache, { recursive: true });
  const start = performance.now();
  const root = openRoot();
  const tally = new Tally();
  for (const name of wanted.length ? wanted : Object.keys(parts)) {
    const begun = performance.now();
    const [passed, failed] = [tally.passed, tally.failed.length];
    say(`== ${name}`);
    try {
      await parts[name](tally, root);
    } catch (error) {
      say(error.stack);
      tally.count(name, false);
    }
    say(
      `== ${name}: ${tally.passed - passed} passed, ${tally.failed.length - failed} failed, ` +
        seconds(begun),
    );
  }
  if (tally.failed.length > 0) say(`\nFailed:\n  ${tally.failed.join('\n  ')}`);
  say(`\nTook ${seconds(start)}.`);
  console.log(`${tally.passed} passed, ${tally.failed.length} failed`);
  return tally.failed.length === 0 ? 0 : 1;
});
