import { spawnSync } from 'node:child_process';

import { bazelCommand } from './bazel.mjs';
import { inRoot, openRoot, visibleFolder } from './root.mjs';
import { runMain, say, Trouble } from './say.mjs';

function run(command) {
  const result = spawnSync(command[0], command.slice(1), {
    stdio: 'inherit',
    cwd: visibleFolder(),
  });
  return result.status ?? 1;
}

await runMain(() => {
  const [verb, ...rest] = process.argv.slice(2);
  const root = openRoot();
  switch (verb) {
    case undefined:
      say(`Build root: ${root.folder}`);
      return 0;
    case 'run':
      return run(inRoot(root.folder, rest));
    case 'bazel':
      return run(bazelCommand(root, rest));
    default:
      throw new Trouble(
        `tools/root: unknown "${verb}"; it knows "run COMMAND..." and "bazel ARGS...".`,
      );
  }
});
