// The global's URL classes, and what Node adds to them: file paths and options for requests.
//
// See https://nodejs.org/api/url.html
'use strict';

const {
  decodeURIComponent,
  Number,
  RegExpPrototypeSymbolReplace,
  SafeSet,
  StringPrototypeCharCodeAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
  StringPrototypeEndsWith,
  RegExpPrototypeExec,
} = primordials;

const {codes} = require('internal/errors');
const {kEmptyObject} = require('internal/util');
const {validateObject, kValidateObjectAllowObjects} = require('internal/validators');
const binding = internalBinding('url');
const {URL, URLPattern, URLSearchParams} = globalThis;

/** @param {unknown} value */
function isURL(value) {
  return Boolean(value?.href && value.protocol && value.auth === undefined &&
      value.path === undefined);
}

/** @param {unknown} value */
function isURLInstance(value) {
  return value instanceof URL;
}

const decode = (text) => StringPrototypeIncludes(text, '%') ? decodeURIComponent(text) : text;

/** @param {URL} url */
function toPosixPath(url) {
  if (url.hostname !== '') throw new codes.ERR_INVALID_FILE_URL_HOST(process.platform);
  if (RegExpPrototypeExec(/%2f/i, url.pathname) !== null) {
    throw new codes.ERR_INVALID_FILE_URL_PATH('must not include encoded / characters', url);
  }
  return decode(url.pathname);
}

/** @param {URL} url */
function toWindowsPath(url) {
  if (RegExpPrototypeExec(/%(?:2f|5c)/i, url.pathname) !== null) {
    throw new codes.ERR_INVALID_FILE_URL_PATH('must not include encoded \\ or / characters', url);
  }
  const path = decode(RegExpPrototypeSymbolReplace(/\//g, url.pathname, '\\'));
  if (url.hostname !== '') return `\\\\${domainToUnicode(url.hostname)}${path}`;
  if (RegExpPrototypeExec(/^\\[a-zA-Z]:/, path) === null) {
    throw new codes.ERR_INVALID_FILE_URL_PATH('must be absolute', url);
  }
  return StringPrototypeSlice(path, 1);
}

/** @param {string|URL} path @param {{windows?: boolean}} [options] */
function fileURLToPath(path, options = kEmptyObject) {
  const windows = options?.windows;
  if (typeof path === 'string') path = new URL(path);
  else if (!isURL(path)) throw new codes.ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
  if (path.protocol !== 'file:') throw new codes.ERR_INVALID_URL_SCHEME('file');
  return windows ? toWindowsPath(path) : toPosixPath(path);
}

/** @param {string|URL} path @param {{windows?: boolean}} [options] */
function fileURLToPathBuffer(path, options) {
  return require('buffer').Buffer.from(fileURLToPath(path, options));
}

const kEscapes = {
  '__proto__': null,
  '%': '%25',
  '\\': '%5C',
  '\n': '%0A',
  '\r': '%0D',
  '\t': '%09',
  '?': '%3F',
  '#': '%23',
};

/** @param {string} path @param {boolean} windows */
function escapePath(path, windows) {
  const special = windows ? /[%\n\r\t?#]/g : /[%\\\n\r\t?#]/g;
  return RegExpPrototypeSymbolReplace(special, path, (each) => kEscapes[each]);
}

/** @param {string} share \\host\share\path or \\?\UNC\host\share\path */
function uncToURL(share) {
  const start = StringPrototypeStartsWith(share, '\\\\?\\UNC\\') ? 8 : 2;
  const end = StringPrototypeIndexOf(share, '\\', start);
  if (end === -1) {
    throw new codes.ERR_INVALID_ARG_VALUE('path', share, 'Missing UNC resource path');
  }
  if (end === 2) throw new codes.ERR_INVALID_ARG_VALUE('path', share, 'Empty UNC servername');
  const url = new URL('file://');
  url.hostname = domainToASCII(StringPrototypeSlice(share, start, end));
  url.pathname = escapePath(StringPrototypeSlice(share, end), true);
  return url;
}

/** @param {string} path @param {{windows?: boolean}} [options] */
function pathToFileURL(path, options = kEmptyObject) {
  const windows = options?.windows ?? false;
  if (windows && StringPrototypeStartsWith(path, '\\\\')) return uncToURL(path);
  const {posix, win32} = require('path');
  let resolved = (windows ? win32 : posix).resolve(path);
  const last = StringPrototypeCharCodeAt(path, path.length - 1);
  const endsInSeparator = last === 0x2F || (windows && last === 0x5C);
  if (endsInSeparator && !StringPrototypeEndsWith(resolved, windows ? '\\' : '/')) {
    resolved += '/';
  }
  const url = new URL('file://');
  url.pathname = escapePath(resolved, windows);
  return url;
}

/** @param {unknown} value */
function toPathIfFileURL(value) {
  return isURL(value) ? fileURLToPath(value) : value;
}

/** https://nodejs.org/api/url.html#urlurltohttpoptionsurl */
function urlToHttpOptions(url) {
  validateObject(url, 'url', kValidateObjectAllowObjects);
  const {hostname, pathname, port, username, password, search} = url;
  const options = {
    __proto__: null,
    ...url,
    protocol: url.protocol,
    hostname: hostname && hostname[0] === '[' ? StringPrototypeSlice(hostname, 1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) {
    options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  }
  return options;
}

/** @param {string} domain */
function domainToASCII(domain) {
  if (arguments.length < 1) throw new codes.ERR_MISSING_ARGS('domain');
  return binding.domainToASCII(`${domain}`);
}

/** @param {string} domain */
function domainToUnicode(domain) {
  if (arguments.length < 1) throw new codes.ERR_MISSING_ARGS('domain');
  return binding.domainToUnicode(`${domain}`);
}

// What url.parse() knows of protocols; each name with and without its colon.
const kHostless = ['javascript', 'javascript:'];
const kSlashed = [
  'http', 'http:', 'https', 'https:', 'ftp', 'ftp:', 'gopher', 'gopher:', 'file', 'file:', 'ws',
  'ws:', 'wss', 'wss:',
];

module.exports = {
  URL,
  URLPattern,
  URLSearchParams,
  URLParse: URL.parse,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  fileURLToPathBuffer,
  getURLHref: (url) => url.href,
  getURLOrigin: (url) => new URL(url).origin,
  hostlessProtocol: new SafeSet(kHostless),
  installObjectURLMethods() {},
  isURL,
  isURLInstance,
  pathToFileURL,
  slashedProtocol: new SafeSet(kSlashed),
  toPathIfFileURL,
  unsafeProtocol: new SafeSet(kHostless),
  urlToHttpOptions,
};
