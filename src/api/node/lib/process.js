// node:process. Added to the object that Node's own files have known from the start.
//
// A worker is no process of the system's: what would act on one is absent, and says so.
// See https://nodejs.org/api/process.html
'use strict';

const {
  BigInt,
  Error,
  ErrorCaptureStackTrace,
  MathFloor,
  ObjectDefineProperties,
  ObjectSetPrototypeOf,
  Proxy,
  ReflectDefineProperty,
  ReflectSet,
  Set,
  String,
  SymbolToStringTag,
} = primordials;
const EventEmitter = require('events');
const {codes: {ERR_INVALID_ARG_TYPE}, ErrnoException} = require('internal/errors');
const {validateArray, validateObject, validateString, validateFunction} =
    require('internal/validators');
const {stubs} = require('ocapd/stubs');
const {exportsOf, native} = require('ocapd/host');

const kSupplementaryGroups = [0];
const kUmask = 0o22;
const kNanosecondsPerMillisecond = 1_000_000;

function Process() {}
ObjectSetPrototypeOf(Process.prototype, EventEmitter.prototype);
ObjectDefineProperties(Process.prototype, {
  constructor: {__proto__: null, value: Process, writable: true, configurable: true},
});
ObjectSetPrototypeOf(process, Process.prototype);
ObjectDefineProperties(process, {
  [SymbolToStringTag]: {__proto__: null, value: 'process', configurable: true},
});

/** Values become strings, as those of the system's environment are. */
function toEnvironment(values) {
  return new Proxy(values, {
    __proto__: null,
    set: (target, name, value, receiver) =>
      ReflectSet(target, name, typeof name === 'string' ? `${value}` : String.raw`${value}`),
    defineProperty(target, name, descriptor) {
      if ('value' in descriptor) descriptor = {...descriptor, value: `${descriptor.value}`};
      return ReflectDefineProperty(target, name, descriptor);
    },
  });
}

