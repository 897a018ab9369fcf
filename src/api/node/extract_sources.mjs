// Build-time program: Node's own JavaScript files, and ours, as one blob with a table.
//
//   nodejs extract_sources.mjs LIST OURS_FOLDER OUT_BLOB OUT_TABLE OURS...
//
// LIST names the files of Node that are taken, an id a line. Ours are called by their path below
// OURS_FOLDER and hide Node's of the same id. V8 shall use the text where it lies, so all of it
// becomes ASCII; escapes mean the same everywhere that Node's files have other characters.
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import perfHooks from 'node:perf_hooks';
import * as sqlite from 'node:sqlite';
import { getSystemErrorMap } from 'node:util';

const [list, oursFolder, outBlob, outTable, ...ours] = process.argv.slice(2);

/** @param {string} text */
function toAscii(text) {
  return text.replace(/[^\x00-\x7F]/g, (unit) =>
    `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value as an expression; JSON has no infinity. */
function toSource(value) {
  const text = JSON.stringify(value, (key, each) => (each === Infinity ? '@Infinity' : each));
  return toAscii(text.replaceAll('"@Infinity"', 'Infinity'));
}

/** @type {Map<string, string>} */
const sources = new Map();
const natives = process.binding('natives');
for (const line of readFileSync(list, 'utf8').split('\n')) {
  const id = line.trim();
  if (id === '' || id.startsWith('#')) continue;
  if (typeof natives[id] !== 'string') throw new Error(`${list}: this Node has no file "${id}".`);
  sources.set(id, toAscii(natives[id]));
}
sources.set('ocapd/node_data', `'use strict';\nmodule.exports = ${toSource({
  constants: process.binding('constants'),
  // [number, name, text] of each error of the system.
  errors: [...getSystemErrorMap()].map(([number, [name, text]]) => [number, name, text]),
})};\n`);
const data = {
  http: { METHODS: http.METHODS, STATUS_CODES: http.STATUS_CODES },
  http2: http2.constants,
  perf_hooks: perfHooks.constants,
  sqlite: sqlite.constants,
};
for (const [name, value] of Object.entries(data)) {
  sources.set(`ocapd/data/${name}`,
    `'use strict';\nmodule.exports = ${toSource(value)};\n`);
}
for (const path of ours) {
  const id = path.slice(path.indexOf(oursFolder) + oursFolder.length + 1, -'.js'.length);
  sources.set(id, toAscii(readFileSync(path, 'utf8')));
}

sources.set('ocapd/data/primordial_keys',
  `'use strict';\nmodule.exports = ${JSON.stringify(primordialKeys())};\n`);

/**
 * For each time that the file of the primordials lists an object's keys: the keys that lead to a
 * name which occurs in some file, symbols as "@iterator"; null where they all matter.
 */
function primordialKeys() {
  const words = new Set([...sources.values()].flatMap((text) => text.match(/[A-Za-z_]\w*/g)));
  const made = {};
  /** @type {{[key: string]: string[]}[]} names by keys, a call an element */
  const calls = [];
  let key;
  const recorder = {
    __proto__: Reflect,
    ownKeys(object) {
      calls.push({ __proto__: null });
      return Reflect.ownKeys(object);
    },
    getOwnPropertyDescriptor(object, name) {
      key = typeof name === 'symbol' ? `@${name.description.slice('Symbol.'.length)}` : name;
      return Reflect.getOwnPropertyDescriptor(object, name);
    },
    defineProperty(target, name, descriptor) {
      if (target === made) (calls.at(-1)[key] ??= []).push(name);
      return Reflect.defineProperty(target, name, descriptor);
    },
  };
  new Function('primordials', 'Reflect', sources.get('internal/per_context/primordials'))(
    made, recorder);
  return calls.map((names) => Object.keys(names).length === 0 ? null :
    Object.keys(names).filter((each) => names[each].some((name) => words.has(name))));
}

const ids = [...sources.keys()].sort((a, b) => (a < b ? -1 : 1));
let start = 0;
const rows = ids.map((id) => {
  const row = `    {"${id}", ${start}, ${sources.get(id).length}},`;
  start += sources.get(id).length;
  return row;
});
writeFileSync(outBlob, ids.map((id) => sources.get(id)).join(''), 'latin1');
writeFileSync(outTable, `#pragma once
namespace ocapd::api::node {
inline constexpr SourceRow kSourceRows[] = {
${rows.join('\n')}
};
}
`);
