// The module "cloudflare-internal:d1-api". https://developers.cloudflare.com/d1/worker-api/

  /** What wrapped bindings extend: makes them look like the reference's to tools. */
  class WrappedBinding {}
  finish('WrappedBinding', WrappedBinding);

  const kBookmarkHeader = 'x-cf-d1-session-commit-token';

  const newD1Error = (kind, text) =>
    new NativeError(`${kind}: ${text}`, {__proto__: null, cause: new NativeError(text)});

  /** Where queries are sent, and what of the database's history they are to have seen. */
  class D1Session {
    #service;
    #bookmark;

    constructor(service, bookmark) {
      this.#service = service;
      this.#bookmark = bookmark;
    }

    getBookmark() {
      const mark = this.#bookmark;
      return mark === undefined || mark === 'first-primary' || mark === 'first-unconstrained'
        ? null : mark;
    }

    /** @returns {Promise<any>} what the database has answered: one result, or an array of them */
    async send(path, body) {
      const headers = ['Content-Type', 'application/json'];
      if (this.#bookmark !== undefined) push(headers, kBookmarkHeader, this.#bookmark);
      const response = await this.post(path, headers, native.utf8(toJson(body)));
      const mark = headerOf(response, kBookmarkHeader);
      if (this.#bookmark !== undefined && mark !== null) this.#bookmark = mark;
      const text = await textOf(response);
      try {
        return parseJson(text);
      } catch {
        throw newD1Error('D1_ERROR', `Failed to parse body as JSON, got: ${text}`);
      }
    }

    post(path, headers, bytes) {
      return native.send(this.#service, 'POST', `http://d1/${path}`, headers, bytes);
    }

    /** Sends statements: their results, in order. Throws what went wrong with the first. */
    async run(path, body) {
      const answer = await this.send(path, body);
      const results = isArray(answer) ? answer : [answer];
      for (let i = 0; i < results.length; ++i) {
        if (results[i].success === false || results[i].error !== undefined) {
          throw newD1Error('D1_ERROR', `${results[i].error}`);
        }
      }
      return results;
    }
  }

  /** Rows of values as objects, one property a column. */
  function toObjects(results) {
    if (isMissing(results)) return [];
    if (isArray(results)) return results;
    const {columns, rows} = results;
    return map(rows, (row) => {
      const result = {};
      for (let i = 0; i < columns.length; ++i) {
        defineProperty(result, columns[i], {
          __proto__: null, value: row[i], writable: true, enumerable: true, configurable: true,
        });
      }
      return result;
    });
  }

  /** @param {any} result one statement's */
  function toResult({meta, results}) {
    return {success: true, meta, results: toObjects(results)};
  }

  /** A value as it travels in JSON. */
  function toParameter(value) {
    if (value === null) return null;
    switch (typeof value) {
      case 'number': case 'string': return value;
      case 'boolean': return value ? 1 : 0;
      case 'object':
        if (isArray(value)) return value;
        if (native.kindOf(value) === 'bytes') return toBytes(value);
    }
    throw newD1Error('D1_TYPE_ERROR', `Type '${typeof value}' not supported for value '${value}'`);
  }

  class D1PreparedStatement {
    #session;

    constructor(session, statement, params) {
      this.#session = session;
      this.statement = statement;
      this.params = params;
    }

    /** @param {...any} values */
    bind(...values) {
      return new D1PreparedStatement(this.#session, this.statement, map(values, toParameter));
    }

    /** @param {string} [column] */
    async first(column) {
      const rows = (await this.all()).results;
      if (rows.length === 0) return null;
      if (column === undefined) return rows[0];
      if (rows[0][column] !== undefined) return rows[0][column];
      throw new NativeError(`D1_COLUMN_NOTFOUND: Column not found (${column})`,
                            {__proto__: null, cause: new NativeError('Column not found')});
    }

    async run() {
      const path = 'execute?resultsFormat=NONE';
      const [{meta, results}] = await this.#session.run(path, toQuery(this));
      return results === undefined ? {success: true, meta} : {success: true, meta, results};
    }

    async all() {
      return toResult((await this.#session.run(kQueryPath, toQuery(this)))[0]);
    }

    /** @param {{columnNames?: boolean}} [options] */
    async raw(options) {
      const [{results}] = await this.#session.run(kQueryPath, toQuery(this));
      const {columns, rows} = isMissing(results) ? {columns: [], rows: []} : results;
      return options?.columnNames ? [columns, ...rows] : rows;
    }
  }

  const kQueryPath = 'query?resultsFormat=ROWS_AND_COLUMNS';
  const toQuery = ({statement, params}) => ({__proto__: null, sql: statement, params});

  async function runBatch(session, statements) {
    return map(await session.run(kQueryPath, map(statements, toQuery)), toResult);
  }

  class D1DatabaseSession {
    #session;

    constructor(session) { this.#session = session; }
    /** @param {string} query */
    prepare(query) { return new D1PreparedStatement(this.#session, query, []); }
    /** @param {D1PreparedStatement[]} statements */
    async batch(statements) { return runBatch(this.#session, statements); }
    getBookmark() { return this.#session.getBookmark(); }
  }

  class D1Database extends WrappedBinding {
    #service;
    #session;

    constructor(service) {
      super();
      this.#service = service;
      this.#session = new D1Session(service, undefined);
    }

    /** @param {string} query */
    prepare(query) { return new D1PreparedStatement(this.#session, query, []); }

    /** @param {D1PreparedStatement[]} statements */
    async batch(statements) { return runBatch(this.#session, statements); }

    /** @param {string} query one statement a line */
    async exec(query) {
      const lines = split(trim(query), '\n');
      const statements = map(lines, (sql) => ({__proto__: null, sql}));
      const answer = await this.#session.send('execute?resultsFormat=NONE', statements);
      const results = isArray(answer) ? answer : [answer];
      let duration = 0;
      for (let i = 0; i < results.length; ++i) {
        const {error, meta} = results[i];
        if (error !== undefined) {
          throw newD1Error('D1_EXEC_ERROR', `Error in line ${i + 1}: ${lines[i]}: ${error}`);
        }
        duration += meta.duration;
      }
      return {count: results.length, duration};
    }

    /** @param {string} [constraintOrBookmark] */
    withSession(constraintOrBookmark) {
      const given = isMissing(constraintOrBookmark) ? '' : trim(`${constraintOrBookmark}`);
      const mark = given === '' ? 'first-unconstrained' : given;
      return new D1DatabaseSession(new D1Session(this.#service, mark));
    }

    async dump() {
      const headers = ['Content-Type', 'application/json'];
      const response = await this.#session.post('dump', headers, undefined);
      if (isOk(response)) return arrayBufferOf(response);
      throw new NativeError(`D1_DUMP_ERROR: Status + ${statusOf(response)}`, {
        __proto__: null, cause: new NativeError(`Status ${statusOf(response)}`),
      });
    }
  }

  const d1Module = {default: (env) => new D1Database(env.fetcher)};
