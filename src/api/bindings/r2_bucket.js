// https://developers.cloudflare.com/r2/api/workers/workers-api-reference/#bucket-method-definitions

  const kNoSuchKey = 10007;
  const kPreconditionFailed = 10031;
  const kValueTypes = 'JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob';
  const kIncludes = ['httpMetadata', 'customMetadata'];

  /** What a bucket has answered: `code` is 0 for success. */
  class Answer {
    constructor(action, [status, error, metadata, response]) {
      this.action = action;
      this.response = response;
      this.metadata = metadata === undefined || metadata === '' ? undefined : parseJson(metadata);
      this.failed = status >= 400;
      if (this.failed) {
        const {v4code = 0, message = 'Unspecified error'} =
            error === undefined ? {} : parseJson(error);
        this.code = v4code;
        this.message = message;
      }
    }

    requireSuccess() {
      if (this.failed) throw new NativeError(`${this.action}: ${this.message} (${this.code})`);
      return this;
    }
    requireMetadata() {
      if (this.metadata !== undefined) return this.metadata;
      throw new NativeError(`${this.action}: the bucket's answer has no metadata`);
    }
  }

  /** Asks without changing anything. */
  async function query(service, request) {
    const text = toJson(request);
    const answer = await native.ask(service, ['CF-R2-Request', text], undefined, undefined);
    return new Answer(request.method, answer);
  }

  /** Sends a change, and a value with it. */
  async function change(service, request, value = undefined) {
    return new Answer(request.method, await native.ask(service, [], toJson(request), value));
  }

  /** A value that can be sent: its length has to be known. */
  function toValue(value, method, owner, at) {
    const kind = native.kindOf(value);
    if (kind === 'stream') {
      if (native.streamLength(value) !== undefined) return value;
      throw new TypeError('Provided readable stream must have a known length (request/response ' +
                          'body or readable half of FixedLengthStream)');
    }
    if (kind === 'bytes' || kind === 'blob' || typeof value === 'string') return value;
    throw newMismatch(method, owner, at, kValueTypes);
  }

  /** @param {string} method @param {unknown} key */
  const newRequest = (method, key) =>
    ({__proto__: null, version: 1, method, object: `${key}`});

  class R2Bucket {
    #service;

    constructor(key, service) {
      requireInternal(key);
      this.#service = service;
    }

    /** @param {string} key */
    async head(key = undefined) {
      this.#require('head', key);
      const answer = await query(this.#service, newRequest('head', key));
      if (answer.failed && answer.code === kNoSuchKey) return null;
      return new HeadResult(kInternal, answer.requireSuccess().requireMetadata());
    }

    /** @param {string} key @param {any} [options] */
    async get(key = undefined, options = undefined) {
      this.#require('get', key);
      const request = newRequest('get', key);
      if (!isMissing(options)) {
        const {onlyIf, range, ssecKey} = options;
        if (!isMissing(range)) addRange(request, range);
        if (!isMissing(onlyIf)) request.onlyIf = readCondition(onlyIf);
        addSseKey(request, ssecKey);
      }
      const answer = await query(this.#service, request);
      if (answer.failed && answer.code === kNoSuchKey) return null;
      if (answer.failed && answer.code === kPreconditionFailed) {
        return answer.metadata === undefined ? null : new HeadResult(kInternal, answer.metadata);
      }
      const metadata = answer.requireSuccess().requireMetadata();
      return new GetResult(kInternal, metadata, answer.response);
    }

    /** @param {string} key @param {any} value @param {any} [options] */
    async put(key = undefined, value = undefined, options = undefined) {
      this.#require('put', key);
      const content = value === null ? undefined : toValue(value, 'put', 'R2Bucket', 2);
      const request = newRequest('put', key);
      if (!isMissing(options)) {
        const {onlyIf, storageClass, ssecKey} = options;
        addMetadata(request, options);
        if (!isMissing(onlyIf)) request.onlyIf = readCondition(onlyIf);
        addHash(request, options);
        if (!isMissing(storageClass)) request.storageClass = `${storageClass}`;
        addSseKey(request, ssecKey);
      }
      const answer = await change(this.#service, request, content);
      if (answer.failed && answer.code === kPreconditionFailed) return null;
      const metadata = answer.requireSuccess().requireMetadata();
      // What was put need not come back to be known.
      metadata.customFields = request.customFields ?? metadata.customFields;
      metadata.httpFields = request.httpFields ?? metadata.httpFields;
      return new HeadResult(kInternal, metadata);
    }

    /** @param {string} key @param {any} [options] */
    async createMultipartUpload(key = undefined, options = undefined) {
      this.#require('createMultipartUpload', key);
      const request = newRequest('createMultipartUpload', key);
      if (!isMissing(options)) {
        addMetadata(request, options);
        if (!isMissing(options.storageClass)) request.storageClass = `${options.storageClass}`;
        addSseKey(request, options.ssecKey);
      }
      const answer = (await change(this.#service, request)).requireSuccess();
      return new R2MultipartUpload(
          kInternal, this.#service, `${key}`, answer.requireMetadata().uploadId);
    }

    /** @param {string} key @param {string} uploadId */
    resumeMultipartUpload(key = undefined, uploadId = undefined) {
      this.#require('resumeMultipartUpload', key);
      if (uploadId === undefined) throw newMismatch('resumeMultipartUpload', 'R2Bucket', 2, 'string');
      return new R2MultipartUpload(kInternal, this.#service, `${key}`, `${uploadId}`);
    }

    /** @param {string | string[]} keys */
    async delete(keys = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (keys === undefined) throw newMismatch('delete', 'R2Bucket', 1, 'string or Array');
      const request = isArray(keys)
        ? {__proto__: null, version: 1, method: 'delete', objects: map(keys, (key) => `${key}`)}
        : newRequest('delete', keys);
      (await change(this.#service, request)).requireSuccess();
    }

    /** @param {any} [options] */
    async list(options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      const request = {__proto__: null, version: 1, method: 'list'};
      if (!isMissing(options)) {
        const {limit, include} = options;
        if (!isMissing(limit)) request.limit = toInteger(limit);
        const names = ['prefix', 'cursor', 'delimiter', 'startAfter'];
        for (let i = 0; i < names.length; ++i) {
          const value = options[names[i]];
          if (!isMissing(value)) request[names[i]] = `${value}`;
        }
        if (native.listHonorsInclude()) {
          request.include = isMissing(include) ? [] : map(include, toInclude);
        } else {
          request.include = [0, 1];
        }
      }
      if (native.listHonorsInclude()) request.newRuntime = true;
      const found = (await query(this.#service, request)).requireSuccess().requireMetadata();
      return {
        objects: map(found.objects, (each) => new HeadResult(kInternal, each)),
        truncated: found.truncated,
        cursor: found.cursor,
        delimitedPrefixes: found.delimitedPrefixes ?? [],
      };
    }

    #require(method, key) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (key === undefined) throw newMismatch(method, 'R2Bucket', 1, 'string');
    }
  }
  finish('R2Bucket', R2Bucket);

  function toInclude(name) {
    if (name === kIncludes[0]) return 0;
    if (name === kIncludes[1]) return 1;
    throw new RangeError(`Unsupported include value ${name}`);
  }

  class R2MultipartUpload {
    #service;
    #key;
    #uploadId;

    constructor(key, service, name, uploadId) {
      requireInternal(key);
      this.#service = service;
      this.#key = name;
      this.#uploadId = uploadId;
      defineProperty(this, 'uploadId', {__proto__: null, value: uploadId, enumerable: true});
      defineProperty(this, 'key', {__proto__: null, value: name, enumerable: true});
    }

    /** @param {number} partNumber @param {any} value @param {any} [options] */
    async uploadPart(partNumber = undefined, value = undefined, options = undefined) {
      const request = this.#request('uploadPart');
      request.partNumber = toPartNumber(partNumber);
      const content = toValue(value, 'uploadPart', 'R2MultipartUpload', 2);
      addSseKey(request, options?.ssecKey);
      const answer = (await change(this.#service, request, content)).requireSuccess();
      return {partNumber: request.partNumber, etag: answer.requireMetadata().etag};
    }

    async abort() {
      (await change(this.#service, this.#request('abortMultipartUpload'))).requireSuccess();
    }

    /** @param {{partNumber: number, etag: string}[]} parts */
    async complete(parts = undefined) {
      const request = this.#request('completeMultipartUpload');
      if (!isArray(parts)) throw newMismatch('complete', 'R2MultipartUpload', 1, 'Array');
      request.parts =
          map(parts, ({partNumber, etag}) => ({etag: `${etag}`, part: toPartNumber(partNumber)}));
      const answer = (await change(this.#service, request)).requireSuccess();
      return new HeadResult(kInternal, answer.requireMetadata());
    }

    #request(method) {
      if (!(#service in this)) throw newIllegalInvocation();
      const request = newRequest(method, this.#key);
      request.uploadId = this.#uploadId;
      return request;
    }
  }
  finish('R2MultipartUpload', R2MultipartUpload);
