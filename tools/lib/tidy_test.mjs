import assert from 'node:assert/strict';
import test from 'node:test';

import { checkFile } from './tidy_rules.mjs';

/** Rules that `text`, being the file `path`, breaks. `others` are further files. */
function broken(path, text, others = {}) {
  const files = {
    'src/js/README.md': 'Runs JavaScript.\n\nStart at: a.h\n',
    'src/js/a.h': '',
    ...others,
    [path]: text,
  };
  const read = (name) => files[name];
  const found = checkFile({ path, text, lines: text.split('\n'), read });
  return found.map(({ rule, line }) => (line ? `${rule}:${line}` : rule));
}

const header = (body) => `#pragma once\n${body}\n`;
const lines = (count) => 'x\n'.repeat(count - 1) + 'x';

const rows = [
  [
    'the map names a file that is there',
    'docs/ARCHITECTURE.md',
    '| `src/js/b.cc` `run` |',
    [],
    { 'src/js/b.cc': 'void run() {}' },
  ],
  ['the map names a file that is gone', 'docs/ARCHITECTURE.md', '| `src/js/c.cc` |', ['map:1']],
  [
    'the map names a function that is gone',
    'docs/ARCHITECTURE.md',
    '| `src/js/b.cc` `walk` |',
    ['map:1'],
    { 'src/js/b.cc': 'void run() {}' },
  ],
  ['a file of 900 lines passes', 'tools/a.sh', lines(900), []],
  ['a file of 901 lines is too long', 'tools/a.sh', lines(901), ['length']],
  ['a clean header passes', 'src/js/a.h', header('class A {};'), []],
  ['a header needs its guard', 'src/js/a.h', 'class A {};\n', ['once']],
  ['a define is an own macro', 'src/js/a.cc', '#define A 1', ['macro:1']],
  ['an indented define too', 'src/js/a.cc', '#ifdef B\n#  define A 1\n#endif', ['macro:2']],
  ['a define in a comment is not', 'src/js/a.cc', '// #define A 1', []],
  [
    'a macro with a reason passes',
    'src/js/a.cc',
    '// tidy: macro: the C API asks for it\n#define A 1',
    [],
  ],
  ['a reason must be given', 'src/js/a.cc', '// tidy: macro:\n#define A 1', ['macro:2']],
  ['using namespace in a header', 'src/js/a.h', header('using namespace kj;'), ['using:2']],
  ['using namespace in a source passes', 'src/js/a.cc', 'using namespace v8;', []],
  ['a using declaration passes', 'src/js/a.h', header('using kj::Own;'), []],
  ['an upward include', 'src/js/a.cc', '#include "src/server/server.h"', ['upward:1']],
  [
    'an upward include by relative path',
    'src/js/a.cc',
    '#include "../worker/worker.h"',
    ['upward:1'],
  ],
  ['a downward include passes', 'src/server/a.cc', '#include "src/js/a.h"', [], room('src/server')],
  ['an include of the own room passes', 'src/js/a.cc', '#include "a.h"', []],
  [
    'server may include config',
    'src/server/a.cc',
    '#include "src/config/plan.h"',
    [],
    room('src/server'),
  ],
  [
    'config may not include server',
    'src/config/a.cc',
    '#include "src/server/a.h"',
    ['upward:1'],
    room('src/config'),
  ],
  ['a sleep in a C++ test', 'src/js/a_test.cc', 'std::this_thread::sleep_for(1s);', ['sleep:1']],
  ['a timer in a C++ test', 'src/js/a_test.cc', 'timer.afterDelay(1 * kj::SECONDS)', ['sleep:1']],
  [
    'a sleep in a JavaScript test',
    'test/e2e/js/a.js',
    'await new Promise((r) => setTimeout(r, 5));',
    ['sleep:1'],
  ],
  ['a timer under test passes', 'test/e2e/js/a.js', 'setTimeout(() => called(), 5);', []],
  ['a sleep in the product passes', 'src/js/a.cc', 'usleep(1);', []],
  ['a TODO with an issue passes', 'src/js/a.cc', '// TODO(#12): more', []],
  ['a TODO without one', 'src/js/a.cc', '// TODO: more', ['todo:1']],
  ['a TODO of somebody', 'src/js/a.cc', '// TODO(me): more', ['todo:1']],
  ['a FIXME', 'tools/a.sh', '# FIXME', ['todo:1']],
  ['a word with todo in it passes', 'src/js/a.cc', 'int todoCount;', []],
  [
    'a member that Trace visits',
    'src/js/a.h',
    header(
      'class A {\n void Trace(cppgc::Visitor* v) const { v->Trace(b_); }\n cppgc::Member<B> b_;\n};',
    ),
    [],
  ],
  [
    'a member that Trace forgets',
    'src/js/a.h',
    header(
      'class A {\n void Trace(cppgc::Visitor* v) const { v->Trace(b_); }\n cppgc::Member<B> b_;\n v8::TracedReference<v8::Value> c_;\n};',
    ),
    ['trace:5'],
  ],
  [
    'a member mentioned only outside Trace',
    'src/js/a.h',
    header(
      'class A {\n void Trace(cppgc::Visitor* v) const {}\n B* b() { return b_; }\n cppgc::Member<B> b_;\n};',
    ),
    ['trace:5'],
  ],
  [
    'a container of members',
    'src/js/a.h',
    header('std::vector<cppgc::Member<B>> list_;'),
    ['trace:2'],
  ],
  [
    'Trace in the source beside the header',
    'src/js/b.h',
    header('cppgc::Member<B> b_;'),
    [],
    {
      'src/js/b.cc':
        'void A::Trace(cppgc::Visitor* visitor) const { if (x) { y(); } visitor->Trace(b_); }',
    },
  ],
  ['a v8::Local member', 'src/js/a.h', header('v8::Local<v8::Value> value_;'), ['local:2']],
  [
    'a v8::Local parameter passes',
    'src/js/a.h',
    header('void set(v8::Local<v8::Value> value);'),
    [],
  ],
  ['a room without its sentence', 'src/wire/a.cc', '', ['room']],
  ['a folder that is part of an id passes', 'src/api/node/lib/internal/a.js', '', []],
  [
    'a room with two sentences',
    'src/wire/a.cc',
    '',
    ['room'],
    { 'src/wire/README.md': 'One. Two.\n\nStart at: a.cc\n' },
  ],
  [
    'a room that starts nowhere',
    'src/wire/a.cc',
    '',
    ['room'],
    { 'src/wire/README.md': 'One.\n\nStart at: b.h\n' },
  ],
  [
    'a lock file with hosts',
    'test/x/package-lock.json',
    '"resolved": "https://example.test/x.tgz"',
    ['registry:1'],
  ],
];

function room(folder) {
  return { [`${folder}/README.md`]: 'A room.\n\nStart at: a.cc\n' };
}

for (const [name, path, text, expected, others] of rows) {
  test(name, () => assert.deepEqual(broken(path, text, others), expected));
}
