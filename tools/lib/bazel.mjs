// Bazel as the tools call it: offline, in the build root, with its output and disk cache in the
// cache folder. Both are the root's own, so that a changed package is a rebuilt world.
import { join } from 'node:path';

import { cache } from './places.mjs';
import { inRoot } from './root.mjs';

const kIdleSecondsMax = 900;

/** @param {string[]} args as on Bazel's command line: a command, its flags and its targets */
export function bazelCommand(root, [command, ...args]) {
  const store = join(cache, 'bazel', root.id);
  const startup = [
    `--output_user_root=${join(store, 'output')}`,
    `--max_idle_secs=${kIdleSecondsMax}`,
  ];
  const builds = ['build', 'test', 'run', 'coverage'].includes(command);
  const flags = builds ? [`--disk_cache=${join(store, 'disk')}`] : [];
  return inRoot(root.folder, ['bazel', ...startup, command, ...flags, ...args]);
}

/** Bazel flags that leave what matters: progress where it can be redrawn, and what failed. */
export function quietFlags() {
  const flags = ['--ui_event_filters=-info,-warning'];
  return process.stderr.isTTY ? flags : [...flags, '--noshow_progress'];
}
