// A Web Platform Test as a worker. What tests expect of a browser's worker scope is put in its place:
// a location, fetch() of files beside the test.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const kOrigin = 'http://web-platform.test';
const kSecondsMax = 10;

/** The scripts of a test, in order. @returns {string[]} */
function scriptsOf(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  const beside = (path) => {
    const full = path.startsWith('/') ? join(root, path) : resolve(dirname(join(root, file)), path);
    if (/testharness(report)?\.js$/.test(path)) return '';
    return existsSync(full) ? readFileSync(full, 'utf8') : `/* no ${relative(root, full)} */`;
  };
  if (!file.endsWith('.html')) {
    const meta = [...text.matchAll(/^\/\/ META: script=(.*)$/gm)].map((match) => match[1].trim());
    const imported = [...text.matchAll(/^importScripts\((.*)\);?$/gm)]
      .flatMap((match) => [...match[1].matchAll(/["']([^"']+)["']/g)].map((each) => each[1]));
    const body = text.replace(/^importScripts\(.*\);?$/gm, '').replace(/^done\(\);?$/gm, '');
    return [...[...meta, ...imported].map(beside), body];
  }
  return [...text.matchAll(/<script([^>]*)>([^]*?)<\/script>/g)].map(([, attributes, content]) => {
    const source = attributes.match(/src\s*=\s*["']?([^"'\s>]+)/)?.[1];
    return source === undefined ? content : beside(source);
  });
}

/** Modules of a sort become scripts. */
const asScript = (text) =>
  text.includes('export default function')
    ? `{${text.replace('export default function', 'const run = function')}; run(self); }`
    : text.replace(/^export (default )?/gm, '');

/**
 * Why a test cannot run on a server; undefined if it can.
 * @param {string} root @param {string} file
 */
export function inapplicable(root, file) {
  const text = scriptsOf(root, file).join('\n');
  const needs = (what, regex) => (regex.test(text) ? what : undefined);
  return (
    (/idlharness/.test(file) ? 'compares the IDL of the whole standard' : undefined) ??
    (/\.tentative|stream-tentative/.test(file) && !file.startsWith('compression')
      ? 'is no part of a standard' : undefined) ??
    needs('needs a document or a window', /\bdocument\.|\bwindow\.(open|parent|frames)|iframe/) ??
    needs('needs XMLHttpRequest', /XMLHttpRequest/) ??
    needs('needs workers of its own', /new (Shared)?Worker\(|serviceWorker|service-workers/) ??
    needs("needs the tests' own server", /\.py\b|get_host_info|\.asis\b|wss?:\/\/\{\{/) ??
    (/\/Secure-|Create-Secure/.test(file) ? 'needs TLS for a test domain' : undefined)
  );
}

/** @param {string} root @param {string} file @param {string} harness @param {Record<string, string>} places */
export function toWorker(root, file, harness, places) {
  const parts = scriptsOf(root, file).map(asScript).join('\n;\n');
  const test = Object.entries(places).reduce((text, [name, value]) => text.replaceAll(name, value), parts);
  // In sloppy mode, which modules are not in; at the top level a function may be made of text.
  const body = `
  // Without these the harness takes this for a shell, which needs no page to report to.
  const scopes = {};
  for (const name of ['ServiceWorkerGlobalScope', 'WorkerGlobalScope']) {
    scopes[name] = Object.getOwnPropertyDescriptor(globalThis, name);
    delete globalThis[name];
  }
  (function () {
${harness}
  }).call(globalThis);
  for (const name of Object.keys(scopes)) {
    if (scopes[name]) Object.defineProperty(globalThis, name, scopes[name]);
  }
  self.location = new URL(${JSON.stringify(`${kOrigin}/${file}`)});
  self.setup({ explicit_done: true });
  self.add_result_callback((test) => results.push([test.name, test.status, test.message]));
  self.add_completion_callback(() => resolve('ok'));
  (function () {
${test}
  }).call(globalThis);
  ${/(^|[^.\w])done\(\)/m.test(test) ? '' : 'self.done();'}
`;
  return `
self.GLOBAL = { isWorker: () => true, isWindow: () => false, isShadowRealm: () => false };
const run = new Function('results', 'resolve', ${JSON.stringify(body)});
export default {
  async fetch(request, env) {
    const realFetch = fetch;
    self.fetch = (input, init) => {
      if (typeof input !== 'string' && !(input instanceof URL)) return realFetch(input, init);
      const url = new URL(input, location);
      return url.origin === ${JSON.stringify(kOrigin)} && !url.search
        ? env.FILES.fetch(url, init) : realFetch(url.href, init);
    };
    const results = [];
    const ended = new Promise((resolve) => run(results, resolve));
    const late = new Promise((resolve) => setTimeout(() => resolve('timeout'), ${kSecondsMax * 1000}));
    return Response.json({ how: await Promise.race([ended, late]), results });
  },
};
`;
}
