// tools/format: clang-format over the C++ files git knows or would add.
import { spawnSync } from 'node:child_process';

import { repository } from './places.mjs';
import { inRoot, openRoot } from './root.mjs';
import { runMain, say } from './say.mjs';

await runMain(() => {
  const root = openRoot();
  const files = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.h', '*.cc'],
    { cwd: repository, encoding: 'utf8' },
  )
    .stdout.split('\0')
    .filter(Boolean);
  const check = process.argv.includes('--check');
  const [program, ...args] = inRoot(root.folder, [
    'clang-format-21',
    ...(check ? ['--dry-run'] : ['-i']),
    ...files,
  ]);
  const { status, stderr } = spawnSync(program, args, {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const unformatted = new Set(
    [...stderr.matchAll(/^(\S+?):\d+:\d+: warning/gm)].map((match) => match[1]),
  );
  for (const path of unformatted) say(`${path}: not as clang-format has it. Run tools/format.`);
  if (status !== 0) say(stderr);
  return status || (unformatted.size > 0 ? 1 : 0);
});
