// Content-Encoding: done to bodies that leave, undone for who reads them, kept in between.
import { equal, ok, rejects, same, throws } from '../assert.js';

const kText = 'hello hello hello';

async function gzip(text) {
  const stream = new Response(text).body.pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
const get = (env, path) => env.SELF.fetch(`http://x${path}`);

export const codedBodiesArriveDecoded = {
  async test(ctrl, env) {
    for (const coding of ['gzip', 'br', 'identity', 'other']) {
      const response = await get(env, `/?coding=${coding}`);
      equal(response.headers.get('content-encoding'), coding);
      equal(await response.text(), kText, coding);
    }
  },
};

export const streamsAreDecoded = {
  async test(ctrl, env) {
    for (const coding of ['gzip', 'br']) {
      const response = await get(env, `/?coding=${coding}`);
      let text = '';
      for await (const chunk of response.body) text += new TextDecoder().decode(chunk);
      equal(text, kText, coding);
    }
  },
};

export const clonesAreDecoded = {
  async test(ctrl, env) {
    const response = await get(env, '/?coding=gzip');
    const copy = response.clone();
    equal(await response.text(), kText);
    equal(await copy.text(), kText);
  },
};

export const manualBodiesAreSentAsTheyAre = {
  async test(ctrl, env) {
    equal(await (await get(env, '/?coding=gzip&manual=1&gzipped=1')).text(), kText);
    for (const [coding, name] of [['gzip', 'Gzip'], ['br', 'Brotli']]) {
      const response = await get(env, `/?coding=${coding}&manual=1`);
      const message = `${name} decompression failed.`;
      await rejects(response.text(), { name: 'TypeError', message });
    }
  },
};

export const codedTwiceIsDecodedOnce = {
  async test(ctrl, env) {
    const bytes = new Uint8Array(await (await get(env, '/?coding=gzip&gzipped=1')).arrayBuffer());
    same([bytes[0], bytes[1]], [0x1f, 0x8b]);
  },
};

export const codedBodiesArePassedOn = {
  async test(ctrl, env) {
    for (const path of ['/pass', '/copy']) {
      const response = await get(env, `${path}?coding=gzip`);
      equal(response.headers.get('content-encoding'), 'gzip');
      equal(await response.text(), kText, path);
    }
    const plain = await get(env, '/strip?coding=gzip');
    equal(plain.headers.get('content-encoding'), null);
    equal(await plain.text(), kText);
  },
};

export const largeBodiesAreCoded = {
  async test(ctrl, env) {
    for (const coding of ['gzip', 'br']) {
      const bytes = new Uint8Array(await (await get(env, `/large?coding=${coding}`)).arrayBuffer());
      equal(bytes.length, 1 << 20);
      ok(bytes.every((byte, i) => byte === ((i * 31) & 255)), coding);
    }
  },
};

export const membersFollowEachOther = {
  async test(ctrl, env) {
    equal(await (await get(env, '/members')).text(), kText + kText);
  },
};

export const brokenBodiesFail = {
  async test(ctrl, env) {
    await rejects((await get(env, '/cut')).text(), {
      name: 'TypeError',
      message: 'Gzip compressed stream ended prematurely.',
    });
    await rejects((await get(env, '/trailing')).text(), {
      name: 'TypeError',
      message: 'Gzip decompression failed.',
    });
  },
};

export const aResponsesOwnBodyIsNotCoded = {
  async test() {
    const headers = { 'content-encoding': 'gzip' };
    equal(await new Response('abc', { headers }).text(), 'abc');
    throws(() => new Response('', { encodeBody: 'x' }), {
      name: 'TypeError',
      message: 'encodeBody: unexpected value: x',
    });
  },
};

export const requestsAreNotCoded = {
  async test(ctrl, env) {
    const headers = { 'content-encoding': 'gzip' };
    const response = await env.SELF.fetch('http://x/echo', { method: 'POST', body: 'abc', headers });
    equal(await response.text(), 'abc');
  },
};

export default {
  async fetch(request, env) {
    const { pathname, searchParams: query, search } = new URL(request.url);
    const headers = { 'content-encoding': query.get('coding') ?? 'gzip' };
    const manual = (body) => new Response(body, { headers, encodeBody: 'manual' });
    switch (pathname) {
      case '/echo': return new Response(request.body);
      case '/pass': return get(env, `/${search}`);
      case '/copy': {
        const response = await get(env, `/${search}`);
        return new Response(response.body, response);
      }
      case '/strip': return new Response((await get(env, `/${search}`)).body);
      case '/large': {
        const bytes = new Uint8Array(1 << 20).map((_, i) => i * 31);
        return new Response(bytes, { headers });
      }
      case '/members': {
        const member = await gzip(kText);
        return manual(new Uint8Array([...member, ...member]));
      }
      case '/cut': return manual((await gzip(kText)).slice(0, -3));
      case '/trailing': return manual(new Uint8Array([...(await gzip(kText)), 1, 2, 3]));
    }
    const body = query.get('gzipped') ? await gzip(kText) : kText;
    return new Response(body, { headers, encodeBody: query.get('manual') ? 'manual' : 'automatic' });
  },
};
