import {equal, ok, same, throws} from '../assert.js';

export const aDictionaryLeavesTheOtherPartsOpen = {
  test() {
    const pattern = new URLPattern({pathname: '/books/:id'});
    for (const part of ['protocol', 'username', 'password', 'hostname', 'port', 'search', 'hash']) {
      equal(pattern[part], '*', part);
    }
    equal(pattern.pathname, '/books/:id');
    ok(pattern.test('https://example.com/books/5?x'));
    ok(!pattern.test('https://example.com/books/5/6'));
    ok(!pattern.hasRegExpGroups);
    ok(new URLPattern({pathname: '/(\\d+)'}).hasRegExpGroups);
  },
};

export const aStringIsTakenApart = {
  test() {
    const pattern = new URLPattern('https://*.example.com:8080/a/*\\?q=:q#h');
    same(['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'].map((each) => pattern[each]),
        ['https', '*.example.com', '8080', '/a/*', 'q=:q', 'h']);
    ok(pattern.test('https://www.example.com:8080/a/b?q=1#h'));
    ok(!pattern.test('https://www.example.com:8080/a/b?q=1'));
  },
};

export const execTellsWhatTheGroupsMatched = {
  test() {
    const result = new URLPattern({pathname: '/:kind/:id?/*'}).exec('https://example.com/a/b/c/d?q');
    same(Object.keys(result), ['inputs', 'protocol', 'username', 'password', 'hostname', 'port',
      'pathname', 'search', 'hash']);
    same(result.inputs, ['https://example.com/a/b/c/d?q']);
    equal(result.pathname.input, '/a/b/c/d');
    equal(result.pathname.groups.kind, 'a');
    equal(result.pathname.groups.id, 'b');
    equal(result.pathname.groups[0], 'c/d');
    equal(result.search.input, 'q');
    equal(new URLPattern({pathname: '/a'}).exec('https://example.com/b'), null);
    const missing = new URLPattern({pathname: '/foo{/:a}?'}).exec({pathname: '/foo'});
    ok('a' in missing.pathname.groups);
    equal(missing.pathname.groups.a, undefined);
  },
};

export const aBaseUrlFillsWhatIsMissing = {
  test() {
    const pattern = new URLPattern('/a/:b', 'https://example.com');
    equal(pattern.hostname, 'example.com');
    ok(pattern.test('/a/1', 'https://example.com'));
    ok(!pattern.test('/a/1', 'https://example.org'));
    ok(!pattern.test('/a/1'));
    const fromDictionary = new URLPattern({pathname: 'b', baseURL: 'https://example.com/a/c?q'});
    equal(fromDictionary.pathname, '/a/b');
    same(new URLPattern({pathname: '/a'}).exec('/a', 'https://x').inputs, ['/a', 'https://x']);
  },
};

export const caseCanBeIgnored = {
  test() {
    ok(!new URLPattern({pathname: '/A'}).test('https://example.com/a'));
    ok(new URLPattern({pathname: '/A'}, {ignoreCase: true}).test('https://example.com/a'));
    ok(new URLPattern('/A', 'https://example.com', {ignoreCase: true})
        .test('https://example.com/a'));
  },
};

export const partsAreBroughtIntoTheirUsualForm = {
  test() {
    const pattern =
        new URLPattern({protocol: 'https', hostname: 'Exämple.com', port: '443', pathname: '/ä'});
    equal(pattern.hostname, 'xn--exmple-cua.com');
    equal(pattern.port, '');
    equal(pattern.pathname, '/%C3%A4');
  },
};

export const whatDoesNotParseIsRefused = {
  test() {
    const failed = {name: 'TypeError', message: 'Failed to construct URLPattern'};
    for (const make of [
      () => new URLPattern('/foo'),
      () => new URLPattern('/foo', 'no base'),
      () => new URLPattern({pathname: '/a/('}),
      () => new URLPattern({pathname: '/([)'}),
      () => new URLPattern({pathname: '/(?<x>a)'}),
      () => new URLPattern({pathname: '/:a/:a'}),
      () => new URLPattern({pathname: '/a'}, 'https://example.com'),
    ]) throws(make, failed, String(make));
    const pattern = new URLPattern({pathname: '/a'});
    throws(() => pattern.test({pathname: '/a'}, 'https://x'),
        {name: 'TypeError', message: 'Failed to test URLPattern'});
    throws(() => pattern.exec({pathname: '/a'}, 'https://x'),
        {name: 'TypeError', message: 'Failed to exec URLPattern'});
    throws(() => new URLPattern('/a', 'https://x', 5), {
      name: 'TypeError',
      message: "Failed to construct 'URLPattern': constructor parameter 3 is not of type " +
          "'URLPatternOptions'.",
    });
    ok(!pattern.test('no url'));
    equal(pattern.exec('no url'), null);
  },
};

export const urlsAreTakenAsStrings = {
  test() {
    equal(new URLPattern(new URL('https://a/b')).hostname, 'a');
    ok(new URLPattern({pathname: '/b'}).test(new URL('https://a/b')));
  },
};
