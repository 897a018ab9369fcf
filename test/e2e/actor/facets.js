// actors: Box=sql Plain Local=ephemeral
// actor classes: Bound=Inner
// flags: enable_ctx_exports
// Durable Objects within a Durable Object.
import { DurableObject } from 'cloudflare:workers';
import { equal, rejects, same, throws } from '../assert.js';

let made = 0;
class Base extends DurableObject {
  number = ++made;
  which() { return this.number; }
  who() { return [typeof this.ctx.id === 'string' ? this.ctx.id : this.ctx.id.name, this.ctx.props]; }
  put(key, value) { return this.ctx.storage.put(key, value); }
  get(key) { return this.ctx.storage.get(key); }
  rows() {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS t(a)');
    sql.exec('INSERT INTO t VALUES (1)');
    return sql.exec('SELECT count(*) AS n FROM t').one().n;
  }
  fail() { throw new RangeError('it failed'); }
  abort() { this.ctx.abort('enough'); }
  take() {}
  facet(name) { return this.ctx.facets.get(name, () => ({ class: this.env.Bound })); }
  deeper(levels) { return levels === 0 ? 'here' : this.facet('deeper').deeper(levels - 1); }
  run(name) { return checks[name](this, this.ctx, this.env); }
}
export class Inner extends Base {}
export class Box extends Base {}
export class Plain extends Base {}
export class Local extends Base {}

const checks = {
  async storage(box) {
    await box.put('k', 'parent');
    await box.facet('a').put('k', 'a');
    same([await box.get('k'), await box.facet('a').get('k'), await box.facet('b').get('k')],
      ['parent', 'a', undefined]);
    same([await box.facet('a').rows(), await box.facet('a').rows()], [1, 2]);
  },
  async classes(box, ctx) {
    const who = (name, options) => ctx.facets.get(name, () => options).who();
    same(await who('1', { class: ctx.exports.Inner }), ['classes', {}]);
    same(await who('2', { class: ctx.exports.Inner({ props: { a: 1 } }) }), ['classes', { a: 1 }]);
    same(await who('3', { class: ctx.exports.Box, id: 'text' }), ['text', {}]);
    same(await who('4', { class: ctx.exports.Local }), ['classes', {}]);
    same(await who('5', { class: box.env.Bound, id: box.env.Box.idFromName('other') }), ['other', {}]);
    for (const wrong of [undefined, 5, box.env.Box, class {}]) {
      const error = {
        name: 'TypeError',
        message: "Incorrect type for the 'class' field on 'StartupOptions': the provided value is not of type 'DurableObjectClass or LoopbackDurableObjectNamespace or LoopbackColoLocalActorNamespace'.",
      };
      const name = `wrong ${wrong}`;
      await rejects(who(name, { class: wrong }), error);
      // Until it is aborted, it stays like that.
      await rejects(who(name, { class: box.env.Bound }), error);
      ctx.facets.abort(name, 'again');
      same(await who(name, { class: box.env.Bound }), ['classes', {}]);
    }
  },
  async callbacks(box, ctx) {
    let calls = 0;
    const get = (name, begin) => ctx.facets.get(name, begin);
    const stub = get('lazy', () => { calls += 1; return { class: box.env.Bound }; });
    equal(calls, 0);
    same([await stub.which() === await stub.which(), calls], [true, 1]);
    const later = async () => {
      await scheduler.wait(5);  // tidy: sleep: a callback that takes a while
      return { class: box.env.Bound };
    };
    equal(typeof await get('later', later).which(), 'number');
    const thrown = { name: 'RangeError', message: 'no' };
    await rejects(get('throws', () => { throw new RangeError('no'); }).which(), thrown);
    await rejects(get('rejects', async () => { throw new RangeError('no'); }).which(), thrown);
    const both = [get('both', later).which(), get('both', later).which()];
    equal(await both[0], await both[1]);
    throws(() => get('x'.repeat(257), later),
      { name: 'TypeError', message: 'Facet name is too long (max 256 characters).' });
    throws(() => get('x', 5), { name: 'TypeError' });
  },
  async aborts(box, ctx) {
    const stub = box.facet('a');
    await stub.put('k', 1);
    const before = await stub.which();
    ctx.facets.abort('a', new RangeError('because'));
    await rejects(stub.which(), { name: 'RangeError', message: 'because' });
    equal(await box.facet('a').which() > before, true);
    equal(await box.facet('a').get('k'), 1);
    ctx.facets.abort('unknown', 'why');
    throws(() => ctx.facets.abort('a'), { name: 'TypeError' });
  },
  async deletes(box, ctx) {
    const stub = box.facet('a');
    await stub.put('k', 1);
    await ctx.facets.get('a', () => ({})).deeper(1);
    ctx.facets.delete('a');
    await rejects(stub.get('k'), { name: 'Error', message: 'Facet was deleted.' });
    equal(await box.facet('a').get('k'), undefined);
    ctx.facets.delete('unknown');
  },
  async clones(box, ctx) {
    await box.facet('from').put('k', 7);
    await box.facet('to').put('k', 1);
    const stub = box.facet('to');
    await stub.which();
    ctx.facets.clone('from', 'to');
    await rejects(stub.get('k'), { name: 'Error', message: 'Facet was cloned-over.' });
    same([await box.facet('from').get('k'), await box.facet('to').get('k')], [7, 7]);
    await box.facet('to').put('k', 8);
    equal(await box.facet('from').get('k'), 7);
    ctx.facets.clone('unknown', 'to');
    equal(await box.facet('to').get('k'), undefined);
  },
  async failures(box, ctx, env) {
    const stub = box.facet('a');
    const error = await rejects(stub.fail(), { name: 'RangeError', message: 'it failed' });
    equal(error.remote, true);
    await rejects(stub.abort(), { message: 'enough' });
    equal(typeof await box.facet('a').which(), 'number');
    equal(await box.deeper(3), 'here');
    await rejects(box.deeper(4), {
      name: 'Error',
      message: 'Facet nesting depth limit exceeded. The maximum depth including the root Durable Object is 4.',
    });
    await rejects(env.Plain.getByName('taker').take(box.facet('a')), {
      name: 'DataCloneError',
      message: 'Stubs pointing to Durable Object facets are not serializable.',
    });
  },
  async everything(box, ctx) {
    await box.facet('a').put('k', 1);
    await ctx.storage.deleteAll();
    equal(await box.facet('a').get('k'), undefined);
  },
};

export const theyAreActorsOfTheirOwn = {
  async test(_, env) {
    for (const name of Object.keys(checks)) await env.Box.getByName(name).run(name);
  },
};

export const theirStorageIsAsItsNamespaceHasIt = {
  async test(_, env) {
    await rejects(env.Plain.getByName('x').run('storage'),
      { message: /^SQL is not enabled for this Durable Object class\./ });
    await rejects(env.Local.get('x').run('storage'), { name: 'TypeError' });
  },
};

export const aResetOfTheParentIsTheirs = {
  async test(_, env) {
    const box = env.Box.getByName('resets');
    await box.run('aborts');
    await rejects(box.abort(), { message: 'enough' });
    await env.Box.getByName('resets').run('aborts');
  },
};
