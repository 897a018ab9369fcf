// https://developers.cloudflare.com/kv/api/

  const kKeyBytesMax = 512;

  class KvNamespace {
    #service;

    constructor(key, service) {
      requireInternal(key);
      this.#service = service;
    }

    /** @param {string | string[]} name @param {any} [options] */
    async get(name = undefined, options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (name === undefined) throw newMismatch('get', 'KvNamespace', 1, 'string or Array');
      if (isArray(name)) return this.#getBulk(name, options, false);
      return (await this.#getOne(`${name}`, options)).value;
    }

    async getWithMetadata(name = undefined, options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (name === undefined) {
        throw newMismatch('getWithMetadata', 'KvNamespace', 1, 'string or Array');
      }
      if (isArray(name)) return this.#getBulk(name, options, true);
      return this.#getOne(`${name}`, options);
    }

    /** @param {string} name @param {any} value @param {any} [options] */
    async put(name = undefined, value = undefined, options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (name === undefined) throw newMismatch('put', 'KvNamespace', 1, 'string');
      if (value === undefined) throw newMismatch('put', 'KvNamespace', 2, 'string or Object');
      const key = requireKey(`${name}`, 'PUT');
      const kind = native.kindOf(value);
      if (kind !== 'text' && kind !== 'bytes' && kind !== 'stream') {
        throw new TypeError('KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ' +
                            'ReadableStreams as values.');
      }
      let url = keyUrl(key);
      const headers = [];
      if (!isMissing(options)) {
        const {expiration, expirationTtl, metadata} = options;
        if (expiration !== undefined) url += `&expiration=${toInteger(expiration)}`;
        if (expirationTtl !== undefined) url += `&expiration_ttl=${toInteger(expirationTtl)}`;
        if (!isMissing(metadata)) push(headers, 'CF-KV-Metadata', toJson(metadata));
      }
      const body = kind === 'text' ? `${value}` : value;
      requireSuccess(await this.#send('PUT', url, headers, body), 'PUT');
    }

    /** @param {string} name */
    async delete(name = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (name === undefined) throw newMismatch('delete', 'KvNamespace', 1, 'string');
      const key = requireKey(`${name}`, 'DELETE');
      requireSuccess(await this.#send('DELETE', keyUrl(key), []), 'DELETE');
    }

    /** @param {{prefix?: string, limit?: number, cursor?: string}} [options] */
    async list(options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      const query = [];
      if (!isMissing(options)) {
        const {limit, prefix, cursor} = options;
        const count = isMissing(limit) ? 0 : toInteger(limit);
        if (count > 0) push(query, `key_count_limit=${count}`);
        if (!isMissing(prefix)) push(query, `prefix=${native.encodeForm(`${prefix}`)}`);
        if (!isMissing(cursor)) push(query, `cursor=${native.encodeForm(`${cursor}`)}`);
      }
      const url = 'https://fake-host' + (query.length > 0 ? `?${join(query, '&')}` : '');
      const response = requireSuccess(await this.#send('GET', url, []), 'GET');
      const result = await jsonOf(response);
      const keys = result.keys;
      for (let i = 0; i < keys.length; ++i) {
        if (keys[i].metadata !== undefined) keys[i].metadata = parseJson(keys[i].metadata);
      }
      result.cacheStatus = headerOf(response, 'CF-Cache-Status');
      return result;
    }

    #send(method, url, headers, body = undefined) {
      push(headers, 'CF-KV-FLPROD-405', url);
      return native.send(this.#service, method, url, headers, body);
    }

    async #getOne(name, options) {
      const key = requireKey(name, 'GET');
      const {type, cacheTtl} = readGetOptions(options);
      let url = keyUrl(key);
      if (!isMissing(cacheTtl)) url += `&cache_ttl=${toInteger(cacheTtl)}`;
      const response = await this.#send('GET', url, []);
      const status = statusOf(response);
      if (status === 404 || status === 410) {
        return {value: null, metadata: null, cacheStatus: headerOf(response, 'CF-Cache-Status')};
      }
      requireSuccess(response, 'GET');
      const metadata = headerOf(response, 'CF-KV-Metadata');
      const cacheStatus = headerOf(response, 'CF-Cache-Status');
      const value = await readAs(response, isMissing(type) ? 'text' : `${type}`);
      return {value, metadata: metadata === null ? null : parseJson(metadata), cacheStatus};
    }

    async #getBulk(names, options, withMetadata) {
      const {type, cacheTtl} = readGetOptions(options);
      const request = {__proto__: null, keys: map(names, (each) => `${each}`)};
      if (!isMissing(type)) request.type = `${type}`;
      if (withMetadata) request.withMetadata = true;
      if (!isMissing(cacheTtl)) request.cacheTtl = `${toInteger(cacheTtl)}`;
      const headers = ['Content-Type', 'application/json'];
      const url = 'https://fake-host/bulk/get';
      const response = await this.#send('POST', url, headers, toJson(request));
      const found = await jsonOf(requireSuccess(response, 'GET_BULK'));
      const result = new NativeMap();
      const pairs = entriesOf(found);
      for (let i = 0; i < pairs.length; ++i) mapSet(result, pairs[i][0], pairs[i][1]);
      return result;
    }
  }
  finish('KvNamespace', KvNamespace);

  /** @param {string} key */
  const keyUrl = (key) => `https://fake-host/${native.encodePath(key)}?urlencoded=true`;

  /** As Web IDL's `long long`, without its range. */
  function toInteger(value) {
    const number = trunc(+value);
    return isFinite(number) ? number : 0;
  }

  function requireKey(key, method) {
    if (key === '') throw new TypeError('Key name cannot be empty.');
    if (key === '.' || key === '..') throw new TypeError(`"${key}" is not allowed as a key name.`);
    const bytes = native.utf8Length(key);
    if (bytes > kKeyBytesMax) {
      throw new NativeError(`KV ${method} failed: 414 UTF-8 encoded length of ${bytes} exceeds ` +
                            `key length limit of ${kKeyBytesMax}.`);
    }
    return key;
  }

  function requireSuccess(response, method) {
    if (isOk(response)) return response;
    throw new NativeError(
        `KV ${method} failed: ${statusOf(response)} ${statusTextOf(response)}`);
  }

  function readGetOptions(options) {
    if (isMissing(options)) return {};
    if (isObject(options)) return options;
    return {type: `${options}`};
  }

  function readAs(response, type) {
    switch (type) {
      case 'text': return textOf(response);
      case 'json': return jsonOf(response);
      case 'arrayBuffer': return arrayBufferOf(response);
      case 'stream': return bodyOf(response);
      default:
        throw new TypeError('Unknown response type. Possible types are "text", "arrayBuffer", ' +
                            '"json", and "stream".');
    }
  }
