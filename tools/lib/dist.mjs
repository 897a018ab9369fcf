// tools/dist: the folder that can be carried elsewhere, and the npm package around it.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from './places.mjs';
import { buildProgram, installForDistribution, replaceFolder } from './program.mjs';
import { openRoot } from './root.mjs';
import { runMain, say, Trouble } from './say.mjs';

export const distFolder = join(repository, 'dist/ocapd-linux-x64');
export const npmFolder = join(repository, 'dist/npm/ocapd');

/** The newest compatibility date, which the program itself knows best. */
function readCompatibilityDate() {
  const { stdout } = spawnSync(join(distFolder, 'ocapd'), ['--version'], { encoding: 'utf8' });
  const date = stdout?.match(/\d{4}-\d{2}-\d{2}/);
  if (!date) throw new Trouble(`"ocapd --version" printed no date but ${JSON.stringify(stdout)}.`);
  return date[0];
}

function makeNpmPackage() {
  replaceFolder(npmFolder, (fresh) => {
    cpSync(join(repository, 'tools/npm'), fresh, { recursive: true });
    cpSync(distFolder, join(fresh, 'bin'), { recursive: true });
    cpSync(join(repository, 'LICENSE'), join(fresh, 'LICENSE'));
    const description = JSON.parse(readFileSync(join(fresh, 'package.json'), 'utf8'));
    description.compatibilityDate = readCompatibilityDate();
    writeFileSync(join(fresh, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  });
}

await runMain(() => {
  const root = openRoot();
  say('Building ocapd …');
  const built = buildProgram(root);
  installForDistribution(root, built, distFolder);
  makeNpmPackage();
  say(`Made ${distFolder}\nand ${npmFolder}.`);
});
