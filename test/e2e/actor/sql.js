// actors: Box=sql Plain
// The SQL interface.
import { DurableObject } from 'cloudflare:workers';
import { equal, ok, same, throws } from '../assert.js';

const bodies = new Map();
export class Box extends DurableObject {
  run(key) { return bodies.get(key)(this.ctx.storage.sql, this.ctx.storage); }
}
export class Plain extends Box {}
/** Runs `body` inside an object of its own. */
function inside(body, name = 'Box') {
  return {
    async test(_, env) {
      const key = crypto.randomUUID();
      bodies.set(key, body);
      await env[name].getByName(key).run(key);
    },
  };
}

export const convertsWhatIsBound = inside((sql) => {
  const typed = (value) => {
    const { t, v } = sql.exec('SELECT typeof(?1) AS t, ?1 AS v', value).one();
    return `${t}:${v instanceof ArrayBuffer ? new Uint8Array(v) : v}`;
  };
  for (const [value, expected] of [
    [null, 'null:null'],
    [undefined, 'null:null'],
    [5, 'real:5'],
    [1.5, 'real:1.5'],
    [NaN, 'null:null'],
    ['te\0xt', 'text:te\0xt'],
    ['', 'text:'],
    [true, 'text:true'],
    [new Uint8Array([1, 2]), 'blob:1,2'],
    [new ArrayBuffer(0), 'blob:'],
  ]) equal(typed(value), expected);
  throws(() => sql.exec('SELECT ?', 5n),
    { name: 'TypeError', message: 'Cannot convert a BigInt value to a number' });
  sql.exec('CREATE TABLE t(i INTEGER, s TEXT, r REAL)');
  sql.exec('INSERT INTO t VALUES (?, ?, ?)', 5, 5, 5);
  same(sql.exec('SELECT *, typeof(i) AS ti FROM t').one(), { i: 5, s: '5.0', r: 5, ti: 'integer' });
});

export const givesRowsInSeveralForms = inside((sql) => {
  const query = 'SELECT value AS n, value * 2 AS twice FROM json_each(?)';
  const run = () => sql.exec(query, '[1,2,3]');
  same(run().toArray(), [{ n: 1, twice: 2 }, { n: 2, twice: 4 }, { n: 3, twice: 6 }]);
  same([...run()].length, 3);
  same([...run().raw()], [[1, 2], [2, 4], [3, 6]]);
  same(run().raw().toArray(), [[1, 2], [2, 4], [3, 6]]);
  same(run().columnNames, ['n', 'twice']);
  const cursor = run();
  same(cursor.next(), { done: false, value: { n: 1, twice: 2 } });
  same(cursor.raw().next().value, [2, 4]);
  same(cursor.toArray(), [{ n: 3, twice: 6 }]);
  same(cursor.next(), { done: true });
  same(sql.exec('SELECT 1 AS a, 2 AS b, 3 AS a').one(), { a: 3, b: 2 });
  same([...sql.exec('SELECT 1 AS a, 2 AS b, 3 AS a').raw()], [[1, 2, 3]]);
});

export const expectsOneRow = inside((sql) => {
  same(sql.exec('SELECT 1 AS a').one(), { a: 1 });
  throws(() => sql.exec('SELECT 1 WHERE 0').one(),
    { message: 'Expected exactly one result from SQL query, but got no results.' });
  throws(() => sql.exec('SELECT 1 UNION SELECT 2').one(),
    { message: 'Expected exactly one result from SQL query, but got multiple results.' });
});

export const runsSeveralStatements = inside((sql) => {
  sql.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (?);  \n', 2);
  equal(sql.exec('SELECT count(*) AS n FROM t;').one().n, 2);
  throws(() => sql.exec('SELECT ?; SELECT 1', 1), {
    message: 'When executing multiple SQL statements in a single call, only the last statement ' +
      'can have parameters.',
  });
  for (const text of ['', ' ', ';', '-- nothing', 'SELECT 1; -- nothing']) {
    throws(() => sql.exec(text), { message: 'SQL code did not contain a statement.' });
  }
  throws(() => sql.exec('INSERT INTO t VALUES (3); INSERT INTO nope VALUES (1)'),
    { message: 'no such table: nope: SQLITE_ERROR' });
  equal(sql.exec('SELECT count(*) AS n FROM t').one().n, 3);
});

export const saysWhatIsWrong = inside((sql) => {
  throws(() => sql.exec('selec'), { message: 'near "selec": syntax error at offset 0: SQLITE_ERROR' });
  throws(() => sql.exec('SELECT ?'), { message: 'Wrong number of parameter bindings for SQL query.' });
  throws(() => sql.exec('SELECT 1', 1), { message: 'Wrong number of parameter bindings for SQL query.' });
  sql.exec('CREATE TABLE t(a PRIMARY KEY)');
  sql.exec('INSERT INTO t VALUES (1)');
  throws(() => sql.exec('INSERT INTO t VALUES (1)'), {
    message: 'UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (extended: ' +
      'SQLITE_CONSTRAINT_PRIMARYKEY)',
  });
});

