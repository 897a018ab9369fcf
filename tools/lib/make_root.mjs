// Makes the build root, alone: root.mjs starts it under a lock.
//
// apt resolves and downloads with a state folder of its own, dpkg-deb unpacks, and the few things
// the packages' install scripts would have done are done here. So it needs no other rights than to
// write to the cache folder, and no program a bare Debian machine lacks. Interrupted at any point,
// the next run continues with the packages already downloaded: the root takes its name only when
// it is complete.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

import { base, suite, wanted } from './packages.mjs';
import { cache } from './places.mjs';
import { checkMinimums, inRoot, recordName, rootKey } from './root.mjs';
import { Progress, runMain, say, Trouble } from './say.mjs';

const kFreeBytesMin = 4e9;

const apt = join(cache, 'apt');
const roots = join(cache, 'root');
const partial = join(roots, `${rootKey}.partial`);

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error?.code === 'ENOENT') {
    throw new Trouble(
      `"${command}" is missing on this machine; it is needed to make the build root.`,
    );
  }
  return result;
}

/** The machine's own mirror and proxies, in an apt configuration that touches only the cache. */
function configureApt() {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'log']) {
    mkdirSync(join(apt, name), { recursive: true });
  }
  const connection = run('apt-config', ['dump'])
    .stdout.split('\n')
    .filter((line) => /^Acquire::(https?|ftp|Retries|ForceIPv[46])\b/i.test(line));
  writeFileSync(
    join(apt, 'apt.conf'),
    [
      'Dir::Etc::main "/dev/null";',
      'Dir::Etc::parts "/dev/null";',
      `Dir::Etc::sourcelist "${apt}/sources.list";`,
      'Dir::Etc::sourceparts "/dev/null";',
      `Dir::State "${apt}/state";`,
      `Dir::State::status "${apt}/status";`,
      `Dir::Cache "${apt}/cache";`,
      `Dir::Log "${apt}/log";`,
      'APT::Architecture "amd64";',
      'APT::Architectures { "amd64"; };',
      'APT::Sandbox::User "";',
      'APT::Install-Recommends "false";',
      'APT::Get::Assume-Yes "true";',
      'Acquire::Languages "none";',
      // A mirror's copy of a testing suite may be older than the suite's own validity date.
      'Acquire::Check-Valid-Until "false";',
      ...connection,
      '',
    ].join('\n'),
  );
  writeFileSync(join(apt, 'status'), '');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const signed = existsSync(keyring) ? ` [signed-by=${keyring}]` : '';
  writeFileSync(join(apt, 'sources.list'), `deb${signed} ${findMirror()} ${suite} main\n`);
}

function findMirror() {
  if (process.env.OCAPD_DEBIAN_MIRROR) return process.env.OCAPD_DEBIAN_MIRROR;
  // Each source's address; "apt-get indextargets" would say more, but only after an update.
  const { stdout } = run('apt-get', ['update', '--print-uris']);
  const sites = [...stdout.matchAll(/^'(\S+?)\/dists\/\S+\/InRelease'/gm)]
    .map((match) => match[1])
    .filter((site) => !/security/.test(site));
  const site = sites.find((address) => /\/debian\/?$/.test(address)) ?? sites[0];
  if (!site) {
    throw new Trouble(
      'apt knows no Debian mirror ("apt-get update --print-uris" lists none). Add one to ' +
        "apt's sources, or set OCAPD_DEBIAN_MIRROR.",
    );
  }
  return site;
}

