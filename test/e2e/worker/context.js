import { equal, ok, rejects } from '../assert.js';

let kept;
let waited = 0;
let late;

export const ioOfAnotherEventIsRefused = {
  async test(ctrl, env) {
    await env.SELF.fetch('http://served/keep', { method: 'POST', body: 'x'.repeat(100_000) });
    const error = await rejects(kept.text(), { type: Error });
    ok(error.message.startsWith('Cannot perform I/O on behalf of a different request.'), error.message);
  },
};

export const anEventMayOutliveItsResponse = {
  async test(ctrl, env) {
    const before = waited;
    await (await env.SELF.fetch('http://served/wait')).text();
    // Each call is an event of its own: when the last has come back, the first had its turn.
    for (let i = 0; i < 100 && waited === before; ++i) await env.SELF.fetch('http://served/ping');
    equal(waited, before + 1);
  },
};

export const theRequestBodyEndsWithTheResponse = {
  async test(ctrl, env) {
    late = undefined;
    const body = 'x'.repeat(1_000_000);
    await (await env.SELF.fetch('http://served/late', { method: 'POST', body })).text();
    for (let i = 0; i < 100 && late === undefined; ++i) await env.SELF.fetch('http://served/ping');
    ok(late instanceof Error, `read ${late?.length} bytes`);
  },
};

export const aHandlerThatCanNeverAnswerIsTold = {
  async test(ctrl, env) {
    const error = await rejects(env.SELF.fetch('http://served/hang'), { type: Error });
    ok(error.message.includes('would never generate a response'), error.message);
  },
};

export const codeFromStringsIsRefused = {
  test() {
    for (const make of [() => eval('1'), () => new Function('1')]) {
      try {
        make();
      } catch (error) {
        equal(error.name, 'EvalError');
        continue;
      }
      throw new Error('code was made from a string');
    }
  },
};

export const propsAreAnObjectByDefault = {
  test(ctrl, env, ctx) {
    equal(JSON.stringify(ctx.props), '{}');
  },
};

export default {
  async fetch(request, env, ctx) {
    switch (new URL(request.url).pathname) {
      case '/keep':
        kept = request;
        return new Response('kept');
      case '/wait':
        ctx.waitUntil(env.SELF.fetch('http://served/ping').then(() => ++waited));
        return new Response('answered');
      case '/late':
        ctx.waitUntil((async () => {
          await env.SELF.fetch('http://served/ping');
          await env.SELF.fetch('http://served/ping');
          late = await request.text().catch((error) => error);
        })());
        return new Response('answered');
      case '/hang':
        return new Promise(() => {});
      default:
        return new Response('pong');
    }
  },
};
