// internalBinding(): a factory for each, given the C++ functions of the same name.
'use strict';

const {
  ArrayPrototypeMap,
  MapPrototypeGet,
  ObjectDefineProperty,
  SafeMap,
  Symbol,
  Uint32Array,
  Uint8Array,
} = primordials;

const kPrivateSymbols = [
  'arrow_message_private_symbol',
  'contextify_context_private_symbol',
  'decorated_private_symbol',
  'transfer_mode_private_symbol',
  'host_defined_option_symbol',
  'entry_point_module_private_symbol',
  'untransferable_object_private_symbol',
  'exit_info_private_symbol',
  'source_map_data_private_symbol',
];

// https://nodejs.org/api/util.html: the order is that of Encoding in bindings/encoding.h.
const kEncodings =
    ['utf8', 'utf16le', 'latin1', 'ascii', 'base64', 'base64url', 'hex', 'buffer'];

const kMaxLength = 2 ** 31 - 1;
const kStringMaxLength = 2 ** 29 - 24;

/** Properties of `target` that are `id`'s, which is evaluated when one is touched. */
function defineLazyProperties(target, id, names, enumerable = true) {
  for (let i = 0; i < names.length; ++i) {
    const name = names[i];
    const define = (value) => ObjectDefineProperty(target, name, {
      __proto__: null,
      value,
      writable: true,
      enumerable,
      configurable: true,
    });
    ObjectDefineProperty(target, name, {
      __proto__: null,
      enumerable,
      configurable: true,
      get() {
        const value = require(id)[name];
        define(value);
        return value;
      },
      set: define,
    });
  }
}

function errorMap() {
  const {errors} = require('ocapd/node_data');
  return new SafeMap(ArrayPrototypeMap(errors, ([number, name, text]) => [number, [name, text]]));
}

function uv() {
  const binding = {
    getErrorMap: errorMap,
    errname: (number) => {
      const found = MapPrototypeGet(errorMap(), number);
      return found === undefined ? `Unknown system error ${number}` : found[0];
    },
    getErrorMessage: (number) => {
      const found = MapPrototypeGet(errorMap(), number);
      return found === undefined ? `Unknown system error ${number}` : found[1];
    },
  };
  const {errors} = require('ocapd/node_data');
  for (let i = 0; i < errors.length; ++i) binding[`UV_${errors[i][1]}`] = errors[i][0];
  return binding;
}

function buffer(native) {
  return {
    __proto__: null,
    ...native,
    kMaxLength,
    kStringMaxLength,
    atob: globalThis.atob,
    btoa: globalThis.btoa,
    createUnsafeArrayBuffer: (size) => new ArrayBuffer(size),
    setDetachKey() {},
    setBufferPrototype() {},
    getZeroFillToggle() {},
  };
}

function util(native) {
  return {
    ...native,
    constants: {
      kPending: 0,
      kFulfilled: 1,
      kRejected: 2,
      kExiting: 0,
      kExitCode: 1,
      kHasExitCode: 2,
      ALL_PROPERTIES: 0,
      ONLY_WRITABLE: 1,
      ONLY_ENUMERABLE: 2,
      ONLY_CONFIGURABLE: 4,
      SKIP_STRINGS: 8,
      SKIP_SYMBOLS: 16,
      kDisallowCloneAndTransfer: 0,
      kTransferable: 1,
      kCloneable: 2,
    },
    privateSymbols: native.privateSymbols(kPrivateSymbols),
    shouldAbortOnUncaughtToggle: new Uint32Array(1),
    defineLazyProperties,
    isInsideNodeModules: () => false,
    guessHandleType: () => 'PIPE',
    constructSharedArrayBuffer: (size) => new SharedArrayBuffer(size),
    parseEnv: (text) => require('ocapd/parse_env').parseEnv(text),
    sleep() {},
    toUSVString: (text) => `${text}`.toWellFormed(),
  };
}

module.exports = {
  __proto__: null,
  async_context_frame: (native) => native,
  buffer,
  builtins: () => ({}),
  config: () => ({
    hasIntl: false,
    hasInspector: false,
    hasOpenSSL: true,
    hasCrypto: true,
    fipsMode: false,
    noBrowserGlobals: false,
    bits: 64,
  }),
  constants: () => require('ocapd/node_data').constants,
  credentials: () => ({safeGetenv: (name) => process.env[name], implementsPosixCredentials: true}),
  crypto: (native) => require('ocapd/crypto_binding')(native),
  diagnostics_channel: () => ({
    subscribers: new Uint32Array(64),
    getOrCreateChannelIndex: () => 0,
    linkNativeChannel() {},
  }),
  encoding_binding: () => internalBinding('url'),
  errors: () => ({
    triggerUncaughtException: (error) => globalThis.reportError(error),
    noSideEffectsToString: (value) => `${value}`,
    getErrorSourcePositions: () => ({}),
    exitCodes: {kNoFailure: 0, kGenericUserError: 1},
  }),
  fs: () => require('ocapd/fs_binding').files,
  fs_dir: () => require('ocapd/fs_binding').directories,
  messaging: () => ({
    DOMException: globalThis.DOMException,
    structuredClone: globalThis.structuredClone,
    setDeserializerCreateObjectFunction() {},
  }),
  stream_wrap: () => ({
    streamBaseState: new Uint8Array(5),
    WriteWrap: class WriteWrap {},
    ShutdownWrap: class ShutdownWrap {},
    kReadBytesOrError: 0,
    kLastWriteWasAsync: 1,
  }),
  string_decoder: (native) => ({
    ...native,
    encodings: kEncodings,
    kIncompleteCharactersStart: 0,
    kIncompleteCharactersEnd: 4,
    kMissingBytes: 4,
    kBufferedBytes: 5,
    kEncodingField: 6,
    kNumFields: 7,
    kSize: 7,
  }),
  symbols: () => ({
    messaging_deserialize_symbol: Symbol('messaging_deserialize_symbol'),
    messaging_transfer_symbol: Symbol('messaging_transfer_symbol'),
    messaging_clone_symbol: Symbol('messaging_clone_symbol'),
    messaging_transfer_list_symbol: Symbol('messaging_transfer_list_symbol'),
  }),
  trace_events: () => ({
    getCategoryEnabledBuffer: () => new Uint8Array(1),
    trace() {},
    isTraceCategoryEnabled: () => false,
  }),
  types: (native) => native,
  url: (native) => native,
  url_pattern: () => ({URLPattern: globalThis.URLPattern}),
  util,
  uv,
  zlib: (native) => require('ocapd/zlib_binding')(native),
};
