// What tools/ocapd runs when a source is newer than the program: set up, build, install.
import { join } from 'node:path';

import { repository } from './places.mjs';
import { buildProgram, installForDevelopment } from './program.mjs';
import { openRoot } from './root.mjs';
import { runMain, say, seconds } from './say.mjs';

await runMain(() => {
  const since = new Date();
  const start = performance.now();
  const root = openRoot();
  say('Building ocapd …');
  const built = buildProgram(root);
  installForDevelopment(root, built, join(repository, 'dist/dev'), since);
  say(`Built in ${seconds(start)}.`);
});
