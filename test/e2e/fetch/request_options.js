// Options of Request that say how a cache and its checks are to be used.
import { equal, same, throws } from '../assert.js';

export const cacheModesAreKept = {
  test() {
    equal(new Request('http://x').cache, undefined);
    equal(new Request('http://x', { cache: undefined }).cache, undefined);
    for (const cache of ['no-store', 'no-cache']) {
      const request = new Request('http://x', { cache });
      equal(request.cache, cache);
      equal(request.clone().cache, cache);
      equal(new Request(request).cache, cache);
      equal(new Request('http://y', request).cache, cache);
      same([...request.headers], []);
    }
  },
};

export const unknownCacheModesAreRefused = {
  test() {
    for (const cache of ['default', 'force-cache', 'other', null]) {
      const message = `Unsupported cache mode: ${cache}`;
      throws(() => new Request('http://x', { cache }), { name: 'TypeError', message });
    }
  },
};

export const cacheModesAskServersForFreshAnswers = {
  async test(ctrl, env) {
    const send = async (init) => (await env.SELF.fetch('http://x/', init)).json();
    const fresh = [['cache-control', 'no-cache'], ['pragma', 'no-cache']];
    same(await send({}), []);
    same(await send({ cache: 'no-store' }), fresh);
    same(await send({ cache: 'no-cache' }), fresh);
    const headers = { 'cache-control': 'a' };
    same(await send({ cache: 'no-store', headers }), [['cache-control', 'a'], fresh[1]]);
  },
};

export const integrityIsRefused = {
  test() {
    const request = new Request('http://x', { integrity: '', keepalive: true });
    same([request.integrity, request.keepalive], ['', false]);
    throws(() => new Request('http://x', { integrity: 'sha256-x' }), {
      name: 'TypeError',
      message: /^Subrequest integrity checking is not implemented\./,
    });
  },
};

export default {
  fetch(request) {
    return Response.json([...request.headers]);
  },
};
