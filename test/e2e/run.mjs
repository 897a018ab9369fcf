// Runs test/e2e: each <room>/<behaviour>.js is a worker whose exports are the tests. Usage:
//
//   OCAPD_BIN=path/to/ocapd node test/e2e/run.mjs [part of a file's path ...]
//
// OCAPD_BIN may name a workerd: the tests then say whether what they expect is compatible. Files in
// kOwnWays are about what ocapd does its own way; a workerd is not asked for them.
//
// A test worker may also have a default export; its fetch() answers what the tests send through
// env.SELF to any host but kHarnessHost. Durable Objects are asked for in the first lines:
//
//   // actors: Box=sql Plain Local=ephemeral Pinned=sql,preventEviction
//   // actor storage: inMemory
//   // actor classes: Inner=Box
//   // flags: enable_ctx_exports
//   // bindings: KV=kvNamespace DB=wrapped:cloudflare-internal:d1-api
//
// Each of these classes is exported by the test worker, and bound to env by its name. They live on
// disk if nothing else is said, in a folder that goes with the test. `actor classes` are bindings to
// exported classes without a namespace, `flags` are compatibility flags, the service behind `bindings`
// is the test worker itself. Prints a line for each test; exits with 1 when one failed
// or none ran.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const kFolder = dirname(fileURLToPath(import.meta.url));
// From 2026 on dates bring Node's globals, whose timers are objects; what else is newer is named.
const kCompatibilityDate = '2025-10-01';
const kCompatibilityFlags = ['strip_bom_in_read_all_text'];
// Where they matter: folder by folder.
const kFolderFlags = { node: ['nodejs_compat', 'enable_nodejs_punycode_module'] };
const kHarnessHost = '127.0.0.1';
const kStartSecondsMax = 30;
const kTestSecondsMax = 60;
const kControlFd = 3;

const program = process.env.OCAPD_BIN;
const isReference = /workerd[^/]*$/.test(program ?? '');

// Departures from the reference, towards the standards: see docs/COMPATIBILITY.md.
const kOwnWays = /\.own\.js$/;

const kHarness = (test, classes) => `
${classes.length === 0 ? '' : `export { ${classes.join(', ')} } from './${test}';`}
import * as tests from './${test}';
const { default: served, ...named } = tests;
export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (url.hostname !== '${kHarnessHost}') return served.fetch(request, env, ctx);
    const name = url.pathname.slice(1);
    if (name === '') {
      const isTest = (each) => typeof named[each] !== 'function';
      return Response.json(Object.keys(named).filter(isTest));
    }
    try {
      await named[name].test({}, env, ctx);
      return new Response('ok');
    } catch (error) {
      const text = error?.stack ?? String(error);
      return new Response(text, { status: 500 });
    }
  },
};
`;

/** @returns {string[]} paths of test workers, relative to this folder */
function findTests() {
  const wanted = process.argv.slice(2);
  return readdirSync(kFolder, { recursive: true })
    .filter((name) => /^[^/]+\/[^/]+\.js$/.test(name))
    .filter((name) => !(isReference && kOwnWays.test(name)))
    .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
    .sort();
}

/**
 * What the first lines of a test say of Durable Objects.
 * @returns {{classes: string[], flags: string[], isExperimental: boolean, worker: string,
 *            bindings: string[]}}
 */
function readActors(test, disk) {
  const text = readFileSync(join(kFolder, test), 'utf8');
  const wanted = text.match(/^\/\/ actors: (.*)$/m)?.[1].split(' ') ?? [];
  const storage = text.match(/^\/\/ actor storage: (\w+)$/m)?.[1] ?? 'localDisk';
  const classes = text.match(/^\/\/ actor classes: (.*)$/m)?.[1].split(' ') ?? [];
  const actors = wanted.map((each) => {
    const [name, options = ''] = each.split('=');
    return { name, options: options.split(',') };
  });
  const isEphemeral = ({ options }) => options.includes('ephemeral');
  const namespaces = actors.map(({ name, options }) => [
    `className = "${name}"`,
    options.includes('ephemeral') ? 'ephemeralLocal = void' : `uniqueKey = "key-${name}"`,
    ...(options.includes('sql') ? ['enableSql = true'] : []),
    ...(options.includes('preventEviction') ? ['preventEviction = true'] : []),
  ]);
  const place = storage === 'localDisk' ? `localDisk = "${disk}"` : `${storage} = void`;
  return {
    classes: [...actors.map(({ name }) => name), ...classes.map((each) => each.split('=')[1])],
    flags: text.match(/^\/\/ flags: (.*)$/m)?.[1].split(' ') ?? [],
    isExperimental: actors.some(isEphemeral) || classes.length > 0,
    worker: actors.length === 0 ? '' : `
    durableObjectNamespaces = [${namespaces.map((each) => `(${each.join(', ')})`).join(', ')}],
    durableObjectStorage = (${place}),`,
    bindings: [
      ...actors.map(({ name }) =>
        `(name = "${name}", durableObjectNamespace = (className = "${name}"))`),
      ...classes.map((each) => each.split('=')).map(([name, entrypoint]) =>
        `(name = "${name}", durableObjectClass = (name = "main", entrypoint = "${entrypoint}"))`),
    ],
  };
}

