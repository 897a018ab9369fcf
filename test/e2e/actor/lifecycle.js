// actors: Box=sql Legacy Missing
// Constructing, breaking and replacing objects.
import { DurableObject } from 'cloudflare:workers';
import { equal, ok, rejects, same } from '../assert.js';

const constructors = new Map();
export class Box extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    constructors.get(ctx.id.name)?.(this, ctx);
  }
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/throw') throw new RangeError('boo');
    if (pathname === '/put') await this.ctx.storage.put('a', searchParams.get('v'));
    if (pathname === '/abort') {
      await this.ctx.storage.put('a', 'kept');
      await this.ctx.storage.sync();
      this.ctx.storage.put('a', 'lost');
      const reason = searchParams.get('reason');
      this.ctx.abort(...(reason === null ? [] : [reason === 'error' ? new TypeError('e') : reason]));
      throw new Error('not reached');
    }
    if (pathname === '/count') this.count = (this.count ?? 0) + 1;
    return new Response(String(this.count ?? await this.ctx.storage.get('a')));
  }
}
export class Legacy {
  constructor(state, env) { this.state = state; this.env = env; }
  async fetch(...args) { return new Response(`${args.length} ${this.state.id.name}`); }
}
export const Missing = class extends DurableObject {};

const ask = async (stub, path) => (await stub.fetch(`http://box/${path}`)).text();

export const objectsKeepWhatTheyKnow = {
  async test(_, env) {
    const stub = env.Box.getByName('counter');
    equal(await ask(stub, 'count'), '1');
    equal(await ask(env.Box.getByName('counter'), 'count'), '2');
    equal(await ask(env.Box.getByName('other counter'), 'count'), '1');
  },
};

export const errorsOfHandlersPassThrough = {
  async test(_, env) {
    const error = await rejects(env.Box.getByName('thrower').fetch('http://box/throw'),
      { name: 'RangeError', message: 'boo' });
    equal(error.remote, true);
    equal(error.durableObjectReset, undefined);
  },
};

export const abortingResets = {
  async test(_, env) {
    for (const [reason, message] of [
      ['', 'Application called abort() to reset Durable Object.'],
      ['?reason=why', 'why'],
      ['?reason=error', 'TypeError: e'],
    ]) {
      const stub = env.Box.getByName(`aborter${reason}`);
      const error = await rejects(stub.fetch(`http://box/abort${reason}`), { name: 'Error', message });
      equal(error.durableObjectReset, true);
      equal((await rejects(stub.fetch('http://box/'), { message })).durableObjectReset, true);
      equal(await ask(env.Box.getByName(`aborter${reason}`), 'get'), 'kept');
    }
  },
};

export const failingConstructorsBreakTheStub = {
  async test(_, env) {
    constructors.set('failing', () => { throw new TypeError('cannot'); });
    const stub = env.Box.getByName('failing');
    const error = await rejects(stub.fetch('http://box/'), { name: 'TypeError', message: 'cannot' });
    equal(error.durableObjectReset, true);
    constructors.delete('failing');
    await rejects(stub.fetch('http://box/'), { message: 'cannot' });
    equal(await ask(env.Box.getByName('failing'), 'count'), '1');
  },
};

export const olderClassesExtendNothing = {
  async test(_, env) {
    equal(await ask(env.Legacy.getByName('old'), ''), '3 old');
    await rejects(env.Legacy.getByName('old').anything(), {
      name: 'TypeError',
      message: /^The receiving Durable Object does not support RPC, because its class was not/,
    });
  },
};

export const handlersThatAreMissingAreTold = {
  async test(_, env) {
    await rejects(env.Missing.getByName('x').fetch('http://box/'),
      { message: 'Handler does not export a fetch() function.' });
  },
};

export const stubsNeedWholeUrls = {
  async test(_, env) {
    await rejects(env.Box.getByName('x').fetch('/x'), { name: 'TypeError', message: /^Invalid URL/ });
  },
};

export const contextsHaveTheirMembers = {
  async test(_, env) {
    let seen;
    constructors.set('members', (self, ctx) => {
      seen = {
        props: ctx.props, container: ctx.container, own: Object.keys(self),
        names: [ctx.constructor.name, ctx.storage.constructor.name, ctx.id.constructor.name],
      };
    });
    await ask(env.Box.getByName('members'), 'count');
    same(seen.props, {});
    equal(seen.container, undefined);
    same(seen.own, ['ctx', 'env']);
    same(seen.names, ['DurableObjectState', 'DurableObjectStorage', 'DurableObjectId']);
    ok(seen);
  },
};
