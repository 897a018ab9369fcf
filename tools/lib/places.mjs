// Where things are: the repository, and the one folder outside it that the tools write to.
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocapd');

export const lib = join(repository, 'tools/lib');
