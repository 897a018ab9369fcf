import { equal, ok, throws } from '../assert.js';

const list = (headers) => JSON.stringify([...headers]);

export const headersCompareNamesWithoutCase = {
  test() {
    const headers = new Headers({ 'X-A': '1' });
    equal(headers.get('x-a'), '1');
    ok(headers.has('X-a'));
    headers.append('x-A', '2');
    equal(headers.get('X-A'), '1, 2');
    headers.set('X-a', '3');
    equal(headers.get('x-a'), '3');
    headers.delete('X-A');
    equal(headers.get('x-a'), null);
  },
};

export const headersIterateSortedAndCombined = {
  test() {
    const headers = new Headers([['B', '1'], ['a', '2'], ['b', '3'], ['set-cookie', 'x'], ['Set-Cookie', 'y']]);
    equal(list(headers), '[["a","2"],["b","1, 3"],["set-cookie","x"],["set-cookie","y"]]');
    equal([...headers.keys()].join(), 'a,b,set-cookie,set-cookie');
    equal([...headers.values()].join('|'), '2|1, 3|x|y');
    equal(headers.getSetCookie().join(), 'x,y');
  },
};

export const headersAreMadeOfHeadersPairsAndRecords = {
  test() {
    const first = new Headers({ a: '1', b: '2' });
    equal(list(new Headers(first)), list(first));
    equal(list(new Headers(new Map([['a', '1'], ['b', '2']]))), list(first));
    equal(list(new Headers()), '[]');
    equal(list(new Headers(undefined)), '[]');
    throws(() => new Headers([['a']]), { type: TypeError });
    throws(() => new Headers(5), { type: TypeError });
  },
};

export const headersRefuseWhatHttpCannotCarry = {
  test() {
    const headers = new Headers();
    for (const name of ['a b', 'a:', 'a\n']) {
      throws(() => headers.append(name, 'x'), { type: TypeError });
    }
    for (const value of ['a\nb', 'a\rb', 'a\0b']) {
      throws(() => headers.append('a', value), { type: TypeError });
    }
    headers.append('a', ' \t x y \t ');
    equal(headers.get('a'), 'x y');
  },
};

export const headersSurviveTenThousandEntries = {
  test() {
    const headers = new Headers();
    for (let i = 0; i < 2000; ++i) headers.append(`n${i}`, 'v');
    equal([...headers].length, 2000);
  },
};

export const forEachGivesValueThenName = {
  test() {
    const seen = [];
    const headers = new Headers({ b: '2', a: '1' });
    headers.forEach(function (value, name, all) {
      seen.push(`${name}=${value}${all === headers}${this.x}`);
    }, { x: 7 });
    equal(seen.join(), 'a=1true7,b=2true7');
  },
};

export const headersOfAnIncomingRequestAreImmutable = {
  async test(ctrl, env) {
    const response = await env.SELF.fetch('http://served/immutable', { headers: { a: 'b' } });
    equal(await response.text(), 'TypeError b');
  },
};

export default {
  fetch(request) {
    try {
      request.headers.set('a', 'c');
      return new Response('changed');
    } catch (error) {
      return new Response(`${error.name} ${request.headers.get('a')}`);
    }
  },
};
