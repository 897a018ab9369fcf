// DOMException. https://webidl.spec.whatwg.org/#idl-DOMException
(native) => {
  'use strict';
  const {brand} = native;
  const {defineProperty, setPrototypeOf} = Object;
  const {captureStackTrace} = Error;

  // https://webidl.spec.whatwg.org/#dfn-error-names-table: the code is the place in this list,
  // from 1. Names of errors nobody throws any more have no code, only a constant.
  /** @type {[string, string][]} */
  const kNames = [
    ['IndexSizeError', 'INDEX_SIZE_ERR'],
    ['', 'DOMSTRING_SIZE_ERR'],
    ['HierarchyRequestError', 'HIERARCHY_REQUEST_ERR'],
    ['WrongDocumentError', 'WRONG_DOCUMENT_ERR'],
    ['InvalidCharacterError', 'INVALID_CHARACTER_ERR'],
    ['', 'NO_DATA_ALLOWED_ERR'],
    ['NoModificationAllowedError', 'NO_MODIFICATION_ALLOWED_ERR'],
    ['NotFoundError', 'NOT_FOUND_ERR'],
    ['NotSupportedError', 'NOT_SUPPORTED_ERR'],
    ['InUseAttributeError', 'INUSE_ATTRIBUTE_ERR'],
    ['InvalidStateError', 'INVALID_STATE_ERR'],
    ['SyntaxError', 'SYNTAX_ERR'],
    ['InvalidModificationError', 'INVALID_MODIFICATION_ERR'],
    ['NamespaceError', 'NAMESPACE_ERR'],
    ['InvalidAccessError', 'INVALID_ACCESS_ERR'],
    ['', 'VALIDATION_ERR'],
    ['TypeMismatchError', 'TYPE_MISMATCH_ERR'],
    ['SecurityError', 'SECURITY_ERR'],
    ['NetworkError', 'NETWORK_ERR'],
    ['AbortError', 'ABORT_ERR'],
    ['URLMismatchError', 'URL_MISMATCH_ERR'],
    ['QuotaExceededError', 'QUOTA_EXCEEDED_ERR'],
    ['TimeoutError', 'TIMEOUT_ERR'],
    ['InvalidNodeTypeError', 'INVALID_NODE_TYPE_ERR'],
    ['DataCloneError', 'DATA_CLONE_ERR'],
  ];
  /** @type {Record<string, number>} */
  const codes = {__proto__: null};

  /** @param {unknown} value */
  const isObject = (value) =>
    (typeof value === 'object' && value !== null) || typeof value === 'function';

  /** Looks inside. @type {(value: any) => [string, string, unknown]} */
  let partsOf;

  class DOMException {
    /** @type {string} */ #name;
    /** @type {string} */ #message;

    // https://webidl.spec.whatwg.org/#dom-domexception-domexception
    constructor(message = '', name = 'Error') {
      this.#message = `${message}`;
      this.#name = `${name}`;
      captureStackTrace(this, new.target);
      brand(this);
    }

    get name() {
      return DOMException.#of(this).#name;
    }

    get message() {
      return DOMException.#of(this).#message;
    }

    get code() {
      return codes[DOMException.#of(this).#name] ?? 0;
    }

    /** @param {any} value */
    static #of(value) {
      if (!isObject(value) || !(#name in value)) throw new TypeError('Illegal invocation');
      return value;
    }

    static {
      partsOf = (value) => [value.#name, value.#message, value.stack];
    }
  }

  setPrototypeOf(DOMException.prototype, Error.prototype);
  for (const name of ['name', 'message', 'code']) {
    defineProperty(DOMException.prototype, name, {enumerable: true});
  }
  defineProperty(DOMException.prototype, Symbol.toStringTag, {
    value: 'DOMException',
    configurable: true,
  });
  for (let i = 0; i < kNames.length; ++i) {
    const [name, constant] = kNames[i];
    const value = i + 1;
    if (name !== '') codes[name] = value;
    defineProperty(DOMException, constant, {value, enumerable: true});
    defineProperty(DOMException.prototype, constant, {value, enumerable: true});
  }
  defineProperty(DOMException, 'length', {value: 0});
  defineProperty(globalThis, 'DOMException', {
    value: DOMException,
    writable: true,
    configurable: true,
  });

  return {
    DOMException,
    /** @param {string} message @param {string} name @param {unknown} [stack] */
    create(message, name, stack) {
      const made = new DOMException(message, name);
      if (stack !== undefined) {
        defineProperty(made, 'stack', {value: stack, writable: true, configurable: true});
      }
      return made;
    },
    parts: partsOf,
  };
}
