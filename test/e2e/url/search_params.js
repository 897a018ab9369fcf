import {equal, ok, same, throws} from '../assert.js';

export const everyKindOfInitIsUnderstood = {
  test() {
    const text = (init) => new URLSearchParams(init).toString();
    equal(text(undefined), '');
    equal(text('?a=b&c'), 'a=b&c=');
    equal(text('??a=b'), '%3Fa=b');
    equal(text([['a', 'b'], ['a', 'c']]), 'a=b&a=c');
    equal(text(new Map([['m', 1]])), 'm=1');
    equal(text({a: '1', b: 2}), 'a=1&b=2');
    equal(text(new URLSearchParams('z=1&z=2')), 'z=1&z=2');
    equal(text(5), '5=');
    equal(text((function* () { yield ['g', 'h']; })()), 'g=h');
    equal(text({[Symbol.iterator]: null, a: 'b'}), 'a=b');
    equal(text({'\uD800': '\uDC00'}), '%EF%BF%BD=%EF%BF%BD');
  },
};

export const pairsHaveTwoElements = {
  test() {
    const message = 'Invalid URL search params sequence.';
    throws(() => new URLSearchParams([['a']]), {name: 'TypeError', message});
    throws(() => new URLSearchParams([['a', 'b', 'c']]), {name: 'TypeError', message});
    throws(() => new URLSearchParams(['ab']), {name: 'TypeError'});
    throws(() => new URLSearchParams([5]), {name: 'TypeError'});
  },
};

export const valuesAreFoundChangedAndSorted = {
  test() {
    const params = new URLSearchParams('a=1&a=2&b=3');
    equal(params.size, 3);
    equal(params.get('a'), '1');
    equal(params.get('x'), null);
    same(params.getAll('a'), ['1', '2']);
    params.delete('a', '1');
    equal(params.has('a', '2'), true);
    equal(params.has('a', '1'), false);
    equal(params.has('a', undefined), true);
    params.append('c d', 'e&f');
    params.set('b', '9');
    equal(params.toString(), 'a=2&b=9&c+d=e%26f');
    const sorted = new URLSearchParams('z=1&a=2&a=1&\uFFFF=y&\u{1F600}=x');
    sorted.sort();
    same([...sorted.keys()], ['a', 'a', 'z', '\u{1F600}', '\uFFFF']);
    same(sorted.getAll('a'), ['2', '1']);
  },
};

export const theyAreTiedToTheirUrl = {
  test() {
    const url = new URL('http://a/?x=1#h');
    const {searchParams} = url;
    ok(url.searchParams === searchParams);
    searchParams.append('y', '2 3');
    equal(url.href, 'http://a/?x=1&y=2+3#h');
    url.search = '?q';
    equal(String(searchParams), 'q=');
    url.href = 'http://b/?r=1';
    equal(searchParams.get('r'), '1');
    searchParams.delete('r');
    equal(url.href, 'http://b/');
  },
};

export const iterationSeesChanges = {
  test() {
    const params = new URLSearchParams('a=1&b=2&c=3');
    const seen = [];
    for (const [name] of params) {
      seen.push(name);
      if (name === 'a') params.delete('b');
      if (name === 'c') params.append('d', 4);
    }
    same(seen, ['a', 'c', 'd']);
    const all = [];
    params.forEach(function (value, name, whole) {
      all.push(name + value + (whole === params) + this);
    }, 'T');
    same(all, ['a1trueT', 'c3trueT', 'd4trueT']);
    throws(() => params.forEach(5), {
      name: 'TypeError',
      message: "Failed to execute 'forEach' on 'URLSearchParams': parameter 1 is not of type " +
          "'function'.",
    });
  },
};

export const iteratorsAreIterators = {
  test() {
    const params = new URLSearchParams('a=1');
    const iterator = params.entries();
    ok(iterator[Symbol.iterator]() === iterator);
    const prototype = Object.getPrototypeOf(iterator);
    const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([].values()));
    ok(Object.getPrototypeOf(prototype) === iteratorPrototype);
    same([...params.values().map((value) => value + '!')], ['1!']);
    const step = () => {
      const {value, done} = iterator.next();
      return [value, done];
    };
    same(step(), [['a', '1'], false]);
    same(step(), [undefined, true]);
    params.append('b', '2');
    same(step(), [['b', '2'], false], 'the end may move');
    throws(() => prototype.next.call({}), {name: 'TypeError'});
  },
};

export const aBodyOfThemIsAForm = {
  async test() {
    const params = new URLSearchParams({a: '1', b: 'x y'});
    const type = 'application/x-www-form-urlencoded;charset=UTF-8';
    const response = new Response(params);
    equal(response.headers.get('content-type'), type);
    equal(await response.text(), 'a=1&b=x+y');
    const request = new Request('http://a/', {method: 'POST', body: params});
    equal(request.headers.get('content-type'), type);
    equal(await request.text(), 'a=1&b=x+y');
  },
};
