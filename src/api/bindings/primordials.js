// What the other parts of the script use. Captured while the snapshot is built, before user code.

  const {defineProperty, entries: entriesOf, freeze} = Object;
  const {isArray} = Array;
  const {getOwnPropertyDescriptor, getPrototypeOf, ownKeys} = Reflect;
  const {parse: parseJson, stringify: toJson} = JSON;
  const {isInteger, isFinite, isNaN} = Number;
  const {isView: isBufferView} = ArrayBuffer;
  const {trunc} = Math;
  const NativeArray = Array;
  const NativeDate = Date;
  const NativeError = Error;
  const NativeMap = Map;
  const NativeUint8Array = Uint8Array;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const trim = uncurry(String.prototype.trim);
  const split = uncurry(String.prototype.split);
  const slice = uncurry(String.prototype.slice);
  const startsWith = uncurry(String.prototype.startsWith);
  const endsWith = uncurry(String.prototype.endsWith);
  const push = uncurry(Array.prototype.push);
  const join = uncurry(Array.prototype.join);
  const map = uncurry(Array.prototype.map);
  const filter = uncurry(Array.prototype.filter);
  const mapSet = uncurry(Map.prototype.set);
  const dateTime = uncurry(Date.prototype.getTime);
  const dateText = uncurry(Date.prototype.toUTCString);
  const kInternalClass = Symbol.for('cloudflare:internal-class');
  const kInternal = {__proto__: null};

  /** The function behind a getter of a class, or of one that it extends. */
  function getterOf(constructor, name) {
    for (let each = constructor.prototype; each; each = getPrototypeOf(each)) {
      const found = getOwnPropertyDescriptor(each, name);
      if (found) return uncurry(found.get ?? found.value);
    }
  }
  const statusOf = getterOf(Response, 'status');
  const statusTextOf = getterOf(Response, 'statusText');
  const headersOf = getterOf(Response, 'headers');
  const bodyOf = getterOf(Response, 'body');
  const bodyUsedOf = getterOf(Response, 'bodyUsed');
  const textOf = getterOf(Response, 'text');
  const jsonOf = getterOf(Response, 'json');
  const arrayBufferOf = getterOf(Response, 'arrayBuffer');
  const bytesOf = getterOf(Response, 'bytes');
  const getHeader = uncurry(Headers.prototype.get);
  const setHeader = uncurry(Headers.prototype.set);
  const hasHeader = uncurry(Headers.prototype.has);
  const NativeBlob = Blob;

  /** @param {Response} response @param {string} name */
  const headerOf = (response, name) => getHeader(headersOf(response), name);
  /** @param {Response} response */
  const isOk = (response) => statusOf(response) >= 200 && statusOf(response) < 300;

  /** @param {unknown} value */
  const isObject = (value) =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';
  /** @param {unknown} value */
  const isMissing = (value) => value === undefined || value === null;

  const newIllegalInvocation = () => new TypeError(
      'Illegal invocation: function called with incorrect `this` reference. See ' +
      'https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors ' +
      'for details.');

  // Texts pinned by the reference.
  /** @param {string} method @param {string} owner @param {number} at @param {string} type */
  const newMismatch = (method, owner, at, type) => new TypeError(
      `Failed to execute '${method}' on '${owner}': parameter ${at} is not of type '${type}'.`);

  /** @param {any} key what a constructor was called with */
  function requireInternal(key) {
    if (key !== kInternal) throw new TypeError('Illegal constructor');
  }

  /** Makes a class look as the reference's native ones. */
  function finish(name, constructor) {
    const {prototype} = constructor;
    for (const key of ownKeys(prototype)) {
      if (key !== 'constructor' && typeof key === 'string') {
        defineProperty(prototype, key, {enumerable: true});
      }
    }
    defineProperty(constructor, 'name', {value: name});
    defineProperty(prototype, Symbol.toStringTag, {value: name, configurable: true});
    defineProperty(prototype, kInternalClass, {value: kInternalClass});
    return constructor;
  }
