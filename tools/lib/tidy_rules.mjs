// The house rules a program can check. Each rule looks at one file, and says what is wrong and what
// to do. `// tidy: <rule>: <why>` on a line, or on the one before, lets that line be.
import { posix } from 'node:path';

const kLinesMax = 900;

// Who may include whom: only from a higher number to a lower or equal one.
const kLayers = {
  cli: 5,
  server: 4,
  config: 3,
  wire: 3,
  actor: 3,
  worker: 2,
  rpc: 1,
  api: 1,
  sqlite: 0,
  channel: 0,
  compat: 0,
  js: 0,
};

/**
 * @typedef {{path: string, text: string, lines: string[], read: function(string): string | undefined}}
 *   File  path relative to the repository; `read` gives another file's text
 * @typedef {{rule: string, line: number, message: string}} Problem  line 0: the file as a whole
 */

const isCode = (path) => /\.(h|cc|c|js|mjs|ts|sh|bzl|capnp)$/.test(path);
const isCxx = (path) => /\.(h|cc)$/.test(path);
const isTest = (path) => /^test\//.test(path) || /_test\.(cc|mjs|js)$/.test(path);
const isTidyItself = (path) => /^tools\/lib\/tidy/.test(path);

/** The line without a comment at its end and without the insides of strings. */
function codeOf(line) {
  return line.replace(/"(?:\\.|[^"\\])*"/g, '""').replace(/\/\/.*$/, '');
}

/** A rule that is a pattern, tried line by line. */
function pattern(rule, applies, regex, message, view = codeOf) {
  return {
    rule,
    check({ path, lines }) {
      if (!applies(path)) return [];
      return lines.flatMap((line, i) =>
        regex.test(view(line)) ? [{ rule, line: i + 1, message }] : [],
      );
    },
  };
}

const length = {
  rule: 'length',
  check({ path, lines }) {
    if (!isCode(path) || lines.length <= kLinesMax) return [];
    return [
      {
        rule: 'length',
        line: 0,
        message: `${lines.length} lines; a file has at most ${kLinesMax}. Split it by concept: one class or one idea per pair.`,
      },
    ];
  },
};

const kIdFolders = ['src/api/node/lib'];

