// https://developers.cloudflare.com/queues/configuration/javascript-apis/#queue

  class WorkerQueue {
    #service;

    constructor(key, service) {
      requireInternal(key);
      this.#service = service;
    }

    async metrics() {
      if (!(#service in this)) throw newIllegalInvocation();
      const headers = [];
      const response =
          await native.send(this.#service, 'GET', 'https://fake-host/metrics', headers, undefined);
      if (!isOk(response)) {
        throw new NativeError(`Queue metrics failed: ${statusTextOf(response)}`);
      }
      return withDate(await jsonOf(response));
    }

    /** @param {any} body @param {{contentType?: string, delaySeconds?: number}} [options] */
    async send(body = undefined, options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (arguments.length === 0) throw newMismatch('send', 'WorkerQueue', 1, 'Value');
      const {contentType, delaySeconds} = options ?? {};
      const {bytes, format} = encodeMessage(body, contentType);
      const headers = ['Content-Type', 'application/octet-stream', 'X-Msg-Fmt', format];
      if (!isMissing(delaySeconds)) push(headers, 'X-Msg-Delay-Secs', `${toInteger(delaySeconds)}`);
      return this.#post('https://fake-host/message', headers, bytes, 'send');
    }

    /** @param {Iterable<any>} messages @param {{delaySeconds?: number}} [options] */
    async sendBatch(messages = undefined, options = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      if (!isObject(messages)) throw newMismatch('sendBatch', 'WorkerQueue', 1, 'Sequence');
      const parts = [];
      let total = 0;
      let largest = 0;
      for (const {body, contentType, delaySeconds} of messages) {
        const {bytes, format} = encodeMessage(body, contentType);
        total += bytes.length;
        if (bytes.length > largest) largest = bytes.length;
        const delay = isMissing(delaySeconds) ? '' : `,"delaySecs": ${toInteger(delaySeconds)}`;
        push(parts, `{"body":"${native.base64(bytes)}","contentType":"${format}"${delay}}`);
      }
      if (parts.length === 0) throw new TypeError('sendBatch() requires at least one message');
      const headers = [
        'Content-Type', 'application/json', 'CF-Queue-Batch-Count', `${parts.length}`,
        'CF-Queue-Batch-Bytes', `${total}`, 'CF-Queue-Largest-Msg', `${largest}`,
      ];
      const delay = options?.delaySeconds;
      if (!isMissing(delay)) push(headers, 'X-Msg-Delay-Secs', `${toInteger(delay)}`);
      const text = `{"messages":[${join(parts, ',')}]}`;
      return this.#post('https://fake-host/batch', headers, native.utf8(text), 'sendBatch');
    }

    async #post(url, headers, bytes, what) {
      const response = await native.send(this.#service, 'POST', url, headers, bytes);
      if (!isOk(response)) {
        throw new NativeError(`Queue ${what} failed: ${statusTextOf(response)}`);
      }
      const text = await textOf(response);
      if (text === '') return undefined;
      const result = parseJson(text);
      withDate(result.metadata?.metrics);
      return result;
    }
  }
  finish('WorkerQueue', WorkerQueue);

  /** The time of the oldest message as a Date; there is none while the queue is empty. */
  function withDate(metrics) {
    if (metrics?.oldestMessageTimestamp !== undefined) {
      metrics.oldestMessageTimestamp = new NativeDate(metrics.oldestMessageTimestamp);
    }
    return metrics;
  }

  function encodeMessage(body, contentType) {
    if (body === undefined) throw new TypeError('Message body cannot be undefined');
    const format = isMissing(contentType) ? native.queueFormat() : `${contentType}`;
    return {format, bytes: encodeBody(body, format)};
  }

  function encodeBody(body, format) {
    switch (format) {
      case 'text':
        if (typeof body === 'string') return native.utf8(body);
        throw newWrongBody(format, 'string', body);
      case 'bytes':
        if (isBufferView(body)) return native.copyBytes(body);
        throw newWrongBody(format, 'ArrayBufferView', body);
      case 'json': return native.utf8(`${toJson(body)}`);
      case 'v8': return native.serialize(body);
      default: throw new TypeError(`Unsupported queue message content type: ${format}`);
    }
  }

  const newWrongBody = (format, wanted, body) => new TypeError(
      `Content Type "${format}" requires a value of type ${wanted}, but received: ${typeof body}`);
