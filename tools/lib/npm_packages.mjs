// Published npm packages that checks and measurements run against.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cache, repository } from './places.mjs';
import { replaceFolder } from './program.mjs';
import { say, Trouble } from './say.mjs';

/**
 * Installs what a folder's lock file pins, once into the cache folder.
 * @param {string} folder of package.json and package-lock.json, from the repository's root
 * @returns {string} where node_modules is
 */
export function installPackages(folder) {
  const source = join(repository, folder);
  const names = ['package.json', 'package-lock.json'];
  const hash = createHash('sha256');
  for (const name of names) hash.update(readFileSync(join(source, name)));
  const installed = join(cache, 'npm', hash.digest('hex').slice(0, 12));
  if (existsSync(installed)) return installed;
  say(`Installing the packages of ${folder} …`);
  replaceFolder(installed, (fresh) => {
    for (const name of names) cpSync(join(source, name), join(fresh, name));
    // Not "ci": it refuses a lock file without the optional packages of other platforms, which not
    // every registry has.
    const { status } = spawnSync(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: fresh, stdio: ['ignore', 2, 2] },
    );
    if (status !== 0) throw new Trouble(`npm could not install the packages of ${folder} (see above).`);
  });
  return installed;
}
