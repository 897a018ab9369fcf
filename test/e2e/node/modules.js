import * as path from 'node:path';
import posix from 'node:path/posix';
import win32 from 'node:path/win32';
import * as url from 'node:url';
import querystring from 'node:querystring';
import punycode from 'node:punycode';
import {StringDecoder} from 'node:string_decoder';
import {builtinModules, createRequire, isBuiltin} from 'node:module';
import os from 'node:os';
import strict from 'node:assert/strict';
import assert from 'node:assert';
import {equal, ok, throws} from '../assert.js';

export const pathsAreJoinedAndTaken = {
  test() {
    equal(path.join('/a', '..', 'b/./c'), '/b/c');
    equal(path.resolve('/a', 'b', '../c'), '/a/c');
    equal(path.relative('/a/b', '/a/c/d'), '../c/d');
    equal(path.extname('x.tar.gz'), '.gz');
    equal(path.basename('/a/b.html', '.html'), 'b');
    equal(win32.join('a', '..', 'b\\c'), 'b\\c');
    equal(posix.sep + win32.sep, '/\\');
    equal(path.format(path.parse('/home/a.txt')), '/home/a.txt');
    equal(path.default.posix, posix);
  },
};

export const urlsAreTakenApartTheOldWay = {
  test() {
    const parsed = url.parse('http://user:pass@host.com:8080/p/a?x=1#h', true);
    equal(parsed.hostname, 'host.com');
    equal(parsed.auth, 'user:pass');
    equal(parsed.query.x, '1');
    equal(url.resolve('/one/two/three', 'four'), '/one/two/four');
    equal(url.format({protocol: 'https', host: 'a.b', pathname: '/c', query: {d: 1}}),
        'https://a.b/c?d=1');
    equal(url.URL, URL);
  },
};

export const fileUrlsAreConverted = {
  test() {
    equal(url.fileURLToPath('file:///a/b%20c'), '/a/b c');
    equal(url.pathToFileURL('/a b#?%').href, 'file:///a%20b%23%3F%25');
    throws(() => url.fileURLToPath('http://x'), {
      code: 'ERR_INVALID_URL_SCHEME',
      message: 'The URL must be of scheme file',
    });
    equal(url.domainToASCII('español.com'), 'xn--espaol-zwa.com');
    equal(url.domainToUnicode('xn--espaol-zwa.com'), 'español.com');
    equal(url.urlToHttpOptions(new URL('https://a:b@x.y/z?q')).auth, 'a:b');
  },
};

export const urlsAreFormattedWithoutParts = {
  test() {
    const given = new URL('http://user:pw@測試.com/p?q#h');
    equal(url.format(given, {auth: false, fragment: false, search: false, unicode: true}),
        'http://測試.com/p');
  },
};

export const queriesGoBothWays = {
  test() {
    equal(querystring.stringify({a: ['1', '2'], b: 'x y', c: ''}), 'a=1&a=2&b=x%20y&c=');
    const parsed = querystring.parse('a=1&a=2&b=%C3%A9&c');
    equal(JSON.stringify(parsed), '{"a":["1","2"],"b":"é","c":""}');
    equal(querystring.escape('a&b'), 'a%26b');
  },
};

export const punycodeGoesBothWays = {
  test() {
    equal(punycode.encode('mañana'), 'maana-pta');
    equal(punycode.toUnicode('xn--maana-pta.com'), 'mañana.com');
  },
};

export const aDecoderKeepsIncompleteCharacters = {
  test() {
    const utf8 = new StringDecoder('utf8');
    equal(utf8.write(Buffer.from([0xE2, 0x82])), '');
    equal(utf8.write(Buffer.from([0xAC, 0x61])), '€a');
    equal(utf8.write(Buffer.from([0xF0, 0x9F])) + utf8.end(), '�');
    const base64 = new StringDecoder('base64');
    equal(base64.write(Buffer.from('ab')) + base64.end(Buffer.from('c')), 'YWJj');
    const utf16 = new StringDecoder('utf16le');
    equal(utf16.write(Buffer.from([0x61])) + utf16.end(Buffer.from([0x00])), 'a');
  },
};

export const builtInModulesAreKnownByName = {
  test() {
    ok(builtinModules.includes('fs') && builtinModules.includes('path/posix'));
    ok(isBuiltin('fs') && isBuiltin('node:fs') && !isBuiltin('zork'));
    const require = createRequire('/x.js');
    equal(require('node:path').sep, '/');
    equal(require('path').join('a', 'b'), 'a/b');
    throws(() => createRequire('x'), {code: 'ERR_INVALID_ARG_VALUE', name: 'TypeError'});
  },
};

export const theMachineIsNobodys = {
  test() {
    equal(os.EOL, '\n');
    equal(os.platform(), 'linux');
    equal(os.tmpdir(), '/tmp/');
    equal(os.hostname(), 'localhost');
    equal(os.cpus().length, 0);
  },
};

export const assertionsFail = {
  test() {
    assert.ok(true);
    assert.deepEqual({a: [1, '2']}, {a: [1, '2']});
    assert.deepStrictEqual(new Map([[1, {x: 1}]]), new Map([[1, {x: 1}]]));
    assert.notStrictEqual(1, 2);
    assert.throws(() => {
      throw new TypeError('bad');
    }, {name: 'TypeError', message: 'bad'});
    assert.match('abc', /b/);
    throws(() => assert.deepStrictEqual({a: 1}, {a: '1'}), {code: 'ERR_ASSERTION'});
    throws(() => assert.ok(false, 'why'), {name: 'AssertionError', message: 'why'});
    throws(() => assert.throws(() => {}),
        {code: 'ERR_ASSERTION', message: 'Missing expected exception.'});
    throws(() => strict.equal(1, '1'), {code: 'ERR_ASSERTION'});
    throws(() => assert.fail(), {message: 'Failed'});
    throws(() => assert.ifError(new Error('x')), {code: 'ERR_ASSERTION'});
  },
};

export const rejectionsAreAsserted = {
  async test() {
    await assert.rejects(Promise.reject(new Error('x')), /x/);
    await assert.doesNotReject(async () => 1);
    let failed = false;
    await assert.rejects(async () => 1).catch((error) => failed = error.code === 'ERR_ASSERTION');
    ok(failed);
  },
};
