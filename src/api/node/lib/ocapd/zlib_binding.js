// internalBinding('zlib'): what Node's zlib file expects, on src/api/node/compression.
'use strict';

const {ArrayIsArray, Error, FunctionPrototypeCall, ObjectKeys} = primordials;
const {codes: {ERR_ZLIB_INITIALIZATION_FAILED}} = require('internal/errors');
const {zlib: constants} = internalBinding('constants');

/** The name of a constant of zstd. */
function zstdCode(number) {
  const names = ObjectKeys(constants);
  for (let i = 0; i < names.length; ++i) {
    if (names[i].startsWith('ZSTD_error_') && constants[names[i]] === number) return names[i];
  }
  return 'ZSTD_error_GENERIC';
}

/** What onerror() takes, of a failure [message, number, code]. */
function explain([message, number, code]) {
  return [message, number, code === 'ZSTD' ? zstdCode(number) : code];
}

class Handle {
  #compressor;
  #state;
  #done;
  #isClosed = false;

  /** @param {object|Array} compressor of native, or why there is none */
  open(compressor, state, done) {
    if (ArrayIsArray(compressor)) {
      const [message, errno, code] = explain(compressor);
      if (code === 'ERR_ZLIB_INITIALIZATION_FAILED') throw new ERR_ZLIB_INITIALIZATION_FAILED();
      const error = new Error(message);
      error.errno = errno;
      error.code = code;
      throw error;
    }
    this.#compressor = compressor;
    this.#state = state;
    this.#done = done;
  }

  /** True when it went well; otherwise onerror() was told. */
  #step(values) {
    const failure = this.#compressor.write(...values, this.#state);
    if (failure === undefined) return true;
    this.onerror(...explain(failure));
    return false;
  }

  writeSync(...values) {
    this.#step(values);
  }

  write(...values) {
    process.nextTick(() => {
      if (this.#isClosed || !this.#step(values)) return;
      FunctionPrototypeCall(this.#done, this);
    });
  }

  params(level, strategy) {
    const failure = this.#compressor.setParameters(level, strategy);
    if (failure !== undefined) this.onerror(...explain(failure));
  }

  reset() {
    const failure = this.#compressor.reset();
    if (failure !== undefined) this.onerror(...explain(failure));
  }

  close() {
    this.#isClosed = true;
    this.#compressor.close();
  }

  getAsyncId() {
    return 0;
  }
}

module.exports = (native) => {
  class Zlib extends Handle {
    #mode;

    constructor(mode) {
      super();
      this.#mode = mode;
    }

    init(windowBits, level, memoryLevel, strategy, state, done, dictionary, rejectsGarbage) {
      this.open(native.newZlib(this.#mode, windowBits, level, memoryLevel, strategy, dictionary,
          rejectsGarbage), state, done);
    }
  }

  class Brotli extends Handle {
    #mode;

    constructor(mode) {
      super();
      this.#mode = mode;
    }

    init(parameters, state, done) {
      this.open(native.newBrotli(this.#mode, parameters), state, done);
    }
  }

  const zstd = (mode) => class extends Handle {
    init(parameters, sourceBytes, state, done, dictionary) {
      this.open(native.newZstd(mode, parameters, sourceBytes, dictionary), state, done);
    }
  };

  return {
    BrotliDecoder: Brotli,
    BrotliEncoder: Brotli,
    Zlib,
    ZstdCompress: zstd(constants.ZSTD_COMPRESS),
    ZstdDecompress: zstd(constants.ZSTD_DECOMPRESS),
    crc32: native.crc32,
  };
};
