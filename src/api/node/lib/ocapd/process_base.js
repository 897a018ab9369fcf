// The part of `process` that Node's own files need; lib/process.js adds the rest when a worker asks
// for it.
'use strict';

const {
  ObjectFreeze,
  ReflectApply,
} = primordials;

// What programs ask to know which Node they run on.
const kNodeVersion = '22.23.4';

let native;

/** @param {Function} callback */
function nextTick(callback, ...values) {
  require('internal/validators').validateFunction(callback, 'callback');
  native.enqueueMicrotask(values.length === 0 ? callback : () => {
    ReflectApply(callback, undefined, values);
  });
}

/** @param {string|Error} warning */
function emitWarning(warning, type, code, ctor) {
  require('process').emitWarning(warning, type, code, ctor);
}

module.exports = {
  setUp(natives) {
    native = natives;
    process.version = `v${kNodeVersion}`;
    process.versions = ObjectFreeze({
      __proto__: null,
      node: kNodeVersion,
    });
    process.platform = 'linux';
    process.arch = 'x64';
    process.pid = 1;
    process.argv = ['workerd'];
    process.execArgv = [];
    process.nextTick = nextTick;
    process.emitWarning = emitWarning;
    process.noDeprecation = false;
    process.env = {};
    process.cwd = () => '/bundle';
    process.features = {
      cached_builtins: true,
      debug: false,
      inspector: false,
      ipv6: true,
      openssl_is_boringssl: false,
      require_module: false,
      tls: true,
      tls_alpn: true,
      tls_ocsp: true,
      tls_sni: true,
      typescript: false,
      uv: true,
    };
    process.release = {name: 'node', lts: true, sourceUrl: '', headersUrl: ''};
  },
};
