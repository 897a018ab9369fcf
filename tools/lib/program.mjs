// The program as users run it: the Bazel-built ocapd beside the libraries it needs, which are bound
// ahead of time (bind.mjs). Used for the folder tools/dist makes and for the one tools/ocapd runs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync,
  renameSync, rmSync, symlinkSync, utimesSync, writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import { bazelCommand, quietFlags } from './bazel.mjs';
import { bindLibraries, makeRelocatable } from './bind.mjs';
import { Elf } from './elf.mjs';
import { cache, lib, repository } from './places.mjs';
import { inRoot } from './root.mjs';
import { Trouble } from './say.mjs';

const kTarget = '//src/cli:ocapd';
const kBuilt = 'bazel-out/k8-opt/bin/src/cli/ocapd';
const kInterpreter = 'ld-linux-x86-64.so.2';
const kLibraryFolders = ['usr/lib/x86_64-linux-gnu', 'usr/lib64'];
const kLibrarySetsMax = 3;

/** Builds ocapd. stdout stays free for whoever called us. */
export function buildProgram(root, flags = []) {
  const [program, ...args] = bazelCommand(root, [
    'build', '-c', 'opt', ...quietFlags(), '--show_result=0', ...flags, kTarget,
  ]);
  const { status } = spawnSync(program, args, { cwd: repository, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Trouble('the build failed (see above).');
  return join(repository, kBuilt);
}

function libraryPath(root, name) {
  const path = kLibraryFolders.map((folder) => join(root.folder, folder, name)).find(existsSync);
  if (!path) throw new Trouble(`the build root has no ${name}, which ocapd links.`);
  return realpathSync(path);
}

/** The bound libraries of `program`, made or found in the cache. @returns {string} their folder */
function openLibraries(root, program) {
  const elf = new Elf(program);
  // What the libraries' binding depends on: the root, the binder, and what the program exports.
  const exported = elf.readSymbols().filter(({ section }) => section !== 0)
    .map(({ name, version }) => `${name}@${version}`);
  const key = createHash('sha256')
    .update(JSON.stringify([root.id, elf.dynamicStrings(1), exported]))
    .update(readFileSync(join(lib, 'bind.mjs')))
    .update(readFileSync(join(lib, 'elf.mjs')))
    .digest('hex').slice(0, 16);
  const folder = join(cache, 'lib', key);
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return folder;
  }

  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const libraries = bindLibraries(program, (name) => readFileSync(libraryPath(root, name)));
  for (const [name, { bytes }] of libraries) writeFileSync(join(partial, name), bytes, { mode: 0o755 });
  if (!libraries.has(kInterpreter)) {
    copyFileSync(libraryPath(root, kInterpreter), join(partial, kInterpreter));
    chmodSync(join(partial, kInterpreter), 0o755);
  }
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true });
    if (!existsSync(folder)) throw error;  // Otherwise another run was first.
  }
  return folder;
}

/** Removes libraries of programs long gone, and what interrupted runs left. */
function tidyLibraries() {
  const all = readdirSync(join(cache, 'lib'), { withFileTypes: true })
    .map(({ name }) => ({ path: join(cache, 'lib', name), partial: name.includes('.') }));
  const age = ({ path }) => Number(spawnSync('stat', ['-c', '%Y', path], { encoding: 'utf8' }).stdout);
  const whole = all.filter(({ partial }) => !partial).sort((a, b) => age(b) - age(a));
  for (const { path } of whole.slice(kLibrarySetsMax)) rmSync(path, { recursive: true, force: true });
  for (const entry of all.filter(({ partial }) => partial)) {
    const owner = basename(entry.path).split('.')[1];
    if (!existsSync(`/proc/${owner}`)) rmSync(entry.path, { recursive: true, force: true });
  }
}

/** Replaces `path` by what `make` writes, in one step. */
function replace(path, make) {
  const fresh = `${path}.${process.pid}.new`;
  rmSync(fresh, { recursive: true, force: true });
  make(fresh);
  renameSync(fresh, path);
}

/**
 * Makes `folder` hold ocapd and, as a link into the cache, its libraries.
 * @param {Date} since when the build that made `built` began
 */
export function installForDevelopment(root, built, folder, since) {
  const program = readFileSync(built);
  const libraries = openLibraries(root, program);
  tidyLibraries();
  makeRelocatable(program);
  mkdirSync(folder, { recursive: true });
  replace(join(folder, 'lib'), (fresh) => symlinkSync(libraries, fresh));
  // Its time is that of the sources it was made from; tools/ocapd compares them with it.
  replace(join(folder, 'ocapd'), (fresh) => {
    writeFileSync(fresh, program, { mode: 0o755 });
    utimesSync(fresh, since, since);
  });
}

/** Makes `folder` a copy of ocapd and its libraries that can be carried elsewhere. */
export function installForDistribution(root, built, folder) {
  replaceFolder(folder, (fresh) => {
    const bare = join(fresh, 'ocapd');
    mkdirSync(fresh, { recursive: true });
    const [strip, ...args] = inRoot(root.folder, ['strip', '--strip-debug', '-o', bare, built]);
    const { status } = spawnSync(strip, args, { cwd: repository, stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Trouble('stripping ocapd failed (see above).');
    const program = readFileSync(bare);
    cpSync(openLibraries(root, program), join(fresh, 'lib'), { recursive: true });
    makeRelocatable(program);
    writeFileSync(bare, program);
    chmodSync(bare, 0o755);
    copyFileSync(join(repository, 'LICENSE'), join(fresh, 'LICENSE'));
    copyLicenses(root, join(fresh, 'licenses'), readdirSync(join(fresh, 'lib')));
  });
}

/** Replaces a whole folder; a reader sees the old one or the new one. */
export function replaceFolder(folder, make) {
  const fresh = `${folder}.${process.pid}.new`;
  const old = `${folder}.${process.pid}.old`;
  rmSync(fresh, { recursive: true, force: true });
  make(fresh);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** The copyright files of the packages the libraries came from. */
function copyLicenses(root, folder, libraries) {
  mkdirSync(folder);
  for (const library of libraries) {
    const owner = root.findPackage(library);
    const copyright = join(root.folder, 'usr/share/doc', owner, 'copyright');
    if (!existsSync(copyright)) throw new Trouble(`${library}: ${copyright} is missing.`);
    copyFileSync(copyright, join(folder, `${owner}.txt`));
  }
}
