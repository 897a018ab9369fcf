// tools/wpt: runs Web Platform Tests of a checkout on ocapd and on a workerd, and writes docs/WPT.md.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { inapplicable, toWorker } from './wpt_worker.mjs';
import { reasonFor } from './wpt_reasons.mjs';

const kRepository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const kPage = join(kRepository, 'docs/WPT.md');
// What is counted, a row each.
const kDirectories = [
  'url', 'urlpattern', 'encoding', 'streams/piping', 'streams/readable-byte-streams',
  'streams/readable-streams', 'streams/transform-streams', 'streams/writable-streams', 'streams',
  'fetch/api', 'fetch/data-urls', 'FileAPI', 'WebCryptoAPI', 'compression', 'dom/abort',
  'dom/events', 'websockets', 'html/webappapis',
];
const kDate = '2026-11-20';
const kSecondsMax = 30;
const kControlFd = 3;

const kEcho = `export default { fetch(request) {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.binaryType = 'arraybuffer';
  server.addEventListener('message', ({ data }) => data === 'Goodbye' ? server.close(1000) : server.send(data));
  server.addEventListener('close', ({ code, reason }) => server.close(code === 1005 ? undefined : code, reason));
  const protocol = request.headers.get('Sec-WebSocket-Protocol')?.split(',')[0].trim();
  return new Response(null, { status: 101, webSocket: client,
    headers: protocol ? { 'Sec-WebSocket-Protocol': protocol } : {} });
} };`;

/** Writes a config for one worker; gives its path. */
function writeConfig(folder, script, root) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'worker.js'), script);
  const config = join(folder, 'config.capnp');
  writeFileSync(config, `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "${kDate}",
      compatibilityFlags = ["no_nodejs_compat", "nodejs_compat_populate_process_env"],
      bindings = [(name = "FILES", service = "files")])),
    (name = "files", disk = (path = "${root}")),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  v8Flags = ["--expose-gc"],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`);
  return config;
}

/** Starts a program; its port and a way to end it. */
function start(program, config) {
  const child = spawn(program, ['serve', `--control-fd=${kControlFd}`, config],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  let messages = '';
  const listening = new Promise((done, failed) => {
    child.stdio[kControlFd].setEncoding('utf8').on('data', (text) => {
      messages += text;
      const port = messages.match(/"port":\s*(\d+)/)?.[1];
      if (port) done(Number(port));
    });
    child.on('error', failed);
    child.on('exit', () => failed(new Error(output.trim().split('\n')[0])));
  });
  listening.catch(() => {});
  return { listening, end: () => child.kill('SIGKILL') };
}

/** @returns {Promise<{how: string, results: [string, number, string | null][]}>} */
async function runTest(program, config) {
  const server = start(program, config);
  try {
    const port = await server.listening;
    const response = await fetch(`http://127.0.0.1:${port}/`,
      { signal: AbortSignal.timeout(kSecondsMax * 1000) });
    const text = await response.text();
    return response.ok ? JSON.parse(text) : { how: text.slice(0, 200), results: [] };
  } catch (error) {
    return { how: String(error.message).slice(0, 200), results: [] };
  } finally {
    server.end();
  }
}

function findTests(root) {
  return kDirectories
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true })
      .map((name) => join(folder, name)))
    .filter((file) => /\.(any|worker)\.js$/.test(file) ||
      (/^(url|encoding)\/[^/]*\.html$/.test(file) && !existsSync(join(root, file.replace('.html', '.any.js')))))
    .filter((file, index, all) => all.indexOf(file) === index)
    .sort();
}

const directoryOf = (file) =>
  kDirectories.filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];

/** Counts of one program. */
class Tally {
  rows = new Map(kDirectories.map((folder) => [folder, { passed: 0, total: 0 }]));
  failing = new Map();