/** https://nodejs.org/api/process.html#processemitwarningwarning-options */
function emitWarning(warning, type, code, ctor) {
  let detail;
  if (type !== null && typeof type === 'object') {
    ({type, code, detail, ctor} = type);
  } else if (typeof type === 'function') {
    ctor = type;
    type = 'Warning';
  }
  if (type !== undefined) validateString(type, 'type');
  if (typeof code === 'function') {
    ctor = code;
    code = undefined;
  } else if (code !== undefined) {
    validateString(code, 'code');
  }
  if (typeof warning === 'string') {
    const text = warning;
    warning = new Error(text);
    warning.name = `${type || 'Warning'}`;
    if (code !== undefined) warning.code = code;
    if (typeof detail === 'string') warning.detail = detail;
    ErrorCaptureStackTrace(warning, ctor || emitWarning);
  } else if (!(warning instanceof Error)) {
    throw new ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning' && process.noDeprecation) return;
  process.nextTick(() => process.emit('warning', warning));
}

const clock = () => globalThis.Date.now();

/** @param {[number, number]} [since] */
function hrtime(since) {
  const now = clock();
  let seconds = MathFloor(now / 1000);
  let nanoseconds = (now % 1000) * kNanosecondsPerMillisecond;
  if (since !== undefined) {
    validateArray(since, 'time');
    seconds -= since[0];
    nanoseconds -= since[1];
    if (nanoseconds < 0) {
      --seconds;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = () => BigInt(clock()) * BigInt(kNanosecondsPerMillisecond);

/** @param {string} id */
function getBuiltinModule(id) {
  const name = `${id}`;
  return exportsOf(name)?.default ?? exportsOf(`node:${name}`)?.default;
}

const kResources = [
  'userCPUTime', 'systemCPUTime', 'maxRSS', 'sharedMemorySize', 'unsharedDataSize',
  'unsharedStackSize', 'minorPageFault', 'majorPageFault', 'swappedOut', 'fsRead', 'fsWrite',
  'ipcSent', 'ipcReceived', 'signalsCount', 'voluntaryContextSwitches',
  'involuntaryContextSwitches',
];
const noResources = () => {
  const result = {};
  for (let i = 0; i < kResources.length; ++i) result[kResources[i]] = 0;
  return result;
};

let workingDirectory = '/bundle';
function chdir(directory) {
  validateString(directory, 'directory');
  const {resolve} = require('path');
  const target = resolve(directory);
  let isDirectory = false;
  try {
    isDirectory = require('fs').statSync(target).isDirectory();
  } catch {}
  if (!isDirectory) {
    const {UV_ENOENT} = internalBinding('uv');
    throw new ErrnoException(UV_ENOENT, 'chdir', undefined, directory);
  }
  workingDirectory = target;
}

const noPermission = () => {
  throw new ErrnoException(internalBinding('uv').UV_EPERM, 'initgroups');
};

const lazily = (load) => ({
  __proto__: null,
  configurable: true,
  enumerable: true,
  get: load,
});

const kNever = new Set();
let exitCode;
const {environment} = native;

const members = {
  ...stubs('process.', [
    'binding', 'cpuUsage', 'dlopen', 'execve', 'getActiveResourcesInfo', 'kill',
    'hasUncaughtExceptionCaptureCallback', 'setUncaughtExceptionCaptureCallback', '_kill',
    '_linkedBinding', 'threadCpuUsage',
  ]),
  title: 'workerd',
  argv0: 'workerd',
  config: {target_defaults: {}, variables: {}},
  ppid: 0,
  env: toEnvironment(environment()),
  allowedNodeEnvironmentFlags: kNever,
  channel: null,
  connected: false,
  debugPort: 0,
  domain: null,
  execPath: '',
  finalization: {register() {}, registerBeforeExit() {}, unregister() {}},
  moduleLoadList: [],
  permission: {has: () => true},
  report: {
    compact: false,
    directory: '',
    filename: '',
    getReport: () => ({}),
    reportOnFatalError: false,
    reportOnSignal: false,
    reportOnUncaughtException: false,
    excludeNetwork: false,
    excludeEnv: false,
    signal: 'SIGUSR2',
    writeReport: () => '',
  },
  sourceMapsEnabled: false,
  throwDeprecation: false,
  traceDeprecation: false,
  _exiting: false,
  _preload_modules: [],
  _channel: undefined,
  _disconnect: undefined,
  _handleQueue: undefined,
  _pendingMessage: undefined,
  _send: undefined,
  _events: {__proto__: null},
  _eventsCount: 0,
  _maxListeners: undefined,

  abort: () => process.reallyExit(1),
  assert: (value, message) => require('assert')(value, message),
  availableMemory: () => 0,
  chdir,
  constrainedMemory: () => 0,
  cwd: () => workingDirectory,
  emitWarning,
  exit(code) {
    if (code !== undefined) process.exitCode = code;
    if (!process._exiting) {
      process._exiting = true;
      process.emit('exit', process.exitCode || 0);
    }
    process.reallyExit(process.exitCode || 0);
  },
  getBuiltinModule,
  getSourceMapsSupport: () => ({enabled: false, nodeModules: false, generatedCode: false}),
  getegid: () => 0,
  geteuid: () => 0,
  getgid: () => 0,
  getgroups: () => [...kSupplementaryGroups],
  getuid: () => 0,
  hrtime,
  initgroups: noPermission,
  loadEnvFile(path = '.env') {
    const text = require('fs').readFileSync(path, 'utf8');
    const found = internalBinding('util').parseEnv(text);
    for (const name of Object.keys(found)) process.env[name] ??= found[name];
  },
  memoryUsage: () => ({rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0}),
  openStdin: () => process.stdin,
  // A worker is no process that could exit. The reference cancels the request, which an error that
  // nobody catches does too.
  reallyExit(code) {
    throw new Error(`The Node.js process.exit(${code}) API was called. Canceling the request.`);
  },
  ref() {},
  resourceUsage: noResources,
  send: () => false,
  setSourceMapsEnabled() {},
  setegid() {},
  seteuid() {},
  setgid() {},
  setgroups() {},
  setuid() {},
  umask: () => kUmask,
  unref() {},
  uptime: () => 0,
  _debugEnd() {},
  _debugProcess() {},
  _fatalException: () => false,
  _getActiveHandles: () => [],
  _getActiveRequests: () => [],
  _rawDebug(...values) {
    native.writeLine('error', require('util').format(...values));
  },
  _startProfilerIdleNotifier() {},
  _stopProfilerIdleNotifier() {},
  _tickCallback() {},
};
for (const name of Object.keys(members)) process[name] = members[name];

let stdin;
let stdout;
let stderr;
ObjectDefineProperties(process, {
  exitCode: {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => exitCode,
    set(value) {
      exitCode = value;
    },
  },
  stdin: lazily(() => stdin ??= require('ocapd/stdio').makeInput()),
  stdout: lazily(() => stdout ??= require('ocapd/stdio').makeOutput(1)),
  stderr: lazily(() => stderr ??= require('ocapd/stdio').makeOutput(2)),
});

module.exports = process;
