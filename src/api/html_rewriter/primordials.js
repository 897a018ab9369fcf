// What the other parts of the script use. Captured while the snapshot is built, before user code.
//
// HTML is handled as binary strings: a character for each byte. All encodings that are allowed here
// agree with ASCII as far as tags go, so that only what handlers look at is ever decoded.

  const {expose, isObject} = builtins.events;
  const {Body, Headers, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBRequest,
    ReadableStreamDefaultReader, Response, TextDecoder} = globalThis;
  const NativeMap = Map;
  const NativeNumber = Number;
  const NativeObjectPrototype = Object.prototype;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const getter = (type, name) => uncurry(Object.getOwnPropertyDescriptor(type.prototype, name).get);
  const {apply, ownKeys} = Reflect;
  const {defineProperty, setPrototypeOf} = Object;
  const stringSlice = uncurry(String.prototype.slice);
  const stringIndexOf = uncurry(String.prototype.indexOf);
  const stringCode = uncurry(String.prototype.charCodeAt);
  const stringCodePoint = uncurry(String.prototype.codePointAt);
  const stringStartsWith = uncurry(String.prototype.startsWith);
  const stringEndsWith = uncurry(String.prototype.endsWith);
  const stringLower = uncurry(String.prototype.toLowerCase);
  const fromCode = String.fromCharCode;
  const fromCodePoint = String.fromCodePoint;
  const regExpExec = uncurry(RegExp.prototype.exec);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const decode = uncurry(TextDecoder.prototype.decode);
  const responseBody = getter(Body, 'body');
  const responseUsed = getter(Body, 'bodyUsed');
  const responseHeaders = getter(Response, 'headers');
  const headersGet = uncurry(Headers.prototype.get);
  const streamLocked = getter(ReadableStream, 'locked');
  const getReader = uncurry(ReadableStream.prototype.getReader);
  const readerRead = uncurry(ReadableStreamDefaultReader.prototype.read);
  const readerCancel = uncurry(ReadableStreamDefaultReader.prototype.cancel);
  const enqueue = uncurry(ReadableByteStreamController.prototype.enqueue);
  const byobRequest = getter(ReadableByteStreamController, 'byobRequest');
  const respond = uncurry(ReadableStreamBYOBRequest.prototype.respond);
  const promiseThen = uncurry(Promise.prototype.then);
  const closeController = uncurry(ReadableByteStreamController.prototype.close);
  const {binaryToUtf8, charsetOf, esiIsVoid, fromBinary, isResponse, toBinary, utf8ToBinary} = native;

  /** @param {unknown} value */
  const isReadableStream = (value) => {
    try {
      streamLocked(value);
      return true;
    } catch {
      return false;
    }
  };

  // Like an array, but nothing a worker does to Array.prototype or Object.prototype is seen.
  class List {
    length = 0;
  }
  setPrototypeOf(List.prototype, null);
  /** @param {any} list @param {any} value */
  const push = (list, value) => {
    list[list.length++] = value;
  };

  /** @param {readonly string[]} names @returns {Record<string, true>} */
  const toSet = (names) => {
    const set = {__proto__: null};
    for (let i = 0; i < names.length; ++i) set[names[i]] = true;
    return set;
  };

  const isAsciiOnly = (text) => regExpExec(/[^\x00-\x7F]/, text) === null;
  /** Only A to Z. @param {string} text */
  const asciiLower = (text) => {
    if (regExpExec(/[A-Z]/, text) === null) return text;
    if (isAsciiOnly(text)) return stringLower(text);
    let result = '';
    for (let i = 0; i < text.length; ++i) {
      const code = stringCode(text, i);
      result += fromCode(code >= 0x41 && code <= 0x5A ? code + 32 : code);
    }
    return result;
  };

  const newIllegalInvocation = () => new TypeError(
      'Illegal invocation: function called with incorrect `this` reference. See ' +
      'https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors ' +
      'for details.');
  // Texts pinned by the reference.
  const newParserError = (text) => new TypeError(`Parser error: ${text}`);