export const keepsTheRuntimesTablesToItself = inside(async (sql, storage) => {
  await storage.put('a', 1);
  const denied = { message: /not authorized|is prohibited|no such table/ };
  for (const text of [
    'SELECT * FROM _cf_KV', 'DELETE FROM _CF_KV', 'DROP TABLE _cf_KV', 'CREATE TABLE _cf_x(a)',
    'PRAGMA table_info(_cf_KV)', "SELECT * FROM pragma_table_info('_cf_KV')",
    'PRAGMA journal_mode = DELETE', "ATTACH ':memory:' AS x", 'CREATE TEMP TABLE x(a)',
    'SELECT sqlite_version()', 'SELECT * FROM sqlite_dbpage',
  ]) throws(() => sql.exec(text).toArray(), denied);
  sql.exec('CREATE TABLE t(a)');
  throws(() => sql.exec('ALTER TABLE t RENAME TO _cf_t'), denied);
  throws(() => sql.exec('BEGIN'), { message: /^To execute a transaction, please use the state/ });
  ok(sql.exec("SELECT 1 FROM sqlite_master WHERE name = '_cf_KV'").one());
  throws(() => sql.exec('VACUUM'), { message: 'cannot VACUUM from within a transaction: SQLITE_ERROR' });
});

export const allowsWhatIsHarmless = inside((sql) => {
  sql.exec('CREATE TABLE t(a PRIMARY KEY, b)');
  same(sql.exec('PRAGMA table_info(t)').toArray().map(({ name }) => name), ['a', 'b']);
  same(sql.exec("SELECT name FROM pragma_table_info('t')").toArray(), [{ name: 'a' }, { name: 'b' }]);
  sql.exec('PRAGMA foreign_keys');
  sql.exec('PRAGMA quick_check');
  sql.exec('CREATE VIRTUAL TABLE f USING fts5(x)');
  sql.exec("INSERT INTO f VALUES ('hello world')");
  equal(sql.exec("SELECT highlight(f, 0, '<', '>') AS h FROM f('hello')").one().h, '<hello> world');
  sql.exec('CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO f VALUES (new.a); END');
  sql.exec("INSERT INTO t VALUES ('trigger', 1)");
  equal(sql.exec('SELECT count(*) AS n FROM f').one().n, 2);
  equal(sql.exec("SELECT json_extract('{\"a\":[1,2]}', '$.a[1]') AS v").one().v, 2);
});

export const hasLimits = inside((sql) => {
  const many = (count, part) => Array(count).fill(part).join();
  for (const [text, message] of [
    [`SELECT ${many(101, '1')}`, 'too many columns in result set: SQLITE_ERROR'],
    [`SELECT '${'x'.repeat(100_001)}'`, 'statement too long: SQLITE_TOOBIG'],
    [`SELECT 'x' LIKE '${'x'.repeat(51)}'`, 'LIKE or GLOB pattern too complex: SQLITE_ERROR'],
    [Array(7).fill('SELECT 1').join(' UNION '), 'too many terms in compound SELECT: SQLITE_ERROR'],
  ]) throws(() => sql.exec(text).toArray(), { message });
  throws(() => sql.exec(`SELECT ${many(101, '?')}`, ...Array(101).fill(1)),
    { message: /^too many SQL variables at offset \d+: SQLITE_ERROR$/ });
});

export const tellsItsSize = inside((sql) => {
  equal(sql.databaseSize, 4096);
  sql.exec('CREATE TABLE t(a)');
  sql.exec('INSERT INTO t VALUES (zeroblob(100000))');
  ok(sql.databaseSize > 100_000);
});

export const countsWhatItWrites = inside((sql) => {
  sql.exec('CREATE TABLE t(a INTEGER PRIMARY KEY, b)');
  equal(sql.exec('INSERT INTO t VALUES (1, 2), (3, 4)').rowsWritten, 2);
  const scan = sql.exec('SELECT * FROM t');
  scan.toArray();
  same([scan.rowsRead, scan.rowsWritten], [2, 0]);
});

export const keepsCursorsApart = inside((sql) => {
  const text = "SELECT value FROM json_each('[1,2]')";
  const a = sql.exec(text);
  const b = sql.exec(text);
  equal(a.next().value.value, 1);
  equal(b.next().value.value, 1);
  equal(a.next().value.value, 2);
  same(b.toArray(), [{ value: 2 }]);
});

export const endsCursorsWithTheData = inside(async (sql, storage) => {
  sql.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2), (3)');
  const cursor = sql.exec('SELECT * FROM t');
  cursor.next();
  await storage.deleteAll();
  throws(() => cursor.toArray(),
    { message: 'SQLite query was canceled because the database was deleted.' });
});

export const isThereForSqlClassesOnly = inside((sql, storage) => {
  throws(() => sql.exec('SELECT 1'), { message: /^SQL is not enabled for this Durable Object class/ });
  throws(() => storage.kv.get('a'), { message: /^The storage.kv \(synchronous KV\) API is only/ });
  equal(storage.transactionSync(() => 5), 5);
}, 'Plain');
