// node:module: what has a meaning in a bundle.
//
// See https://nodejs.org/api/module.html
'use strict';

const {ArrayPrototypeSlice, StringPrototypeSlice, StringPrototypeStartsWith} = primordials;
const {codes: {ERR_INVALID_ARG_VALUE}} = require('internal/errors');
const {validateString} = require('internal/validators');
const {isPublic, native, publicNames} = require('ocapd/host');
const {stub, stubs} = require('ocapd/stubs');
const {BuiltinModule} = require('internal/bootstrap/realm');

/** @param {string|URL} path */
function createRequire(path) {
  const from = `${path}`;
  if (!StringPrototypeStartsWith(from, '/') && !StringPrototypeStartsWith(from, 'file:')) {
    throw new ERR_INVALID_ARG_VALUE('path', path,
      'must be a file URL object, file URL string, or absolute path string');
  }
  return (id) => {
    validateString(id, 'id');
    return native.requireFrom(id, from);
  };
}

/** @param {string} id */
function isBuiltin(id) {
  validateString(id, 'id');
  if (StringPrototypeStartsWith(id, 'node:')) return isPublic(StringPrototypeSlice(id, 5));
  return BuiltinModule.canBeRequiredWithoutScheme(id);
}

const Module = stub('Module', 'module.Module');

module.exports = Object.assign(Module, {
  ...stubs('module.', [
    'SourceMap', '_debug', '_findPath', '_initPaths', '_load', '_nodeModulePaths',
    '_preloadModules', '_resolveFilename', '_resolveLookupPaths', 'findPackageJSON',
    'findSourceMap', 'register', 'registerHooks', 'runMain', 'setSourceMapsSupport',
    'stripTypeScriptTypes', 'syncBuiltinESMExports', 'wrap',
  ]),
  Module,
  _cache: {__proto__: null},
  _extensions: {
    '.js': stub('.js', 'module._extensions..js'),
    '.json': stub('.json', 'module._extensions..json'),
    '.node': stub('.node', 'module._extensions..node'),
  },
  _pathCache: {__proto__: null},
  builtinModules: ArrayPrototypeSlice(publicNames),
  constants: {
    __proto__: null,
    compileCacheStatus: {__proto__: null, FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3},
  },
  createRequire,
  enableCompileCache() {},
  flushCompileCache() {},
  getCompileCacheDir() {},
  getSourceMapsSupport: () =>
    ({__proto__: null, enabled: false, nodeModules: false, generatedCode: false}),
  globalPaths: [],
  isBuiltin,
});
