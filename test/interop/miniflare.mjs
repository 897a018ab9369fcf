// What the tests of this folder share: the published Miniflares, each started with the program to
// try. Usage:
//
//   tools/test interop
//   OCAPD_BIN=path/to/ocapd INTEROP_PACKAGES=folder node --test test/interop/
//
// INTEROP_PACKAGES is where the packages of package.json are installed, this folder if it is not
// set. Without OCAPD_BIN it is the workerd each Miniflare comes with that is tried: what it fails
// is a wrong test.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const kStepSecondsMax = 60;

const folder = process.env.INTEROP_PACKAGES ?? dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(folder, 'package.json'));

if (process.env.OCAPD_BIN) process.env.MINIFLARE_WORKERD_PATH = process.env.OCAPD_BIN;
else delete process.env.MINIFLARE_WORKERD_PATH;

/** One published version, and how to start it. Options are those of version 4. */
class Version {
  constructor(name) {
    this.name = name;
    this.package = require(name);
  }

  /** Options as this version has them. */
  convert(options) {
    const shared = { cf: false, ...options };
    return this.package.convertV4MiniflareOptions?.(shared) ?? shared;
  }

  /** Options of one worker that keeps everything in a folder. */
  convertPersistent(options, path) {
    const convert = this.package.convertV4MiniflareOptions;
    if (convert) return { ...this.convert(options), resourcePersistencePath: path };
    const kinds = ['durableObjects', 'kv', 'r2', 'd1'];
    const persist = kinds.map((kind) => [`${kind}Persist`, join(path, kind)]);
    return this.convert({ ...options, ...Object.fromEntries(persist) });
  }

  /** @returns a Miniflare, and lets it go with the test */
  open(t, options) {
    return this.openConverted(t, this.convert(options));
  }

  openConverted(t, options) {
    const miniflare = new this.package.Miniflare(options);
    // One that did not start has told so already.
    t.after(() => miniflare.dispose().catch(() => {}));
    return miniflare;
  }
}

const versions = ['miniflare4', 'miniflare5'].map((name) => new Version(name));

/** Declares a test for each version. */
export function testEach(title, run) {
  for (const version of versions) {
    test(`${version.name}: ${title}`, { timeout: kStepSecondsMax * 1000 }, (t) => run(version, t));
  }
}

/** Options of one worker of ES modules syntax. */
export function worker(script, more = {}) {
  return {
    modules: true,
    script,
    compatibilityDate: '2025-09-01',
    compatibilityFlags: ['nodejs_compat'],
    ...more,
  };
}

/** A folder that goes with the tests of the file. */
export function scratchFolder() {
  const path = mkdtempSync(join(tmpdir(), 'ocapd-interop-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Waits until `look()` gives something. */
export async function eventually(look) {
  for (let i = 0; i < 200; ++i) {
    const found = await look();
    if (found) return found;
    // tidy: sleep: between two looks
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('it did not come true');
}
