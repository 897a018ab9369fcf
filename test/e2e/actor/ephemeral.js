// actors: Local=ephemeral
// Objects named by strings, without storage.
import { DurableObject } from 'cloudflare:workers';
import { equal, same, throws } from '../assert.js';

export class Local extends DurableObject {
  count = 0;
  next() { return (this.count += 1); }
  about() { return [this.ctx.id, this.ctx.storage === undefined]; }
}

export const liveByTheirNames = {
  async test(_, env) {
    const stub = env.Local.get('a');
    equal(await stub.next(), 1);
    equal(await env.Local.get('a').next(), 2);
    equal(await env.Local.get('b').next(), 1);
    same(await stub.about(), ['a', true]);
    equal(env.Local.constructor.name, 'ColoLocalActorNamespace');
  },
};

export const haveNamesOfSomeLength = {
  test(_, env) {
    for (const name of ['', 'x'.repeat(2049)]) {
      throws(() => env.Local.get(name),
        { name: 'TypeError', message: 'Actor ID length must be in the range [1, 2048].' });
    }
    env.Local.get('x'.repeat(2048));
  },
};
