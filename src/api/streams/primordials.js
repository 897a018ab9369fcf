// What the other parts of the script use. Captured while the snapshot is built, before user code.
//
// Objects of the script that user code never sees are made of class fields and literals: both define
// their properties, so that setters on Object.prototype are never asked.

  const {apply} = Reflect;
  const {abortReason, expose, isAbortSignal, isObject, newAbortSignal, onAbort, removeAbort,
    signalAbort} = builtins.events;
  const uncurry = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call);
  const NativePromise = Promise;
  const promiseResolve = uncurry(Promise.resolve);
  const promiseReject = uncurry(Promise.reject);
  /** @type {(promise: Promise<any>, onFulfilled?: any, onRejected?: any) => Promise<any>} */
  const then = uncurry(Promise.prototype.then);
  const NativeArrayBuffer = ArrayBuffer;
  const NativeUint8Array = Uint8Array;
  const NativeDataView = DataView;
  const arrayFrom = uncurry(Array.from);
  const NativeArray = Array;
  const NativeNumber = Number;
  const {isView} = ArrayBuffer;
  const {isFinite, isInteger, isNaN} = Number;
  const {asyncIterator: kAsyncIterator, iterator: kIterator} = Symbol;
  const getterOf = (prototype, name) =>
    uncurry(Object.getOwnPropertyDescriptor(prototype, name).get);
  const TypedArrayPrototype = Object.getPrototypeOf(Uint8Array.prototype);
  const typedArrayBuffer = getterOf(TypedArrayPrototype, 'buffer');
  const typedArrayByteLength = getterOf(TypedArrayPrototype, 'byteLength');
  const typedArrayByteOffset = getterOf(TypedArrayPrototype, 'byteOffset');
  const typedArrayTag = getterOf(TypedArrayPrototype, Symbol.toStringTag);
  const typedArraySet = uncurry(TypedArrayPrototype.set);
  const dataViewBuffer = getterOf(DataView.prototype, 'buffer');
  const dataViewByteLength = getterOf(DataView.prototype, 'byteLength');
  const dataViewByteOffset = getterOf(DataView.prototype, 'byteOffset');
  const bufferByteLength = getterOf(ArrayBuffer.prototype, 'byteLength');
  const bufferDetached = getterOf(ArrayBuffer.prototype, 'detached');
  const bufferResizable = getterOf(ArrayBuffer.prototype, 'resizable');
  const bufferSlice = uncurry(ArrayBuffer.prototype.slice);
  const bufferTransfer = uncurry(ArrayBuffer.prototype.transfer);
  /** @type {Record<string, any>} */
  const kTypedArrays = {
    __proto__: null,
    BigInt64Array, BigUint64Array, Float32Array, Float64Array, Int8Array, Int16Array, Int32Array,
    Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array,
    ...(typeof Float16Array === 'function' ? {Float16Array} : undefined),
  };

  const AsyncIteratorPrototype =
    Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);
  const {defineProperty, setPrototypeOf} = Object;

  // Handed to constructors of classes that only the script may construct, or differently.
  const kInternal = {__proto__: null};

  // ---- promises ----

  const kDone = promiseResolve(NativePromise, undefined);
  const doNothing = () => {};

  /** @param {any} value */
  const resolvedWith = (value) => promiseResolve(NativePromise, value);
  /** @param {any} reason @returns {Promise<any>} */
  const rejectedWith = (reason) => promiseReject(NativePromise, reason);
  /** Nobody needs to handle its rejection. @param {Promise<any>} promise */
  const markHandled = (promise) => void then(promise, undefined, doNothing);

  let lastResolve;
  let lastReject;
  // One executor for all: it runs within the constructor.
  const keepFunctions = (/** @type {any} */ resolve, /** @type {any} */ reject) => {
    lastResolve = resolve;
    lastReject = reject;
  };

  class Deferred {
    promise = new NativePromise(keepFunctions);
    resolve = lastResolve;
    reject = lastReject;
  }

  const kPending = 0;
  const kFulfilled = 1;
  const kRejected = 2;

  /**
   * A promise for undefined that is made when somebody asks for it. Its rejection counts as handled.
   */
  class LazyPromise {
    status = kPending;
    /** @type {any} */ reason = undefined;
    /** @type {Promise<any> | undefined} */ made = undefined;
    /** @type {Deferred | undefined} */ deferred = undefined;

    get promise() {
      if (this.made !== undefined) return this.made;
      if (this.status === kFulfilled) {
        this.made = new NativePromise(keepFunctions);
        lastResolve();
      } else if (this.status === kRejected) {
        this.made = rejectedWith(this.reason);
        markHandled(this.made);
      } else {
        this.deferred = new Deferred();
        this.made = this.deferred.promise;
      }
      return this.made;
    }
    resolve() {
      if (this.status !== kPending) return;
      this.status = kFulfilled;
      if (this.deferred !== undefined) this.deferred.resolve();
    }
    /** @param {any} reason */
    reject(reason) {
      if (this.status !== kPending) return;
      this.status = kRejected;
      this.reason = reason;
      if (this.deferred === undefined) return;
      this.deferred.reject(reason);
      markHandled(this.deferred.promise);
    }
  }

  /** @param {any} reason */
  function lazyRejected(reason) {
    const result = new LazyPromise();
    result.reject(reason);
    return result;
  }

  function lazyFulfilled() {
    const result = new LazyPromise();
    result.resolve();
    return result;
  }

  // ---- Web IDL ----

  const newIllegalInvocation = () => new TypeError(
      'Illegal invocation: function called with incorrect `this` reference. See ' +
      'https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors ' +
      'for details.');

  /** @param {number} count @param {string} where @param {string} type */
  function requireGiven(count, where, type) {
    if (count < 1) throw new TypeError(`${where}: parameter 1 is not of type '${type}'.`);
  }

  /**
   * https://webidl.spec.whatwg.org/#js-dictionary: undefined for what is not there.
   * @param {any} value @param {string} where @param {string} type
   */
  function toDictionary(value, where, type) {
    if (value === undefined || value === null) return undefined;
    if (!isObject(value)) throw new TypeError(`${where} is not of type '${type}'.`);
    return value;
  }

  /** @param {any} dictionary @param {string} field @param {string} type */
  function readCallback(dictionary, field, type) {
    const value = dictionary[field];
    if (value === undefined || typeof value === 'function') return value;
    throw new TypeError(`Incorrect type for the '${field}' field on '${type}': the provided value ` +
        "is not of type 'function'.");
  }

  // https://webidl.spec.whatwg.org/#EnforceRange of an unsigned long long
  /** @param {any} value @param {string} what */
  function toPositiveInteger(value, what) {
    const number = +value;
    const whole = number < 0 ? -mathFloor(-number) : mathFloor(number);
    if (isFinite(number) && whole >= 0 && whole <= 2 ** 53 - 1) return whole === 0 ? 0 : whole;
    throw new TypeError(`${what} must be a whole number from 0 to 2^53 - 1, not ${number}.`);
  }
  const {floor: mathFloor, min: mathMin} = Math;

  // ---- bytes ----

  /** @param {any} value */
  function isArrayBuffer(value) {
    if (!isObject(value)) return false;
    try {
      bufferByteLength(value);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {any} view */
  const viewIsDataView = (view) => typedArrayTag(view) === undefined;
  /** @param {any} view */
  const viewBuffer = (view) => viewIsDataView(view) ? dataViewBuffer(view) : typedArrayBuffer(view);
  // A detached or shrunk DataView throws where a typed array says 0.
  /** @param {any} view */
  const viewByteLength = (view) => {
    if (!viewIsDataView(view)) return typedArrayByteLength(view);
    try {
      return dataViewByteLength(view);
    } catch {
      return 0;
    }
  };
  /** @param {any} view */
  const viewByteOffset = (view) => {
    if (!viewIsDataView(view)) return typedArrayByteOffset(view);
    try {
      return dataViewByteOffset(view);
    } catch {
      return 0;
    }
  };

  /** The buffer of a view. @param {any} buffer */
  const isShared = (buffer) => !isArrayBuffer(buffer);

  // https://streams.spec.whatwg.org/#transfer-array-buffer
  /** @param {ArrayBuffer} buffer */
  const transferBuffer = (buffer) => bufferTransfer(buffer);
