// bindings: DB=wrapped:cloudflare-internal:d1-api
import { rejects, same, throws } from '../assert.js';

let asked = [];
let reply;
const kMeta = { duration: 1, changes: 0 };
const rows = (columns, ...list) => ({ body: JSON.stringify([{ success: true, meta: kMeta, results: { columns, rows: list } }]) });

async function during(given, call) {
  asked = [];
  reply = given;
  const result = await call();
  return { asked: asked[0], result };
}

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    asked.push([pathname + search, JSON.parse(await request.text()), request.headers.get('x-cf-d1-session-commit-token')]);
    return new Response(reply.body, reply);
  },
};

export const allGivesObjects = {
  async test(ctrl, { DB }) {
    const statement = DB.prepare('SELECT ?').bind(1, 'a', true, null, new Uint8Array([1, 2]));
    const { asked, result } = await during(rows(['a', 'b'], [1, 'x'], [2, null]), () => statement.all());
    same(asked, ['/query?resultsFormat=ROWS_AND_COLUMNS', { sql: 'SELECT ?', params: [1, 'a', 1, null, [1, 2]] }, null]);
    same(result, { success: true, meta: kMeta, results: [{ a: 1, b: 'x' }, { a: 2, b: null }] });
  },
};

export const firstGivesARowOrAColumn = {
  async test(ctrl, { DB }) {
    const first = async (given, column) => (await during(given, () => DB.prepare('x').first(column))).result;
    same(await first(rows(['a', 'b'], [1, 'x'])), { a: 1, b: 'x' });
    same(await first(rows(['a', 'b'], [1, 'x']), 'b'), 'x');
    same(await first(rows(['a'])), null);
    await rejects(first(rows(['a'], [1]), 'z'), { type: Error, message: 'D1_COLUMN_NOTFOUND: Column not found (z)' });
  },
};

export const rawGivesArrays = {
  async test(ctrl, { DB }) {
    const { result } = await during(rows(['a', 'a'], [1, 'x']), () => DB.prepare('x').raw({ columnNames: true }));
    same(result, [['a', 'a'], [1, 'x']]);
  },
};

export const valuesOfOtherTypesAreRefused = {
  test(ctrl, { DB }) {
    throws(() => DB.prepare('x').bind(undefined), { type: Error, message: "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'" });
    throws(() => DB.prepare('x').bind(5n), { type: Error, message: "D1_TYPE_ERROR: Type 'bigint' not supported for value '5'" });
  },
};

export const failuresAreTold = {
  async test(ctrl, { DB }) {
    const failing = { status: 500, body: '{"success":false,"error":"oops"}' };
    await rejects(during(failing, () => DB.prepare('x').all()), { type: Error, message: 'D1_ERROR: oops' });
    await rejects(during(failing, () => DB.batch([DB.prepare('x')])), { type: Error, message: 'D1_ERROR: oops' });
    await rejects(during(failing, () => DB.exec('x')), { type: Error, message: 'D1_EXEC_ERROR: Error in line 1: x: oops' });
    await rejects(during({ body: 'text' }, () => DB.prepare('x').run()), { type: Error, message: 'D1_ERROR: Failed to parse body as JSON, got: text' });
  },
};

export const execRunsLineByLine = {
  async test(ctrl, { DB }) {
    const body = JSON.stringify([{ success: true, meta: kMeta }, { success: true, meta: kMeta }]);
    const { asked, result } = await during({ body }, () => DB.exec('\n a;\nb;\n'));
    same(asked.slice(0, 2), ['/execute?resultsFormat=NONE', [{ sql: 'a;' }, { sql: 'b;' }]]);
    same(result, { count: 2, duration: 2 });
  },
};

export const sessionsRememberTheirBookmark = {
  async test(ctrl, { DB }) {
    const session = DB.withSession();
    same(session.getBookmark(), null);
    const marked = { ...rows(['a'], [1]), headers: { 'x-cf-d1-session-commit-token': 'mark' } };
    const first = await during(marked, () => session.prepare('x').all());
    same([first.asked[2], session.getBookmark()], ['first-unconstrained', 'mark']);
    const second = await during(marked, () => session.batch([session.prepare('x')]));
    same(second.asked[2], 'mark');
  },
};