  add(file, { how, results }) {
    const row = this.rows.get(directoryOf(file));
    const passed = results.filter(([, status]) => status === 0).length;
    const isWhole = how === 'ok' && results.length > 0;
    row.passed += passed;
    row.total += results.length + (isWhole ? 0 : 1);
    if (isWhole && passed === results.length) return;
    const failures = results.filter(([, status]) => status !== 0).map(([name, , why]) => ({ name, why }));
    if (!isWhole) failures.unshift({ name: 'the file as a whole', why: how });
    this.failing.set(file, { passed, total: results.length + (isWhole ? 0 : 1), failures });
  }
}

function writePage(tallies, skipped) {
  const programs = Object.keys(tallies);
  const cell = (tally, folder) => {
    const { passed, total } = tally.rows.get(folder);
    return total === 0 ? 'not there' : `${passed} / ${total}`;
  };
  const lines = [
    '# Web Platform Tests', '',
    'Subtests passed and run, by directory, as `tools/wpt DIR` counts them. A file that does not come',
    'to its end counts as one more that fails.', '',
    `| Directory | ${programs.join(' | ')} |`, `|---|${programs.map(() => '---|').join('')}`,
    ...kDirectories.map((folder) =>
      `| ${folder} | ${programs.map((program) => cell(tallies[program], folder)).join(' | ')} |`),
    '', '## What fails', '', 'In ocapd, with the reason.', '', '| File | Passed | Reason |', '|---|---|---|',
  ];
  for (const [file, { passed, total }] of tallies.ocapd.failing) {
    lines.push(`| ${file} | ${passed} / ${total} | ${reasonFor(file) ?? 'not looked into yet'} |`);
  }
  lines.push('', '## What is not run', '', '| Reason | Files |', '|---|---|');
  for (const reason of [...new Set(skipped.values())].sort()) {
    lines.push(`| ${reason} | ${[...skipped.values()].filter((each) => each === reason).length} |`);
  }
  writeFileSync(kPage, `${lines.join('\n')}\n`);
}

async function main() {
  const [directory, ...wanted] = process.argv.slice(2);
  if (!directory) throw new Error('Usage: tools/wpt DIR [PART...]; DIR is a checkout of the tests.');
  const root = resolve(directory);
  const harness = readFileSync(join(root, 'resources/testharness.js'), 'utf8');
  const programs = { ocapd: process.env.OCAPD_BIN ?? join(kRepository, 'tools/ocapd') };
  if (process.env.WORKERD_BIN) programs.workerd = process.env.WORKERD_BIN;
  const scratch = mkdtempSync(join(tmpdir(), 'wpt-'));
  const echo = start(programs.ocapd, writeConfig(join(scratch, 'echo'), kEcho, root));
  const echoPort = String(await echo.listening);
  const places = {
    '{{host}}': '127.0.0.1', '{{ports[ws][0]}}': echoPort, '{{ports[ws][1]}}': echoPort,
    '{{ports[wss][0]}}': echoPort, '{{ports[http][0]}}': echoPort, '{{ports[https][0]}}': echoPort,
    '{{domains[www1]}}': '127.0.0.1', '{{domains[]}}': '127.0.0.1',
  };
  const tallies = Object.fromEntries(Object.keys(programs).map((name) => [name, new Tally()]));
  const skipped = new Map();
  try {
    for (const file of findTests(root)) {
      if (wanted.length > 0 && !wanted.some((part) => file.includes(part))) continue;
      const why = inapplicable(root, file);
      if (why !== undefined) {
        skipped.set(file, why);
        continue;
      }
      const config = writeConfig(join(scratch, 'test'), toWorker(root, file, harness, places), root);
      for (const [name, program] of Object.entries(programs)) {
        tallies[name].add(file, await runTest(program, config));
      }
    }
  } finally {
    echo.end();
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const [name, tally] of Object.entries(tallies)) {
    for (const [folder, { passed, total }] of tally.rows) {
      if (total > 0) console.log(`${name} ${folder}: ${passed} / ${total}`);
    }
  }
  if (wanted.length === 0) return writePage(tallies, skipped);
  for (const [name, tally] of Object.entries(tallies)) {
    for (const [file, { failures }] of tally.failing) {
      for (const each of failures) console.log(`${name} ${file}: ${each.name}: ${each.why}`);
    }
  }
}

await main();
