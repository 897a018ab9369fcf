// https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#r2object-definition

  class Checksums {
    constructor(key, given) {
      requireInternal(key);
      for (let i = kHashes.length - 1; i >= 0; --i) {
        const hex = given?.[i];
        const value = isMissing(hex) ? undefined : native.unhex(hex);
        defineProperty(this, kHashes[i][0], {__proto__: null, value, enumerable: true});
      }
    }

    toJSON() {
      const result = {};
      for (let i = 0; i < kHashes.length; ++i) {
        const field = kHashes[i][0];
        const bytes = this[field];
        result[field] = bytes === undefined ? undefined : native.hex(bytes);
      }
      return result;
    }
  }
  finish('Checksums', Checksums);

  function toHttpMetadata(fields) {
    if (isMissing(fields)) return undefined;
    const result = {};
    for (let i = 0; i < kHttpFields.length; ++i) {
      result[kHttpFields[i][0]] = fields[kHttpFields[i][0]];
    }
    const expiry = fields.cacheExpiry;
    result.cacheExpiry = isMissing(expiry) ? undefined : new NativeDate(+expiry);
    return result;
  }

  function toCustomMetadata(fields) {
    if (isMissing(fields)) return undefined;
    const result = {};
    for (let i = 0; i < fields.length; ++i) {
      const {k, v} = fields[i];
      defineProperty(result, k, {
        __proto__: null, value: v, writable: true, enumerable: true, configurable: true,
      });
    }
    return result;
  }

  const toNumber = (value) => (isMissing(value) ? undefined : +value);

  class HeadResult {
    #http;

    constructor(key, given) {
      requireInternal(key);
      const {range, etag} = given;
      this.#http = toHttpMetadata(given.httpFields);
      const fields = [
        ['ssecKeyMd5', given.ssec?.keyMd5],
        ['storageClass', given.storageClass ?? ''],
        ['range', isMissing(range) ? undefined : {
          offset: toNumber(range.offset),
          length: toNumber(range.length),
          suffix: toNumber(range.suffix),
        }],
        ['customMetadata', toCustomMetadata(given.customFields)],
        ['httpMetadata', this.#http],
        ['uploaded', new NativeDate(+given.uploaded)],
        ['checksums', new Checksums(kInternal, given.checksums)],
        ['httpEtag', `"${etag}"`],
        ['etag', etag],
        ['size', +given.size],
        ['version', given.version],
        ['key', given.name],
      ];
      for (let i = 0; i < fields.length; ++i) {
        const [name, value] = fields[i];
        defineProperty(this, name, {__proto__: null, value, enumerable: true});
      }
    }

    /** @param {Headers} headers */
    writeHttpMetadata(headers = undefined) {
      if (!(#http in this)) throw newIllegalInvocation();
      if (!isHeaders(headers)) throw newMismatch('writeHttpMetadata', 'HeadResult', 1, 'Headers');
      const http = this.#http;
      if (http === undefined) throw new TypeError('HTTP metadata unknown for key `' + this.key + '`.');
      for (let i = 0; i < kHttpFields.length; ++i) {
        const [field, header] = kHttpFields[i];
        if (http[field] !== undefined) setHeader(headers, header, http[field]);
      }
      if (http.cacheExpiry !== undefined) setHeader(headers, 'Expires', dateText(http.cacheExpiry));
    }
  }
  finish('HeadResult', HeadResult);

  class GetResult extends HeadResult {
    #response;

    constructor(key, given, response) {
      super(key, given);
      this.#response = response;
    }

    get body() { return bodyOf(this.#response); }
    get bodyUsed() { return bodyUsedOf(this.#response); }
    async arrayBuffer() { return arrayBufferOf(this.#response); }
    async bytes() { return bytesOf(this.#response); }
    async text() { return textOf(this.#response); }
    async json() { return jsonOf(this.#response); }
    async blob() {
      const type = this.httpMetadata?.contentType ?? '';
      return new NativeBlob([await arrayBufferOf(this.#response)], {__proto__: null, type});
    }
  }
  finish('GetResult', GetResult);
