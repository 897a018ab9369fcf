// tools/format: clang-format over the C++ files git knows or would add.
import { spawnSync } from 'node:child_process';

import { repository } from './places.mjs';
import { inRoot, openRoot } from './root.mjs';
import { runMain } from './say.mjs';

await runMain(() => {
  const root = openRoot();
  const files = spawnSync(
    'git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.h', '*.cc'],
    { cwd: repository, encoding: 'utf8' }).stdout.split('\0').filter(Boolean);
  const mode = process.argv.includes('--check') ? ['--dry-run', '--Werror'] : ['-i'];
  const [program, ...args] = inRoot(root.folder, ['clang-format-21', ...mode, ...files]);
  return spawnSync(program, args, { cwd: repository, stdio: 'inherit' }).status ?? 1;
});