/** What the first lines of a test say of bindings. */
function readBindings(test) {
  const text = readFileSync(join(kFolder, test), 'utf8');
  const wanted = text.match(/^\/\/ bindings: (.*)$/m)?.[1].split(' ') ?? [];
  return wanted.map((each) => {
    const [name, kind] = each.split('=');
    if (!kind.startsWith('wrapped:')) return `(name = "${name}", ${kind} = "main")`;
    const module = kind.slice('wrapped:'.length);
    const inner = '(name = "fetcher", service = "main")';
    return `(name = "${name}", wrapped = (moduleName = "${module}", innerBindings = [${inner}]))`;
  });
}

/** A config that serves the test worker on a port of the system's choice. */
function writeConfig(test, scratch) {
  const harness = join(scratch, 'harness.js');
  const config = join(scratch, 'config.capnp');
  const disk = join(scratch, 'actors');
  mkdirSync(disk);
  const actors = readActors(test, 'disk');
  writeFileSync(harness, kHarness(test, actors.classes));
  writeFileSync(config, `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [
      (name = "harness.js", esModule = embed "harness.js"),
      (name = "${test}", esModule = embed "${join(kFolder, test)}"),
      (name = "assert.js", esModule = embed "${join(kFolder, 'assert.js')}"),
    ],
    compatibilityDate = "${kCompatibilityDate}",
    compatibilityFlags = ${JSON.stringify([...kCompatibilityFlags, ...(kFolderFlags[dirname(test)] ?? []), ...actors.flags])},
    bindings = [${['(name = "SELF", service = "main")', ...actors.bindings, ...readBindings(test)].join(', ')}],${actors.worker}
  )), (name = "disk", disk = (path = "${disk}", writable = true))],
  sockets = [(name = "http", address = "${kHarnessHost}:0", http = (), service = "main")],
);
`);
  return { config, flags: actors.isExperimental ? ['--experimental'] : [] };
}

/** Starts the program; resolves to its port once it listens. */
function start({ config, flags }) {
  const args = ['serve', '--import-path=/', `--control-fd=${kControlFd}`, ...flags, config];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const server = { child, output: '', port: 0, ended: undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (server.output += text));
  }
  server.ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(String(error)));
    child.on('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  const listening = new Promise((resolve) => {
    let messages = '';
    child.stdio[kControlFd].setEncoding('utf8').on('data', (text) => {
      messages += text;
      for (const line of messages.split('\n').slice(0, -1)) {
        const message = JSON.parse(line);
        if (message.event === 'listen') resolve(message.port);
      }
    });
  });
  return { server, listening };
}

/** `promise`, or a rejection when it takes too long. */
async function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took over ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function get(port, name) {
  const response = await fetch(`http://${kHarnessHost}:${port}/${name}`);
  return { status: response.status, text: await response.text() };
}

/** @returns {Promise<{name: string, problem?: string}[]>} the file's tests */
async function runFile(test) {
  const scratch = mkdtempSync(join(tmpdir(), 'ocapd-e2e-'));
  const { server, listening } = start(writeConfig(test, scratch));
  const results = [];
  try {
    const died = server.ended.then((why) => Promise.reject(new Error(`the program ${why}`)));
    died.catch(() => {});
    const port = await within(kStartSecondsMax, 'start', Promise.race([listening, died]));
    const listed = await within(kStartSecondsMax, 'listing', Promise.race([get(port, ''), died]));
    if (listed.status !== 200) throw new Error(`cannot list the tests: ${listed.text}`);
    for (const name of JSON.parse(listed.text)) {
      const done = Promise.race([get(port, name), died]);
      const outcome = await within(kTestSecondsMax, name, done)
        .catch((error) => ({ status: 0, text: String(error?.stack ?? error) }));
      results.push({ name, problem: outcome.status === 200 ? undefined : outcome.text });
    }
    if (results.length === 0) results.push({ name: '', problem: 'it exports no test' });
  } catch (error) {
    results.push({ name: '', problem: String(error?.message ?? error) });
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    rmSync(scratch, { recursive: true, force: true });
  }
  // A sanitizer's report fails the file even when every answer was right.
  const failure = results.findLast(({ problem }) => problem !== undefined);
  if (/(Address|UndefinedBehavior)Sanitizer|runtime error:/.test(server.output)) {
    results.push({ name: '', problem: server.output });
  } else if (failure && server.output) {
    failure.problem += `\n[program] ${server.output.trim()}`;
  }
  return results;
}

async function main() {
  if (!program) {
    console.error('OCAPD_BIN is not set. Set it to the ocapd program to test.');
    return 1;
  }
  let passed = 0;
  let failed = 0;
  for (const test of findTests()) {
    for (const { name, problem } of await runFile(test)) {
      const title = `${relative('.', join(kFolder, test))}${name && `: ${name}`}`;
      if (problem === undefined) {
        passed += 1;
        console.log(`ok ${title}`);
      } else {
        failed += 1;
        console.log(`not ok ${title}\n    ${problem.trim().replaceAll('\n', '\n    ')}`);
      }
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  if (passed + failed === 0) console.error('No test ran: nothing matches.');
  return failed > 0 || passed === 0 ? 1 : 0;
}

process.exitCode = await main();
