import { equal, ok, rejects, throws } from '../assert.js';

export const aRequestHasItsDefaults = {
  test() {
    const request = new Request('http://example.com');
    equal(request.method, 'GET');
    equal(request.url, 'http://example.com/');
    equal(request.redirect, 'follow');
    equal(request.body, null);
    equal([...request.headers].length, 0);
  },
};

export const methodsAreNormalized = {
  test() {
    equal(new Request('http://a/', { method: 'post' }).method, 'POST');
    equal(new Request('http://a/', { method: 'patch' }).method, 'PATCH');
    throws(() => new Request('http://a/', { method: 'NOPE' }), { type: TypeError });
  },
};

export const urlsMustBeAbsolute = {
  test() {
    throws(() => new Request('/path'), { type: TypeError });
    throws(() => new Request(), { type: TypeError });
    equal(new Request({ toString: () => 'http://a/x' }).url, 'http://a/x');
  },
};

export const getCannotHaveABody = {
  test() {
    throws(() => new Request('http://a/', { body: 'x' }), { type: TypeError });
    throws(() => new Request('http://a/', { method: 'HEAD', body: 'x' }), { type: TypeError });
    equal(new Request('http://a/', { body: null }).body, null);
  },
};

export const aRequestOfARequestTakesItsBody = {
  async test() {
    const first = new Request('http://a/', { method: 'POST', body: 'x', headers: { a: 'b' } });
    const second = new Request(first, { headers: { c: 'd' } });
    equal(second.method, 'POST');
    equal(second.headers.get('a'), null);
    equal(second.headers.get('c'), 'd');
    equal(await second.text(), 'x');
    equal(first.bodyUsed, true);
    await rejects(first.text(), { type: TypeError });
  },
};

export const initialisersReadTheirFieldsOnce = {
  test() {
    const seen = [];
    const init = new Proxy({}, {
      get(target, name) {
        seen.push(name);
      },
    });
    new Request('http://a/', init);
    for (const name of ['method', 'headers', 'body', 'redirect']) {
      equal(seen.filter((each) => each === name).length, 1);
    }
  },
};

export const cfTravelsWithTheRequest = {
  async test(ctrl, env) {
    const response = await env.SELF.fetch('http://served/', { cf: { a: [1, 'é'] } });
    equal(await response.text(), '{"a":[1,"é"]}');
  },
};

export const aFailingGetterFailsTheConstructor = {
  test() {
    const error = new Error('mine');
    try {
      new Request('http://a/', { get method() { throw error; } });
    } catch (caught) {
      ok(caught === error);
      return;
    }
    throw new Error('did not throw');
  },
};

export default {
  fetch(request) {
    return new Response(JSON.stringify(request.cf));
  },
};
