// crypto.DigestStream. https://developers.cloudflare.com/workers/runtime-apis/web-crypto/#constructors
(native, builtins) => {
  'use strict';
  const {newDigest, update, finish, bytesWritten} = native;
  const {Crypto} = builtins;
  const {Promise, TypeError, WritableStream, WritableStreamDefaultController} = globalThis;
  const {defineProperty} = Object;
  const {apply} = Reflect;
  const {then} = Promise.prototype;
  const {error: errorController} = WritableStreamDefaultController.prototype;
  const ignore = () => {};

  class DigestStream extends WritableStream {
    /** @type {object} */
    #hash;
    /** @type {Promise<ArrayBuffer>} */
    #digest;
    /** @type {(reason: unknown) => void} */
    #fail;

    /** @param {string | {name: string}} algorithm */
    constructor(algorithm) {
      if (arguments.length < 1) {
        throw new TypeError("Failed to construct 'DigestStream': constructor parameter 1 is not " +
            "of type 'string or HashAlgorithm'.");
      }
      const hash = newDigest(algorithm);
      let resolve;
      let reject;
      let controller;
      const digest = new Promise((...functions) => ([resolve, reject] = functions));
      // Nobody has to look at the digest of a stream that fails.
      apply(then, digest, [undefined, ignore]);
      super({
        __proto__: null,
        start(given) {
          controller = given;
        },
        write(chunk) {
          try {
            update(hash, chunk);
          } catch (error) {
            reject(error);
            throw error;
          }
        },
        close: () => resolve(finish(hash)),
        abort: (reason) => reject(reason),
      });
      this.#hash = hash;
      this.#digest = digest;
      this.#fail = (reason) => {
        reject(reason);
        apply(errorController, controller, [reason]);
      };
    }

    /** The digest, once the stream is closed. */
    get digest() {
      return this.#digest;
    }
    get bytesWritten() {
      return bytesWritten(this.#hash);
    }
    [Symbol.dispose]() {
      this.#fail(new TypeError('The DigestStream was disposed.'));
    }
  }
  for (const name of ['digest', 'bytesWritten']) {
    defineProperty(DigestStream.prototype, name, {enumerable: true});
  }
  defineProperty(DigestStream.prototype, Symbol.toStringTag,
      {value: 'DigestStream', configurable: true});
  defineProperty(Crypto.prototype, 'DigestStream',
      {value: DigestStream, writable: true, enumerable: true, configurable: true});
  return DigestStream;
}
