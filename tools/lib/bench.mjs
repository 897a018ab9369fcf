// tools/bench: each scenario in alternating rounds, ocapd and workerd, medians and their ratio.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bazelCommand, quietFlags } from './bazel.mjs';
import { scenarios, streamFile } from './bench_scenarios.mjs';
import { Server } from './bench_server.mjs';
import { installPackages } from './npm_packages.mjs';
import { repository } from './places.mjs';
import { openRoot } from './root.mjs';
import { runMain, say, Trouble } from './say.mjs';

const kRounds = 5;
const kLoadFolder = 'bazel-out/k8-opt/bin/test/bench/load';

/** The published workerd, of our lock file. */
export function openReference() {
  const folder = installPackages('test/bench/reference');
  return join(folder, 'node_modules/@cloudflare/workerd-linux-64/bin/workerd');
}

function buildLoadTools() {
  const [program, ...args] = bazelCommand(openRoot(), [
    'build',
    '-c',
    'opt',
    ...quietFlags(),
    '--show_result=0',
    '//test/bench/load:all',
  ]);
  const { status } = spawnSync(program, args, { cwd: repository, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Trouble('building test/bench/load failed (see above).');
  const folder = join(repository, kLoadFolder);
  return { load: join(folder, 'load'), coldStart: join(folder, 'cold_start') };
}

function openProgram() {
  if (process.env.OCAPD_PROGRAM) return process.env.OCAPD_PROGRAM;
  const { status } = spawnSync(process.execPath, [join(repository, 'tools/lib/dist.mjs')], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Trouble('ocapd could not be built.');
  return join(repository, 'dist/ocapd-linux-x64/ocapd');
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function measureOnce(scenario, program, scratch, tools) {
  const config = join(scratch, `${scenario.name}.capnp`);
  writeFileSync(config, scenario.text);
  const usesFiles = scenario.text.includes('disk = ');
  const server = await Server.create(
    { program, config, files: join(scratch, 'files'), usesFiles },
    tools,
  );
  if (scenario.startsItself) return scenario.measure(server);
  try {
    await server.start();
    return await scenario.measure(server);
  } finally {
    await server.stop();
  }
}

function readArguments() {
  const options = { rounds: kRounds, markdown: false, only: undefined, names: [] };
  for (const argument of process.argv.slice(2)) {
    const [flag, value] = argument.split('=');
    if (flag === '--markdown') options.markdown = true;
    else if (flag === '--rounds') options.rounds = Number(value);
    else if (flag === '--only') options.only = value;
    else if (scenarios.some(({ name }) => name === argument)) options.names.push(argument);
    else
      throw new Trouble(
        `no scenario "${argument}". There are: ${scenarios.map(({ name }) => name).join(', ')}.`,
      );
  }
  return options;
}

function printTable(rows, markdown) {
  const cells = [['scenario', 'unit', 'ocapd', 'workerd', 'ratio'], ...rows];
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  const line = (row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
  cells.forEach((row, i) => {
    console.log(markdown ? `| ${line(row).join(' | ')} |` : line(row).join('  '));
    if (markdown && i === 0)
      console.log(
        `|${widths.map((w, j) => (j < 2 ? '-'.repeat(w + 2) : `${'-'.repeat(w + 1)}:`)).join('|')}|`,
      );
  });
}

await runMain(async () => {
  const options = readArguments();
  const chosen = scenarios.filter(
    ({ name }) => options.names.length === 0 || options.names.includes(name),
  );
  const tools = buildLoadTools();
  const programs = {};
  if (options.only !== 'workerd') programs.ocapd = openProgram();
  if (options.only !== 'ocapd') programs.workerd = openReference();
  const scratch = mkdtempSync(join(tmpdir(), 'ocapd-bench-'));
  const rows = [];
  try {
    mkdirSync(join(scratch, 'files'));
    writeFileSync(
      join(scratch, 'files', streamFile.name),
      Buffer.alloc(streamFile.bytes, 'ocapd '),
    );
    for (const scenario of chosen) {
      const figures = Object.fromEntries(Object.keys(programs).map((name) => [name, []]));
      const rounds = Math.max(options.rounds, scenario.roundsMin ?? 0);
      for (let round = 0; round < rounds; ++round) {
        for (const [name, program] of Object.entries(programs)) {
          if (!figures[name]) continue;
          try {
            figures[name].push(await measureOnce(scenario, program, scratch, tools));
          } catch (error) {
            if (!(error instanceof Trouble)) throw error;
            say(`${scenario.name}: ${name} failed: ${error.message}`);
            figures[name] = undefined;
          }
        }
      }
      const show = (name) => (figures[name] ? median(figures[name]).toFixed(1) : '-');
      const ratio =
        figures.ocapd && figures.workerd
          ? (median(figures.ocapd) / median(figures.workerd)).toFixed(2)
          : '-';
      rows.push([scenario.name, scenario.unit, show('ocapd'), show('workerd'), ratio]);
      say(
        `${scenario.name}: ocapd ${show('ocapd')}, workerd ${show('workerd')} ${scenario.unit}, ratio ${ratio}`,
      );
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  printTable(rows, options.markdown);
});