/** Runs apt-get; `title` shows how far its downloads are. */
async function aptGet(title, args) {
  const progress = new Progress(title);
  const child = spawn('apt-get', ['-o', 'APT::Status-Fd=3', '-q', ...args], {
    env: { ...process.env, APT_CONFIG: join(apt, 'apt.conf'), LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  createInterface({ input: child.stdio[3] }).on('line', (line) => {
    const status = line.match(/^dlstatus:\d+:([\d.]+):/);
    if (status) progress.at(Number(status[1]) / 100);
  });
  const code = await new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  if (code !== 0) throw new Trouble(explainApt(output));
  progress.end();
}

function explainApt(output) {
  const missing = [
    ...output.matchAll(/(?:Unable to locate package|has no installation candidate:?) ?(\S*)/g),
  ]
    .map((match) => match[1])
    .filter(Boolean);
  if (missing.length > 0) {
    return (
      `the Debian mirror's "${suite}" has no package ${missing.join(', ')}. Packages come and go ` +
      'in a testing suite: if it was renamed, correct tools/lib/packages.mjs.'
    );
  }
  const errors = output.split('\n').filter((line) => /^[EW]: /.test(line));
  return `apt-get failed; what it said:\n  ${(errors.length ? errors : output.split('\n').slice(-12)).join('\n  ')}`;
}

/** @returns {string[]} the downloaded packages' files */
async function download() {
  await aptGet(`Reading Debian ${suite}'s package lists`, ['update']);
  const packages = [...base, ...wanted];
  const uris = run('apt-get', ['install', '--print-uris', '-qq', ...packages], {
    env: { ...process.env, APT_CONFIG: join(apt, 'apt.conf'), LC_ALL: 'C' },
  });
  if (uris.status !== 0) throw new Trouble(explainApt(uris.stdout + uris.stderr));
  const rows = [...uris.stdout.matchAll(/^'[^']+' (\S+\.deb) (\d+)/gm)];
  const archives = join(apt, 'cache/archives');
  // --print-uris leaves out what is downloaded already.
  const wholeList = run('apt-get', ['install', '--simulate', '-qq', ...packages], {
    env: { ...process.env, APT_CONFIG: join(apt, 'apt.conf'), LC_ALL: 'C' },
  }).stdout;
  const megabytes = Math.round(rows.reduce((sum, row) => sum + Number(row[2]), 0) / 1e6);
  await aptGet(`Downloading ${rows.length} packages, ${megabytes} MB`, [
    'install',
    '--download-only',
    ...packages,
  ]);
  const present = new Set(readdirSync(archives));
  return [...wholeList.matchAll(/^Inst (\S+) \((\S+) .*?\[(\w+)\]\)/gm)].map(
    ([, name, version, arch]) => {
      const file = `${name}_${version.replaceAll(':', '%3a')}_${arch}.deb`;
      if (!present.has(file)) throw new Trouble(`apt-get did not leave ${file} in ${archives}.`);
      return join(archives, file);
    },
  );
}

/** @returns which package each shared library came from */
async function unpack(files) {
  const libraries = {};
  const progress = new Progress('Unpacking');
  const isFirst = (file) => /\/base-files_/.test(file); // Brings the links /bin, /lib, /lib64.
  const queue = [...files.filter(isFirst), ...files.filter((file) => !isFirst(file))];
  let done = 0;
  const unpackNext = async () => {
    const file = queue.shift();
    if (!file) return;
    const child = spawn('dpkg-deb', ['--vextract', file, partial], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const name = file.replace(/.*\/|_.*/g, '');
    createInterface({ input: child.stdout }).on('line', (path) => {
      const library = path.match(
        /^\.\/usr\/lib(?:\/x86_64-linux-gnu|64)\/([^/]+\.so(?:\.[\d.]+)?)$/,
      );
      if (library) libraries[library[1]] = name;
    });
    const code = await new Promise((resolve) => child.on('close', resolve).on('error', resolve));
    if (code !== 0) throw new Trouble(`unpacking ${file} failed. Is the disk full? Run again.`);
    progress.at(++done / files.length, name);
  };
  await unpackNext();
  const workers = Array.from(
    { length: (availableParallelism ?? (() => cpus().length))() },
    async () => {
      while (queue.length > 0) await unpackNext();
    },
  );
  await Promise.all(workers);
  progress.end(`${files.length} packages`);
  return libraries;
}

/** What the packages' install scripts would have done, as far as anything here needs it. */
function configure() {
  const at = (path) => join(partial, path);
  const link = (path, target) => {
    mkdirSync(at(path.replace(/[^/]+$/, '')), { recursive: true });
    if (!lstatSync(at(path), { throwIfNoEntry: false })) symlinkSync(target, at(path));
  };
  const jvm = readdirSync(at('usr/lib/jvm')).find((name) => /^java-\d+-openjdk-amd64$/.test(name));
  if (!jvm)
    throw new Trouble('bazel-bootstrap did not bring a Java run time; see tools/lib/packages.mjs.');
  link('usr/bin/java', `../lib/jvm/${jvm}/bin/java`);
  link('usr/bin/javac', `../lib/jvm/${jvm}/bin/javac`);
  link('usr/bin/awk', 'mawk');
  link('usr/bin/sh', 'dash');
  link('usr/bin/cc', 'gcc');
  link('usr/bin/c++', 'g++');
  for (const name of ['passwd', 'group']) {
    cpSync(at(`usr/share/base-passwd/${name}.master`), at(`etc/${name}`));
  }
  writeFileSync(at('etc/hosts'), '127.0.0.1 localhost\n::1 localhost\n');
  writeFileSync(at('etc/nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
  mkdirSync(at('var/tmp'), { recursive: true });
  runInPartial('ldconfig', ['/usr/sbin/ldconfig']);
}

function runInPartial(title, command) {
  const [program, ...args] = inRoot(partial, command);
  const result = run(program, args);
  if (result.status !== 0) {
    throw new Trouble(
      `the build root cannot be entered: "${title}" in it failed with\n  ` +
        `${(result.stderr || String(result.status)).trim().replaceAll('\n', '\n  ')}\n` +
        (process.getuid() === 0
          ? 'It needs mount namespaces (in a container: run it privileged).'
          : 'It needs unprivileged user namespaces. To allow them, run:\n  ' +
            'sudo sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000'),
    );
  }
  return result.stdout;
}

function checkSpace() {
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < kFreeBytesMin) {
    throw new Trouble(
      `${cache} has ${((bavail * bsize) / 1e9).toFixed(1)} GB free; the build root needs ` +
        `${kFreeBytesMin / 1e9} GB. Free some, or point XDG_CACHE_HOME elsewhere.`,
    );
  }
}

await runMain(async () => {
  if (process.arch !== 'x64')
    throw new Trouble(`ocapd builds on x86-64 only so far, not on ${process.arch}.`);
  if (existsSync(join(roots, rootKey, recordName))) return; // Made while we waited for the lock.
  say(`Making ocapd's build root in ${cache} (once; a few minutes).`);
  mkdirSync(cache, { recursive: true });
  for (const tool of ['apt-get', 'dpkg-deb', 'unshare']) run(tool, ['--version']);
  checkSpace();
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });

  configureApt();
  const files = await download();
  const libraries = await unpack(files);
  configure();
  checkMinimums(partial);
  runInPartial('g++', ['g++', '--version']);

  const versions = files.map((file) =>
    file
      .replace(/.*\/|_[^_]*$/g, '')
      .replace('_', ' ')
      .replaceAll('%3a', ':'),
  );
  const record = { versions: versions.sort(), libraries };
  writeFileSync(join(partial, recordName), `${JSON.stringify(record, null, 1)}\n`);
  renameSync(partial, join(roots, rootKey));
  rmSync(join(apt, 'cache'), { recursive: true, force: true });
  const gxx = versions.find((row) => row.startsWith('g++-'));
  say(`Build root ready: ${versions.length} packages, ${gxx}.`);
});