const room = {
  rule: 'room',
  check({ path, read }) {
    const match = path.match(/^(src\/.*)\/[^/]+\.(?:h|cc|js|capnp)$/);
    // Below kIdFolders, folders are parts of ids that others have chosen.
    if (!match || kIdFolders.some((folder) => match[1].startsWith(`${folder}/`))) return [];
    const readme = read(`${match[1]}/README.md`);
    const problem = (message) => [
      { rule: 'room', line: 0, message, path: `${match[1]}/README.md` },
    ];
    if (readme === undefined) {
      return problem(
        'a room without its sentence. Write what becomes possible here, and "Start at: FILE".',
      );
    }
    const parts = readme.trim().match(/^([^#][^]*?[.])\n\nStart at: (\S+)$/);
    if (!parts || /[.]\s+[A-Z]/.test(parts[1])) {
      return problem(
        'not one sentence and the line "Start at: FILE". The rest belongs in docs/ or a header.',
      );
    }
    if (read(`${match[1]}/${parts[2]}`) === undefined) {
      return problem(`starts at ${parts[2]}, which does not exist. Name the header to read first.`);
    }
    return [];
  },
};

const upward = {
  rule: 'upward',
  check({ path, lines }) {
    const from = path.match(/^src\/(\w+)\//)?.[1];
    if (!from) return [];
    return lines.flatMap((line, i) => {
      const included = line.match(/^\s*#include "([^"]+)"/)?.[1];
      if (!included) return [];
      const target = included.startsWith('src/')
        ? included
        : posix.join(posix.dirname(path), included);
      const to = target.match(/^src\/(\w+)\//)?.[1];
      if (!to || to === from || kLayers[to] === undefined || kLayers[from] === undefined) return [];
      if (kLayers[to] <= kLayers[from]) return [];
      return [
        {
          rule: 'upward',
          line: i + 1,
          message: `${from}/ includes ${to}/, which is above it. Take an interface that ${to}/ implements.`,
        },
      ];
    });
  },
};

const once = {
  rule: 'once',
  check({ path, lines }) {
    if (!/\.h$/.test(path) || lines.some((line) => line === '#pragma once')) return [];
    return [{ rule: 'once', line: 0, message: 'a header without "#pragma once". Add it.' }];
  },
};

/** Members that hold JavaScript objects, `cppgc::Member<T> name_;` and containers of them. */
const kReference = /\b(?:cppgc::(?:Weak)?Member|v8::TracedReference)<.*>\s+(\w+_)\s*(?:;|=|\{)/;

const trace = {
  rule: 'trace',
  check({ path, text, lines, read }) {
    if (!isCxx(path)) return [];
    const twin = path.endsWith('.h') ? read(path.replace(/\.h$/, '.cc')) : undefined;
    const traced = [text, twin ?? ''].flatMap(traceBodies).join('\n');
    return lines.flatMap((line, i) => {
      const name = codeOf(line).match(kReference)?.[1];
      if (!name || new RegExp(`\\b${name}\\b`).test(traced)) return [];
      return [
        {
          rule: 'trace',
          line: i + 1,
          message: `${name} holds a JavaScript object but Trace does not visit it, so it may be collected. Add visitor->Trace(${name}).`,
        },
      ];
    });
  },
};

/** The bodies of all functions called Trace. */
function traceBodies(text) {
  return [
    ...text.matchAll(
      /\bTrace\(cppgc::Visitor\s*\*\s*\w*\)\s*(?:const)?\s*(?:override|final)?\s*\{/g,
    ),
  ].map((match) => {
    let depth = 1;
    let at = match.index + match[0].length;
    for (; depth > 0 && at < text.length; ++at) depth += { '{': 1, '}': -1 }[text[at]] ?? 0;
    return text.slice(match.index, at);
  });
}

/** docs/ARCHITECTURE.md: each `src/file` exists, and has each `name` that follows it in its line. */
const map = {
  rule: 'map',
  check({ path, lines, read }) {
    if (path !== 'docs/ARCHITECTURE.md') return [];
    return lines.flatMap((line, i) => {
      const problems = [];
      let file;
      for (const [, word] of line.matchAll(/`([^`]+)`/g)) {
        if (/^(?:src|config|tools|test)\/\S+\.\w+$/.test(word)) {
          file = word;
          if (read(file) === undefined) {
            problems.push({
              rule: 'map',
              line: i + 1,
              message: `${file} does not exist. Name the file that took its place.`,
            });
          }
        } else if (
          file &&
          /^\w+$/.test(word) &&
          line.startsWith('|') &&
          !new RegExp(`\\b${word}\\b`).test(read(file) ?? word)
        ) {
          problems.push({
            rule: 'map',
            line: i + 1,
            message: `${file} has no ${word}. Name the function that took its place.`,
          });
        }
      }
      return problems;
    });
  },
};

export const rules = [
  map,
  length,
  room,
  upward,
  once,
  trace,
  pattern(
    'macro',
    isCxx,
    /^\s*#\s*define\b/,
    'an own macro. Use a constexpr, a function or a template.',
  ),
  pattern(
    'using',
    (path) => path.endsWith('.h'),
    /^\s*using\s+namespace\b/,
    '"using namespace" in a header changes names for all who include it. Write the names out.',
  ),
  pattern(
    'sleep',
    (path) => isTest(path) && isCode(path) && !isTidyItself(path),
    /\b(?:sleep_for|sleep_until|usleep|nanosleep|sleep|afterDelay)\s*\(|\bAtomics\.wait\(|\bscheduler\.wait\(|\bsetTimeout\(\s*(?:resolve|res|r|done)\b|timers\/promises/,
    'a test that waits for time to pass is slow on fast machines and fails on slow ones. Wait for the condition.',
    (line) => line.replace(/\/\/.*$/, ''),
  ),
  pattern(
    'todo',
    (path) => (isCode(path) || path.endsWith('BUILD.bazel')) && !isTidyItself(path),
    /\b(?:FIXME|XXX)\b|\bTODO\b(?!\(#\d+\): )/,
    'a TODO without an issue. Write "TODO(#123): what", or do it now.',
    (line) => line,
  ),
  pattern(
    'local',
    (path) => path.endsWith('.h'),
    /\bv8::Local<.*>\s+\w+_\s*(?:;|=|\{)/,
    'a v8::Local as a member outlives its handle scope. Hold a v8::TracedReference, and trace it.',
  ),
  pattern(
    'registry',
    (path) => /package-lock\.json$/.test(path),
    /"resolved": "http/,
    "the lock file names a registry's host. Make it with npm's omit-lockfile-registry-resolved.",
    (line) => line,
  ),
];

/** @param {File} file @returns {Problem[]} */
export function checkFile(file) {
  return rules.flatMap(({ rule, check }) =>
    check(file).filter(({ line }) => !allowed(rule, file, line)),
  );
}

function allowed(rule, { lines }, line) {
  return [line - 1, line - 2].some((i) =>
    new RegExp(`(?://|#) tidy: ${rule}: \\S`).test(lines[i] ?? ''),
  );
}
