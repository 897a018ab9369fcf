// The build root: a folder with Debian 14's compiler and libraries, or the machine itself where it
// is Debian 14. See make_root.mjs for how the folder is made.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { base, minimums, suite, wanted } from './packages.mjs';
import { cache, lib, repository } from './places.mjs';
import { Trouble } from './say.mjs';

/** Raise when make_root.mjs makes a different root of the same packages. */
const kRecipe = 1;

/** Names the build root; a changed package list is another root beside the old one. */
export const rootKey = shortHash([kRecipe, suite, base, wanted]);

const kRecord = 'ocapd-root.json';

/**
 * The build root, made if there is none.
 * @returns {{folder: string, id: string, findPackage: function(string): string}}
 *   `id` changes with any package's version; `findPackage` names a library's package.
 */
export function openRoot() {
  if (hostIsSuite()) return openHost();
  const folder = join(cache, 'root', rootKey);
  if (!existsSync(join(folder, kRecord))) makeRoot();
  const { versions, libraries } = JSON.parse(readFileSync(join(folder, kRecord), 'utf8'));
  return { folder, id: shortHash(versions), findPackage: (library) => libraries[library] };
}

function shortHash(value) {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

function makeRoot() {
  mkdirSync(cache, { recursive: true });
  // The lock is inherited by what make_root.mjs starts: a killed run's last child gives it free.
  const lock = join(cache, 'root.lock');
  const maker = [process.execPath, join(lib, 'make_root.mjs')];
  if (
    spawnSync('flock', ['--nonblock', '--conflict-exit-code', '75', lock, 'true']).status === 75
  ) {
    process.stderr.write('Another ocapd set-up is at work; waiting for it.\n');
  }
  const { status } = spawnSync('flock', [lock, ...maker], { stdio: 'inherit' });
  if (status !== 0) throw new Trouble('the build root could not be made (see above).');
}

export { kRecord as recordName };

function hostIsSuite() {
  try {
    return new RegExp(`^VERSION_CODENAME=${suite}$`, 'm').test(
      readFileSync('/etc/os-release', 'utf8'),
    );
  } catch {
    return false;
  }
}

function dpkgQuery(...args) {
  return spawnSync('dpkg-query', args, { encoding: 'utf8' });
}

function openHost() {
  const missing = wanted.filter((name) => dpkgQuery('-W', name).status !== 0);
  if (missing.length > 0) {
    const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...missing];
    if (process.getuid() !== 0) {
      throw new Trouble(`packages are missing. Run:\n  sudo ${command.join(' ')}`);
    }
    const { status } = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 2, 2] });
    if (status !== 0) throw new Trouble(`"${command.join(' ')}" failed (see above).`);
  }
  checkMinimums('/');
  return {
    folder: '/',
    id: shortHash(dpkgQuery('-W', '-f', '${Package} ${Version}\n', ...wanted).stdout),
    findPackage: (library) => dpkgQuery('-S', `*/${library}`).stdout.split(':')[0],
  };
}

/** Refuses a root whose headers are older than ocapd's sources. */
export function checkMinimums(folder) {
  for (const { name, package: source, file, pattern, least } of minimums) {
    const path = join(folder, file);
    const found = existsSync(path) && readFileSync(path, 'utf8').match(pattern);
    if (!found) throw new Trouble(`${source} has no usable ${file}; ocapd needs ${name} from it.`);
    const [major, minor] = [Number(found[1]), Number(found[2])];
    if (major < least[0] || (major === least[0] && minor < least[1])) {
      throw new Trouble(
        `${name} ${major}.${minor} (package ${source}) is too old; ocapd needs ${least.join('.')} ` +
          `or newer. Is the Debian mirror's copy of "${suite}" out of date?`,
      );
    }
  }
}

/** The command line that runs `command` in the build root. */
export function inRoot(folder, command) {
  if (folder === '/') return command;
  const away = process.getuid() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
  return ['unshare', ...away, 'sh', join(lib, 'enter.sh'), folder, cache, repository, ...command];
}

/** Folder to run a command in: ours if it is visible in the build root, else the repository. */
export function visibleFolder() {
  return relative(repository, process.cwd()).startsWith('..') ? repository : process.cwd();
}
