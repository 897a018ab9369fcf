import {equal, ok, same, throws} from '../assert.js';

export const aUrlIsTakenApart = {
  test() {
    const url = new URL('https://me:pw@example.com:8443/a/../b?x=1#top');
    equal(url.href, 'https://me:pw@example.com:8443/b?x=1#top');
    equal(String(url), url.href);
    equal(JSON.stringify(url), JSON.stringify(url.href));
    same([url.protocol, url.username, url.password, url.host, url.hostname, url.port],
        ['https:', 'me', 'pw', 'example.com:8443', 'example.com', '8443']);
    same([url.pathname, url.search, url.hash, url.origin],
        ['/b', '?x=1', '#top', 'https://example.com:8443']);
  },
};

export const aRelativeUrlNeedsItsBase = {
  test() {
    equal(new URL('../x', 'http://a/b/c/d').href, 'http://a/b/x');
    equal(new URL('http://a', undefined).href, 'http://a/');
    throws(() => new URL('/x'), {name: 'TypeError', message: 'Invalid URL string.'});
    throws(() => new URL('http://a', null), {name: 'TypeError', message: 'Invalid URL string.'});
    throws(() => new URL('/x', 'no base'), {name: 'TypeError'});
  },
};

export const partsAreSetAndWhatDoesNotFitIsIgnored = {
  test() {
    const url = new URL('http://a:80/p');
    url.protocol = 'https';
    url.port = '8080x';
    url.hostname = 'b.example';
    url.pathname = 'q r';
    url.hash = 'h';
    url.username = 'ü';
    equal(url.href, 'https://%C3%BC@b.example:8080/q%20r#h');
    url.port = 'x';
    url.host = '';
    equal(url.host, 'b.example:8080');
    url.href = 'http://c';
    equal(url.href, 'http://c/');
    throws(() => (url.href = 'nothing'), {
      name: 'TypeError',
      message: "Failed to set the 'href' property on 'URL': the provided value is not of type " +
          "'valid URL string'.",
    });
    equal(url.href, 'http://c/');
  },
};

export const parseAndCanParseDoNotThrow = {
  test() {
    equal(URL.parse('foo'), null);
    equal(URL.parse('/x', 'http://a').href, 'http://a/x');
    equal(URL.canParse('/x', 'http://a'), true);
    equal(URL.canParse('/x'), false);
    equal(URL.canParse('/x', undefined), false);
  },
};

export const argumentsConvertAndReceiversAreChecked = {
  test() {
    equal(new URL({toString: () => 'http://x/'}).href, 'http://x/');
    throws(() => new URL(Symbol()), {name: 'TypeError'});
    throws(() => new URL(), {
      name: 'TypeError',
      message: "Failed to construct 'URL': constructor parameter 1 is not of type 'USVString'.",
    });
    throws(() => URL.canParse(), {
      name: 'TypeError',
      message: "Failed to execute 'canParse' on 'URL': parameter 1 is not of type 'USVString'.",
    });
    throws(() => URL('http://a'), {name: 'TypeError'});
    const {get} = Object.getOwnPropertyDescriptor(URL.prototype, 'href');
    throws(() => get.call({}), {name: 'TypeError', message: /^Illegal invocation/});
    ok(new URL('http://a') instanceof URL);
    equal(Object.prototype.toString.call(new URL('http://a')), '[object URL]');
  },
};
