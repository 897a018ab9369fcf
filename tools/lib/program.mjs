// The program as users run it: the Bazel-built ocapd beside the libraries it needs, most of them
// merged into one (merge.mjs). Used for the folder tools/dist makes and for the one tools/ocapd runs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { bazelCommand, quietFlags } from './bazel.mjs';
import { DT, Elf } from './elf.mjs';
import { mergedLibrary, Merger } from './merge.mjs';
import { cache, lib, repository } from './places.mjs';
import { makeRelocatable, useMergedLibrary } from './relocatable.mjs';
import { inRoot } from './root.mjs';
import { Trouble } from './say.mjs';

const kTarget = '//src/cli:ocapd';
const kBuilt = 'bazel-out/k8-opt/bin/src/cli/ocapd';
const kContents = 'CONTENTS'; // Names what was merged.
const kLibraryFolders = ['usr/lib/x86_64-linux-gnu', 'usr/lib64'];
const kLibrarySetsMax = 3;

/** Builds ocapd. stdout stays free for whoever called us. */
export function buildProgram(root, flags = []) {
  const [program, ...args] = bazelCommand(root, [
    'build',
    '-c',
    'opt',
    ...quietFlags(),
    '--show_result=0',
    ...flags,
    kTarget,
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

/** The libraries of `program`, merged or found so in the cache. @returns {string} their folder */
function openLibraries(root, program) {
  const elf = new Elf(program);
  // What the result depends on: the root, how it is made, and what the program asks for and offers.
  const symbols = elf
    .readSymbols()
    .map(({ name, version, section }) => `${name}@${version}${section === 0}`);
  const hash = createHash('sha256').update(
    JSON.stringify([root.id, elf.dynamicStrings(DT.NEEDED), symbols]),
  );
  for (const script of ['elf', 'elf_image', 'elf_tables', 'merge', 'scope'])
    hash.update(readFileSync(join(lib, `${script}.mjs`)));
  const folder = join(cache, 'lib', hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) {
    utimesSync(folder, new Date(), new Date());
    return folder;
  }

  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const merger = new Merger(program, (name) => readFileSync(libraryPath(root, name)));
  writeFileSync(join(partial, mergedLibrary), merger.merge(), { mode: 0o755 });
  for (const other of merger.others)
    writeFileSync(join(partial, other.name), other.elf.bytes, { mode: 0o755 });
  writeFileSync(
    join(partial, kContents),
    merger.libraries.map((member) => `${member.name}\n`).join(''),
  );
  try {
    renameSync(partial, folder);
  } catch (error) {
    rmSync(partial, { recursive: true });
    if (!existsSync(folder)) throw error; // Otherwise another run was first.
  }
  return folder;
}

/** Keeps the libraries of the last few programs only. */
function limitLibrarySets() {
  const folder = join(cache, 'lib');
  removeLeftovers(folder);
  const sets = readdirSync(folder)
    .filter((name) => !name.includes('.'))
    .map((name) => join(folder, name));
  const newestFirst = sets.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of newestFirst.slice(kLibrarySetsMax))
    rmSync(path, { recursive: true, force: true });
}

/** Removes what interrupted runs left in a folder: names that end in their process's id. */
function removeLeftovers(folder) {
  for (const name of readdirSync(folder)) {
    const owner = name.match(/\.(\d+)(?:\.new|\.old)?$/)?.[1];
    if (owner && !existsSync(`/proc/${owner}`))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Replaces `path` by what `make` writes, in one step. */
function replace(path, make) {
  const fresh = `${path}.${process.pid}.new`;
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
  limitLibrarySets();
  useMergedLibrary(program);
  makeRelocatable(program);
  mkdirSync(folder, { recursive: true });
  removeLeftovers(folder);
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
    useMergedLibrary(program);
    makeRelocatable(program);
    writeFileSync(bare, program);
    chmodSync(bare, 0o755);
    copyFileSync(join(repository, 'LICENSE'), join(fresh, 'LICENSE'));
    copyLicenses(root, fresh);
  });
}

/** Replaces a whole folder; a reader sees the old one or the new one. */
export function replaceFolder(folder, make) {
  const fresh = `${folder}.${process.pid}.new`;
  const old = `${folder}.${process.pid}.old`;
  mkdirSync(dirname(folder), { recursive: true });
  removeLeftovers(dirname(folder));
  make(fresh);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** The copyright files of the packages the libraries came from. */
function copyLicenses(root, folder) {
  const merged = readFileSync(join(folder, 'lib', kContents), 'utf8')
    .split('\n')
    .filter(Boolean);
  const libraries = [
    ...merged,
    ...readdirSync(join(folder, 'lib')).filter(
      (name) => ![kContents, mergedLibrary].includes(name),
    ),
  ];
  mkdirSync(join(folder, 'licenses'));
  for (const library of libraries) {
    const owner = root.findPackage(library);
    const copyright = join(root.folder, 'usr/share/doc', owner, 'copyright');
    if (!existsSync(copyright)) throw new Trouble(`${library}: ${copyright} is missing.`);
    copyFileSync(copyright, join(folder, 'licenses', `${owner}.txt`));
  }
}
