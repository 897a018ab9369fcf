// actors: Box=sql Local=ephemeral
// actor classes: Bound=Inner
// flags: enable_ctx_exports
// Durable Object classes of the worker itself, in ctx.exports and as bindings.
import { DurableObject, exports } from 'cloudflare:workers';
import { equal, ok, rejects, same, throws } from '../assert.js';

export class Box extends DurableObject {
  who() { return [this.ctx.id.name, this.ctx.props, Object.keys(this.ctx.exports).includes('Box')]; }
  take(value) { return value.constructor.name; }
}
export class Local extends DurableObject {
  who() { return this.ctx.id; }
}
export class Inner extends DurableObject {}

export const aClassWithNamespaceIsTheNamespace = {
  async test(_, env, ctx) {
    equal(ctx.exports.Box.constructor.name, 'LoopbackDurableObjectNamespace');
    equal(typeof ctx.exports.Box, 'function');
    equal(ctx.exports.Box, exports.Box);
    equal(ctx.exports.Box.idFromName('a').toString(), env.Box.idFromName('a').toString());
    same(await ctx.exports.Box.getByName('a').who(), ['a', {}, true]);
  },
};

export const anEphemeralNamespaceIsThereToo = {
  async test(_, env, ctx) {
    equal(ctx.exports.Local.constructor.name, 'LoopbackColoLocalActorNamespace');
    equal(await ctx.exports.Local.get('x').who(), 'x');
  },
};

export const aClassWithoutNamespaceIsAClass = {
  async test(_, env, ctx) {
    equal(ctx.exports.Inner.constructor.name, 'LoopbackDurableObjectClass');
    equal(Object.getPrototypeOf(Object.getPrototypeOf(ctx.exports.Inner)).constructor.name,
      'DurableObjectClass');
    equal(env.Bound.constructor.name, 'DurableObjectClass');
    throws(() => env.Bound({}), { name: 'TypeError' });
  },
};

export const callingGivesAClassWithProps = {
  async test(_, env, ctx) {
    for (const name of ['Box', 'Local', 'Inner']) {
      const className = ctx.exports[name].constructor.name;
      for (const options of [{}, { props: { a: 1 } }]) {
        equal(ctx.exports[name](options).constructor.name, 'DurableObjectClass');
      }
      throws(() => ctx.exports[name](), {
        name: 'TypeError',
        message: `Failed to execute '(called as function)' on '${className}': parameter 1 is not of type 'Options'.`,
      });
      throws(() => ctx.exports[name]({ props: 5 }), { name: 'TypeError' });
      throws(() => ctx.exports[name]({ props: { f() {} } }), { name: 'DataCloneError' });
    }
  },
};

export const classesTravelOnceTheyHaveBeenCalled = {
  async test(_, env, ctx) {
    const box = env.Box.getByName('taker');
    equal(await box.take(ctx.exports.Inner({ props: { a: 1 } })), 'DurableObjectClass');
    equal(await box.take(env.Bound), 'DurableObjectClass');
    for (const name of ['Box', 'Local', 'Inner']) {
      await rejects(box.take(ctx.exports[name]), {
        name: 'DataCloneError',
        message: `Could not serialize object of type "${ctx.exports[name].constructor.name}". This type does not support serialization.`,
      });
    }
    ok(ctx.exports.Box({ props: { inner: ctx.exports.Inner({}) } }));
  },
};
