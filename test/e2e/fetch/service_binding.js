import { equal, ok, rejects } from '../assert.js';

export const aBindingCarriesTheWholeRequest = {
  async test(ctrl, env) {
    const response = await env.SELF.fetch('http://served/a%20b/../c?q=1#fragment', {
      method: 'PUT', body: 'content', headers: { 'X-Name': 'v' },
    });
    equal(response.status, 201);
    equal(response.headers.get('x-answer'), 'yes');
    equal(await response.text(), 'PUT http://served/c?q=1 v content');
  },
};

export const aThrowingServiceRejectsTheCall = {
  async test(ctrl, env) {
    const error = await rejects(env.SELF.fetch('http://served/throw'), { type: RangeError });
    equal(error.message, 'too far');
  },
};

export const aServiceThatAnswersNothingRejectsTheCall = {
  async test(ctrl, env) {
    await rejects(env.SELF.fetch('http://served/nothing'), { type: TypeError });
  },
};

export const relativeUrlsAreRefused = {
  async test(ctrl, env) {
    await rejects(env.SELF.fetch('/path'), { type: TypeError });
  },
};

export const bodiesStreamThroughBothWays = {
  async test(ctrl, env) {
    const bytes = new Uint8Array(300_000).map((_, i) => i % 251);
    const response = await env.SELF.fetch('http://served/echo', { method: 'POST', body: bytes });
    let at = 0;
    for await (const chunk of response.body) {
      for (const byte of chunk) {
        if (byte !== at++ % 251) throw new Error(`wrong byte at ${at}`);
      }
    }
    equal(at, bytes.length);
  },
};

export const aBodyCanBePassedOnUnread = {
  async test(ctrl, env) {
    const response = await env.SELF.fetch('http://served/relay', { method: 'POST', body: 'relayed' });
    equal(await response.text(), 'relayed');
  },
};

export const manyCallsRunAtOnce = {
  async test(ctrl, env) {
    const calls = Array.from({ length: 50 }, (_, i) =>
      env.SELF.fetch('http://served/echo', { method: 'POST', body: String(i) }).then((r) => r.text()));
    equal((await Promise.all(calls)).join(), Array.from({ length: 50 }, (_, i) => i).join());
  },
};

export const redirectsAreFollowedOnRequest = {
  async test(ctrl, env) {
    const followed = await env.SELF.fetch('http://served/redirect');
    equal(followed.redirected, true);
    equal(followed.url, 'http://served/target');
    equal(await followed.text(), 'GET');
    const manual = await env.SELF.fetch('http://served/redirect', { redirect: 'manual' });
    equal(manual.status, 302);
    await rejects(env.SELF.fetch('http://served/redirect', { redirect: 'error' }), { type: TypeError });
    const posted = await env.SELF.fetch('http://served/redirect', { method: 'POST', body: 'x' });
    equal(await posted.text(), 'GET');
    await rejects(env.SELF.fetch('http://served/loop'), { type: Error });
  },
};

export const credentialsStayWithTheirOrigin = {
  async test(ctrl, env) {
    const headers = { authorization: 'secret' };
    const same = await env.SELF.fetch('http://served/redirect-to-auth', { headers });
    equal(await same.text(), 'secret');
    const other = await env.SELF.fetch('http://served/redirect-to-other', { headers });
    equal(await other.text(), 'null');
  },
};

export const thenablesAreWaitedFor = {
  async test(ctrl, env) {
    equal(await (await env.SELF.fetch('http://served/thenable')).text(), 'then');
  },
};

export const cancellingTheResponseEndsTheCall = {
  async test(ctrl, env) {
    const response = await env.SELF.fetch('http://served/echo', { method: 'POST', body: 'x'.repeat(200_000) });
    await response.body.cancel();
    ok(response.bodyUsed);
  },
};

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case '/throw':
        throw new RangeError('too far');
      case '/nothing':
        return undefined;
      case '/echo':
        return new Response(request.body);
      case '/relay':
        return env.SELF.fetch('http://served/echo', request);
      case '/redirect':
        return new Response(null, { status: 302, headers: { location: '/target' } });
      case '/loop':
        return new Response(null, { status: 302, headers: { location: '/loop' } });
      case '/redirect-to-auth':
        return new Response(null, { status: 302, headers: { location: '/auth' } });
      case '/redirect-to-other':
        return new Response(null, { status: 302, headers: { location: 'http://other/auth' } });
      case '/auth':
        return new Response(String(request.headers.get('authorization')));
      case '/thenable':
        return { then: (resolve) => resolve(new Response('then')) };
      case '/target':
        return new Response(request.method);
      default:
        return new Response(
          `${request.method} ${request.url} ${request.headers.get('x-name')} ${await request.text()}`,
          { status: 201, headers: { 'X-Answer': 'yes' } });
    }
  },
};
