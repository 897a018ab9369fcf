// What R2 methods are asked for, as their service reads it.

  const kHashes = [
    ['md5', 'MD5', 16], ['sha1', 'SHA-1', 20], ['sha256', 'SHA-256', 32], ['sha384', 'SHA-384', 48],
    ['sha512', 'SHA-512', 64],
  ];
  const kHttpFields = [
    ['contentType', 'Content-Type'], ['contentLanguage', 'Content-Language'],
    ['contentDisposition', 'Content-Disposition'], ['contentEncoding', 'Content-Encoding'],
    ['cacheControl', 'Cache-Control'],
  ];
  const kSseKeyBytes = 32;

  /** @param {unknown} value */
  const isHeaders = (value) => native.kindOf(value) === 'headers';

  /** Milliseconds as a text; what is no date is the epoch, as in the reference. */
  function timeText(value) {
    const time = dateTime(new NativeDate(value));
    return `${isNaN(time) ? 0 : time}`;
  }

  /** @param {string} text of If-Match and the like; what is no entity tag is left out */
  function parseEtags(text) {
    const result = [];
    const parts = split(text, ',');
    for (let i = 0; i < parts.length; ++i) {
      const part = trim(parts[i]);
      if (part === '*') {
        push(result, {type: 'wildcard'});
      } else if (startsWith(part, 'W/"') && endsWith(part, '"') && part.length > 3) {
        push(result, {value: slice(part, 3, -1), type: 'weak'});
      } else if (startsWith(part, '"') && endsWith(part, '"') && part.length > 1) {
        push(result, {value: slice(part, 1, -1), type: 'strong'});
      }
    }
    return result;
  }

  /** @param {unknown} etag @param {string} field */
  function toEtags(etag, field) {
    if (isObject(etag)) {
      throw new TypeError(`Incorrect type for the '${field}' field on 'Conditional': the provided ` +
                          "value is not of type 'string'.");
    }
    const text = `${etag}`;
    if (text === '*') return [{type: 'wildcard'}];
    if (startsWith(text, '"') && endsWith(text, '"')) {
      throw new TypeError(`Conditional ETag should not be wrapped in quotes (${text}).`);
    }
    return [{value: text, type: 'strong'}];
  }

  function readCondition(given) {
    const result = {__proto__: null};
    if (isHeaders(given)) {
      const match = getHeader(given, 'If-Match');
      if (match !== null) result.etagMatches = parseEtags(match);
      const noneMatch = getHeader(given, 'If-None-Match');
      if (noneMatch !== null) result.etagDoesNotMatch = parseEtags(noneMatch);
      const before = getHeader(given, 'If-Unmodified-Since');
      if (before !== null) result.uploadedBefore = timeText(before);
      const after = getHeader(given, 'If-Modified-Since');
      if (after !== null) result.uploadedAfter = timeText(after);
      result.secondsGranularity = true;
      return result;
    }
    const {etagMatches, etagDoesNotMatch, uploadedBefore, uploadedAfter, secondsGranularity} = given;
    if (!isMissing(etagMatches)) result.etagMatches = toEtags(etagMatches, 'etagMatches');
    if (!isMissing(etagDoesNotMatch)) {
      result.etagDoesNotMatch = toEtags(etagDoesNotMatch, 'etagDoesNotMatch');
    }
    if (!isMissing(uploadedBefore)) result.uploadedBefore = timeText(uploadedBefore);
    if (!isMissing(uploadedAfter)) result.uploadedAfter = timeText(uploadedAfter);
    if (!isMissing(secondsGranularity)) result.secondsGranularity = !!secondsGranularity;
    return result;
  }

  /** @param {unknown} value @param {string} what */
  function rangeText(value, what) {
    const number = +value;
    if (isNaN(number) || !isInteger(number)) {
      throw new RangeError(
          `Invalid range. ${what} (${number}) must be an integer, not floating point.`);
    }
    if (number < 0) {
      throw new RangeError(`Invalid range. ${what} (${number}) must be greater than or equal to 0.`);
    }
    return `${number}`;
  }

  /** Adds `range` or `rangeHeader` to a request. */
  function addRange(request, given) {
    if (isHeaders(given)) {
      const header = getHeader(given, 'Range');
      if (header !== null) request.rangeHeader = header;
      return;
    }
    const {offset, length, suffix} = given;
    const range = {__proto__: null};
    if (!isMissing(offset)) range.offset = rangeText(offset, 'Starting offset');
    if (!isMissing(length)) range.length = rangeText(length, 'Length');
    if (!isMissing(suffix)) {
      if (!isMissing(offset)) throw new TypeError('Suffix is incompatible with offset.');
      if (!isMissing(length)) throw new TypeError('Suffix is incompatible with length.');
      range.suffix = rangeText(suffix, 'Suffix');
    }
    request.range = range;
  }

  /** Adds the customer's key to a request. */
  function addSseKey(request, key) {
    if (isMissing(key)) return;
    let hex;
    if (native.kindOf(key) === 'bytes') {
      hex = native.hex(key);
    } else {
      hex = `${key}`;
      if (native.unhex(hex) === undefined) throw new NativeError('SSE-C Key has invalid format');
    }
    if (hex.length !== kSseKeyBytes * 2) {
      throw new NativeError('SSE-C Key must be 32 bytes in length');
    }
    request.ssec = {key: hex};
  }

  /** @param {any} given options of put() or createMultipartUpload() */
  function addMetadata(request, {customMetadata, httpMetadata}) {
    if (!isMissing(customMetadata)) {
      request.customFields = map(entriesOf(customMetadata), ([k, v]) => ({k, v: `${v}`}));
    }
    if (isMissing(httpMetadata)) return;
    const fields = {__proto__: null};
    const fromHeaders = isHeaders(httpMetadata);
    for (let i = 0; i < kHttpFields.length; ++i) {
      const [name, header] = kHttpFields[i];
      const value = fromHeaders ? getHeader(httpMetadata, header) : httpMetadata[name];
      if (!isMissing(value)) fields[name] = `${value}`;
    }
    const expiry = fromHeaders ? getHeader(httpMetadata, 'Expires') : httpMetadata.cacheExpiry;
    if (!isMissing(expiry)) fields.cacheExpiry = timeText(expiry);
    request.httpFields = fields;
  }

  function addHash(request, options) {
    let seen = false;
    for (let i = 0; i < kHashes.length; ++i) {
      const [field, name, size] = kHashes[i];
      const given = options[field];
      if (isMissing(given)) continue;
      if (seen) throw new TypeError('You cannot specify multiple hashing algorithms.');
      seen = true;
      let hex;
      if (native.kindOf(given) === 'bytes') {
        hex = native.hex(given);
        if (hex.length !== size * 2) {
          throw new TypeError(`${name} is ${size} bytes, not ${hex.length / 2}`);
        }
      } else {
        hex = `${given}`;
        if (hex.length !== size * 2) {
          throw new TypeError(`${name} is ${size * 2} hex characters, not ${hex.length}`);
        }
      }
      const bytes = native.unhex(hex);
      if (bytes === undefined) throw new TypeError(`Provided ${name} wasn't a valid hex string`);
      request[field] = field === 'md5' ? native.base64(bytes) : native.hex(bytes);
    }
  }

  /** @param {unknown} number of a part */
  function toPartNumber(number) {
    const value = toInteger(number);
    if (value < 1 || value > 10000) {
      throw new TypeError(
          `Part number must be between 1 and 10000 (inclusive). Actual value was: ${value}`);
    }
    return value;
  }
