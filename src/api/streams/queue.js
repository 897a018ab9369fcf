// Queues of chunks and of requests, and the strategies that measure them.
// https://streams.spec.whatwg.org/#queue-with-sizes

  const kNoSlots = [];

  /** First in, first out, in a ring that grows; its slots are own elements from the start. */
  class Queue {
    /** @type {any[]} */ slots = kNoSlots;
    head = 0;
    length = 0;

    /** @param {any} value */
    push(value) {
      if (this.length === this.slots.length) this.grow();
      const {slots} = this;
      slots[(this.head + this.length) & (slots.length - 1)] = value;
      ++this.length;
    }
    shift() {
      const {slots, head} = this;
      const value = slots[head];
      slots[head] = undefined;
      this.head = (head + 1) & (slots.length - 1);
      --this.length;
      return value;
    }
    first() {
      return this.slots[this.head];
    }
    /** @param {number} index */
    at(index) {
      const {slots} = this;
      return slots[(this.head + index) & (slots.length - 1)];
    }
    clear() {
      this.slots = kNoSlots;
      this.head = 0;
      this.length = 0;
    }

    grow() {
      const {slots, head} = this;
      const count = slots.length;
      if (count === 0) {
        this.slots = [undefined, undefined, undefined, undefined];
        return;
      }
      const larger = arrayFrom(NativeArray, {__proto__: null, length: count * 2});
      for (let i = 0; i < count; ++i) larger[i] = slots[(head + i) & (count - 1)];
      this.slots = larger;
      this.head = 0;
    }
  }

  /** Sizes are kept only where a strategy measures chunks: otherwise each is 1. */
  class ChunkQueue extends Queue {
    /** @type {Queue | undefined} */ sizes = undefined;
    totalSize = 0;

    // https://streams.spec.whatwg.org/#enqueue-value-with-size
    /** @param {any} chunk @param {number} size */
    add(chunk, size) {
      if (!(size >= 0 && size < Infinity)) {
        throw new RangeError(`The size of a chunk must be a finite number, not negative: ${size}.`);
      }
      if (size !== 1 && this.sizes === undefined) this.startSizes();
      this.push(chunk);
      if (this.sizes !== undefined) this.sizes.push(size);
      this.totalSize += size;
    }
    // https://streams.spec.whatwg.org/#dequeue-value
    take() {
      this.totalSize -= this.sizes === undefined ? 1 : this.sizes.shift();
      // Rounding errors.
      if (this.totalSize < 0) this.totalSize = 0;
      return this.shift();
    }
    reset() {
      this.clear();
      this.sizes = undefined;
      this.totalSize = 0;
    }

    startSizes() {
      this.sizes = new Queue();
      for (let i = 0; i < this.length; ++i) this.sizes.push(1);
    }
  }

  // https://streams.spec.whatwg.org/#validate-and-normalize-high-water-mark
  /** @param {any} strategy @returns {{highWaterMark: number | undefined, size: any}} */
  function toStrategy(strategy) {
    const given = toDictionary(strategy, 'The queuing strategy', 'QueuingStrategy');
    if (given === undefined) return {highWaterMark: undefined, size: undefined};
    let {highWaterMark} = given;
    if (highWaterMark !== undefined) highWaterMark = +highWaterMark;
    return {highWaterMark, size: readCallback(given, 'size', 'StreamQueuingStrategy')};
  }

  /** @param {{highWaterMark: number | undefined}} strategy @param {number} otherwise */
  function highWaterMarkOf({highWaterMark}, otherwise) {
    if (highWaterMark === undefined) return otherwise;
    if (isNaN(highWaterMark) || highWaterMark < 0) {
      throw new RangeError(`highWaterMark is ${highWaterMark}; it must be a number from 0 up.`);
    }
    return highWaterMark;
  }

  // https://streams.spec.whatwg.org/#qs
  const byteLengthSize = {size: (/** @type {any} */ chunk) => chunk.byteLength}.size;
  const countSize = {size: () => 1}.size;

  /** @param {any} init @param {string} name */
  function toHighWaterMark(init, count, name) {
    const where = `Failed to construct '${name}': constructor parameter 1`;
    if (count < 1 || !isObject(init)) {
      throw new TypeError(`${where} is not of type 'QueuingStrategyInit'.`);
    }
    const {highWaterMark} = init;
    if (highWaterMark === undefined) {
      throw new TypeError("Missing field 'highWaterMark' in 'QueuingStrategyInit'.");
    }
    return +highWaterMark;
  }

  class ByteLengthQueuingStrategy {
    #highWaterMark;

    /** @param {QueuingStrategyInit} init */
    constructor(init) {
      this.#highWaterMark = toHighWaterMark(init, arguments.length, 'ByteLengthQueuingStrategy');
    }
    get highWaterMark() {
      if (!isObject(this) || !(#highWaterMark in this)) throw newIllegalInvocation();
      return this.#highWaterMark;
    }
    get size() {
      if (!isObject(this) || !(#highWaterMark in this)) throw newIllegalInvocation();
      return byteLengthSize;
    }
  }
  expose('ByteLengthQueuingStrategy', ByteLengthQueuingStrategy);

  class CountQueuingStrategy {
    #highWaterMark;

    /** @param {QueuingStrategyInit} init */
    constructor(init) {
      this.#highWaterMark = toHighWaterMark(init, arguments.length, 'CountQueuingStrategy');
    }
    get highWaterMark() {
      if (!isObject(this) || !(#highWaterMark in this)) throw newIllegalInvocation();
      return this.#highWaterMark;
    }
    get size() {
      if (!isObject(this) || !(#highWaterMark in this)) throw newIllegalInvocation();
      return countSize;
    }
  }
  expose('CountQueuingStrategy', CountQueuingStrategy);
