// actors: Box=sql Other
// Namespaces and the ids they make.
import { DurableObject } from 'cloudflare:workers';
import { equal, ok, same, throws } from '../assert.js';

export class Box extends DurableObject {
  fetch() {
    const { id } = this.ctx;
    return Response.json({ id: String(id), name: id.name });
  }
}
export class Other extends DurableObject {}

export const areDerivedFromTheName = {
  test(_, env) {
    const id = env.Box.idFromName('foo');
    equal(id.toString().length, 64);
    ok(id.equals(env.Box.idFromName('foo')));
    ok(!id.equals(env.Box.idFromName('bar')));
    ok(!id.equals(env.Other.idFromName('foo')));
    equal(env.Box.idFromName(5).toString(), env.Box.idFromName('5').toString());
    ok(env.Box.idFromName('a\0b').toString() !== env.Box.idFromName('a').toString());
  },
};

export const showTheirName = {
  test(_, env) {
    same(Object.keys(env.Box.idFromName('foo')), ['jurisdiction', 'name']);
    same(Object.keys(env.Box.newUniqueId()), ['jurisdiction', 'name']);
    equal(env.Box.newUniqueId().name, undefined);
    equal(env.Box.idFromName('foo').name, 'foo');
    throws(() => { env.Box.idFromName('foo').name = 'x'; }, { name: 'TypeError' });
  },
};

export const areReadFromStrings = {
  test(_, env) {
    const id = env.Box.newUniqueId();
    ok(env.Box.idFromString(id.toString()).equals(id));
    ok(env.Box.idFromString(id.toString().toUpperCase()).equals(id));
    for (const text of ['', 'ab', 'z'.repeat(64), `${id}00`]) {
      throws(() => env.Box.idFromString(text),
        { name: 'TypeError', message: 'Invalid Durable Object ID: must be 64 hex digits' });
    }
    throws(() => env.Other.idFromString(id.toString()),
      { name: 'TypeError', message: 'Durable Object ID is not valid for this namespace.' });
  },
};

export const refuseJurisdictions = {
  test(_, env) {
    const message = 'Jurisdiction restrictions are not implemented in workerd.';
    throws(() => env.Box.newUniqueId({ jurisdiction: 'eu' }), { message });
    throws(() => env.Box.jurisdiction('eu'), { message });
    ok(env.Box.newUniqueId({ jurisdiction: null }));
    ok(env.Box.jurisdiction().idFromName('a').equals(env.Box.idFromName('a')));
  },
};

export const leadToStubs = {
  async test(_, env) {
    const stub = env.Box.getByName('foo');
    same(Object.keys(stub), ['name', 'id']);
    equal(stub.name, 'foo');
    ok(stub.id.equals(env.Box.idFromName('foo')));
    equal(stub.constructor.name.length > 0, true);
    throws(() => env.Box.get('foo'), {
      name: 'TypeError',
      message: "Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type " +
        "'DurableObjectId'.",
    });
    throws(() => env.Box.get(stub.id, { routingMode: 'x' }),
      { name: 'RangeError', message: 'unknown routingMode: x' });
  },
};

export const tellTheObjectWhoItIs = {
  async test(_, env) {
    const ask = async (stub) => (await stub.fetch('http://box/')).json();
    const byName = env.Box.getByName('me');
    same(await ask(byName), { id: String(byName.id), name: 'me' });
    const unique = env.Box.newUniqueId();
    same(await ask(env.Box.get(unique)), { id: String(unique) });
    const long = await ask(env.Box.getByName('n'.repeat(1025)));
    equal(long.name, undefined);
    equal((await ask(env.Box.getByName('n'.repeat(1024)))).name.length, 1024);
  },
};
