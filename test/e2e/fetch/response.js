import { equal, ok, rejects, throws } from '../assert.js';

export const aResponseHasItsDefaults = {
  test() {
    const response = new Response();
    equal(response.status, 200);
    equal(response.statusText, '');
    equal(response.ok, true);
    equal(response.redirected, false);
    equal(response.url, '');
    equal(response.body, null);
    equal(response.bodyUsed, false);
  },
};

export const bodiesBringTheirContentType = {
  test() {
    equal(new Response('x').headers.get('content-type'), 'text/plain;charset=UTF-8');
    equal(new Response(new Uint8Array(3)).headers.get('content-type'), null);
    equal(Response.json({}).headers.get('content-type'), 'application/json');
    equal(new Response('x', { headers: { 'content-type': 'a/b' } }).headers.get('content-type'), 'a/b');
  },
};

export const aBodyIsReadOnce = {
  async test() {
    const response = new Response('text');
    equal(await response.text(), 'text');
    equal(response.bodyUsed, true);
    await rejects(response.text(), { type: TypeError });
    await rejects(response.arrayBuffer(), { type: TypeError });
    throws(() => response.clone(), { type: TypeError });
  },
};

export const bodiesReadInEveryForm = {
  async test() {
    equal(await new Response('{"a":[1]}').json().then(JSON.stringify), '{"a":[1]}');
    equal(new Uint8Array(await new Response('é').arrayBuffer()).join(), '195,169');
    equal((await new Response('é').bytes()).join(), '195,169');
    equal(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff])).text(), 'a\ufffd');
    equal(await new Response(new Uint8Array([1, 2, 3, 4]).subarray(1, 3)).bytes().then(String), '2,3');
    equal(await new Response(null).text(), '');
    await rejects(new Response('{').json(), { type: SyntaxError });
  },
};

export const aStreamFromTheBodyGivesItsBytes = {
  async test() {
    const reader = new Response('abc').body.getReader();
    const { value, done } = await reader.read();
    ok(value instanceof Uint8Array);
    equal(String(value), '97,98,99');
    equal(done, false);
    equal((await reader.read()).done, true);
  },
};

export const aLockedBodyCannotBeRead = {
  async test() {
    const response = new Response('abc');
    const reader = response.body.getReader();
    equal(response.body.locked, true);
    await rejects(response.text(), { type: TypeError });
    reader.releaseLock();
    equal(await response.text(), 'abc');
  },
};

export const statusesAreChecked = {
  test() {
    for (const status of [0, 99, 100, 199, 600, NaN]) {
      throws(() => new Response('', { status }), { type: RangeError });
    }
    for (const status of [204, 205, 304]) {
      throws(() => new Response('x', { status }), { type: TypeError });
      equal(new Response(null, { status }).status, status);
    }
    equal(new Response('', { status: 404, statusText: 'Gone Fishing' }).statusText, 'Gone Fishing');
    equal(new Response('', { status: 404 }).ok, false);
  },
};

export const redirectsNeedAUrlAndAStatus = {
  test() {
    const response = Response.redirect('http://example.com/a b', 307);
    equal(response.status, 307);
    equal(response.headers.get('location'), 'http://example.com/a%20b');
    equal(Response.redirect('http://example.com').status, 302);
    throws(() => Response.redirect('/relative'), { type: TypeError });
    throws(() => Response.redirect('http://example.com', 200), { type: RangeError });
  },
};

export const aCloneReadsTheSame = {
  async test() {
    const response = new Response('both', { status: 201, headers: { a: 'b' } });
    const copy = response.clone();
    copy.headers.set('a', 'c');
    equal(response.headers.get('a'), 'b');
    equal(copy.status, 201);
    equal((await copy.text()) + (await response.text()), 'bothboth');
  },
};

export const subclassesKeepTheirPrototype = {
  async test() {
    class Mine extends Response {
      shout() {
        return this.text().then((text) => text.toUpperCase());
      }
    }
    const mine = new Mine('loud');
    ok(mine instanceof Response && mine instanceof Mine);
    equal(await mine.shout(), 'LOUD');
  },
};

export const receiversAreChecked = {
  test() {
    throws(() => Response.prototype.status, { type: TypeError });
    throws(() => Response.prototype.clone.call({}), { type: TypeError });
    throws(() => Object.getOwnPropertyDescriptor(Request.prototype, 'url').get.call(new Response()), { type: TypeError });
    throws(() => Response('x'), { type: TypeError });
    equal(Object.prototype.toString.call(new Response()), '[object Response]');
  },
};
