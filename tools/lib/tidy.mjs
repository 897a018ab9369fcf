// tools/tidy: runs the rules of tidy_rules.mjs over all files git knows or would add.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repository } from './places.mjs';
import { runMain, say, Trouble } from './say.mjs';
import { checkFile } from './tidy_rules.mjs';

function listFiles() {
  const { stdout, status } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0)
    throw new Trouble('tools/tidy needs git and a checkout to know which files are ours.');
  return stdout.split('\0').filter((path) => path && existsSync(join(repository, path)));
}

function read(path) {
  const full = join(repository, path);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

await runMain(() => {
  const files = listFiles().filter(
    (path) =>
      path === 'docs/ARCHITECTURE.md' || /\.(h|cc|c|js|mjs|ts|sh|bzl|capnp|json|bazel)$/.test(path),
  );
  const found = new Set();
  for (const path of files) {
    const text = read(path);
    for (const { line, rule, message, path: at = path } of checkFile({
      path,
      text,
      lines: text.split('\n'),
      read,
    })) {
      found.add(`${at}${line ? `:${line}` : ''}: [${rule}] ${message}`);
    }
  }
  for (const problem of found) say(problem);
  say(found.size === 0 ? `tidy: ${files.length} files are.` : `tidy: ${found.size} to mend.`);
  return found.size === 0 ? 0 : 1;
});
