// TraceItems: what a tail() handler learns of an event.
// https://developers.cloudflare.com/workers/runtime-apis/handlers/tail/#traceitems
() => {
  'use strict';
  const {defineProperty, fromEntries, entries} = Object;
  const {parse} = JSON;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const map = uncurry(Array.prototype.map);
  const toLowerCase = uncurry(String.prototype.toLowerCase);
  const includes = uncurry(String.prototype.includes);
  const kInternalClass = Symbol.for('cloudflare:internal-class');
  const kRedacted = 'REDACTED';
  const kSecretParts = ['auth', 'cookie', 'key', 'secret', 'token', 'jwt'];

  /** Adds own, enumerable, read-only properties. */
  function define(target, values) {
    const list = entries(values);
    for (let i = 0; i < list.length; ++i) {
      defineProperty(target, list[i][0], {__proto__: null, value: list[i][1], enumerable: true});
    }
  }

  function finish(name, constructor) {
    const {prototype} = constructor;
    defineProperty(constructor, 'name', {value: name});
    defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
    defineProperty(prototype, kInternalClass, {value: kInternalClass});
    return constructor;
  }

  /** @param {string} name of a header */
  function isSecret(name) {
    const lower = toLowerCase(name);
    for (let i = 0; i < kSecretParts.length; ++i) {
      if (includes(lower, kSecretParts[i])) return true;
    }
    return false;
  }

  const kHexDigitsMin = 32;
  const kBase64CharactersMin = 21;
  const kKindsMin = 2;

  /** Whether a run of letters, digits, - and _ looks like a secret: long hex, or mixed base64. */
  function isId(run) {
    let hex = 0;
    let upper = 0;
    let lower = 0;
    let digits = 0;
    let isHex = true;
    for (let i = 0; i < run.length; ++i) {
      const c = run[i];
      if (c >= '0' && c <= '9') {
        ++digits;
        ++hex;
      } else if (c >= 'a' && c <= 'z') {
        ++lower;
        if (c <= 'f') ++hex;
        else isHex = false;
      } else if (c >= 'A' && c <= 'Z') {
        ++upper;
        if (c <= 'F') ++hex;
        else isHex = false;
      } else if (c === '_') {
        isHex = false;
      }
    }
    if (isHex && hex >= kHexDigitsMin) return true;
    return run.length >= kBase64CharactersMin && upper >= kKindsMin && lower >= kKindsMin &&
        digits >= kKindsMin;
  }

  const isRunCharacter = (c) =>
    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '-' ||
    c === '_';

  /** @param {string} url */
  function redactUrl(url) {
    let result = '';
    let run = '';
    for (let i = 0; i <= url.length; ++i) {
      const c = i < url.length ? url[i] : '';
      if (c !== '' && isRunCharacter(c)) {
        run += c;
        continue;
      }
      result += (isId(run) ? kRedacted : run) + c;
      run = '';
    }
    return result;
  }

  class Request {
    #whole;

    constructor({url, method, headers, cf}, isRedacted) {
      this.#whole = {url, method, headers, cf};
      const shown = isRedacted
        ? fromEntries(map(entries(headers), ([name, value]) =>
            [name, isSecret(name) ? kRedacted : value]))
        : headers;
      define(this, {url: isRedacted ? redactUrl(url) : url, method, headers: shown, cf});
    }

    getUnredacted() { return new Request(this.#whole, false); }
  }
  finish('Request', Request);

  const newClass = (name) => finish(name, class {
    constructor(values) { define(this, values); }
  });
  const TraceItem = newClass('TraceItem');
  const TraceLog = newClass('TraceLog');
  const TraceException = newClass('TraceException');
  const Response = newClass('Response');
  const FetchEventInfo = newClass('FetchEventInfo');
  const EventInfo = newClass('EventInfo');

  function toEvent(event) {
    if (event === null || event === undefined) return event;
    if (event.request === undefined) return new EventInfo(event);
    const {request, response} = event;
    return new FetchEventInfo({
      request: new Request(request, true),
      response: response && new Response(response),
    });
  }

  function toItem(text) {
    const report = parse(text);
    return new TraceItem({
      ...report,
      exceptions: map(report.exceptions, (each) => new TraceException(each)),
      logs: map(report.logs, (each) => new TraceLog(each)),
      event: toEvent(report.event),
    });
  }

  return {toItems: (texts) => map(texts, toItem)};
}
