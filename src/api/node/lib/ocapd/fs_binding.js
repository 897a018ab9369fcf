// internalBinding('fs'): what Node's fs files expect, on memory_fs.js. An operation's request says
// whether it answers by a callback or a promise; without one it answers at once.
'use strict';

const {
  ArrayPrototypeMap,
  BigInt,
  BigInt64Array,
  Float64Array,
  MapPrototypeForEach,
  MathFloor,
  PromiseReject,
  PromiseResolve,
  SafeMap,
  Symbol,
} = primordials;
const {UVException} = require('internal/errors');
const memory = require('ocapd/memory_fs');
const {constants: {fs: {S_IFCHR, S_IFDIR, S_IFLNK, UV_DIRENT_CHAR, UV_DIRENT_DIR, UV_DIRENT_FILE,
  UV_DIRENT_LINK, COPYFILE_EXCL, O_CREAT, O_EXCL, O_RDONLY, O_TRUNC, O_WRONLY}}} =
    require('ocapd/node_data');

const kStatFields = 18;
const kFirstFd = 3;
const kUsePromises = Symbol('fs_use_promises_symbol');

class FSReqCallback {
  constructor(bigint) {
    this.bigint = bigint;
  }
}

const handles = new SafeMap();
let lastFd = kFirstFd - 1;
const handleOf = (fd) => handles.get(fd) ?? memory.fail('EBADF');

function store(handle) {
  handles.set(++lastFd, handle);
  return lastFd;
}

function toStats(node, bigint) {
  const values = [
    0, node.type | node.permissions, node.links, 0, 0, 0, 4096, node.number, node.size,
    MathFloor((node.size + 511) / 512),
  ];
  for (const time of [node.accessed, node.modified, node.changed, node.born]) {
    values.push(MathFloor(time / 1000), MathFloor(time % 1000) * 1e6);
  }
  const Type = bigint ? BigInt64Array : Float64Array;
  const stats = new Type(kStatFields);
  for (let i = 0; i < kStatFields; ++i) stats[i] = bigint ? BigInt(values[i]) : values[i];
  return stats;
}

function typeOf(node) {
  switch (node.type) {
    case S_IFDIR: return UV_DIRENT_DIR;
    case S_IFLNK: return UV_DIRENT_LINK;
    case S_IFCHR: return UV_DIRENT_CHAR;
  }
  return UV_DIRENT_FILE;
}

const text = (path) => typeof path === 'string' ? path : require('buffer').Buffer.from(path)
    .toString();
const encoded = (name, encoding) => encoding === 'buffer' ?
  require('buffer').Buffer.from(name) : name;
const viewOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const seconds = (value) => Number(value) * 1000;

function readdir(path, encoding, withTypes) {
  const node = memory.get(path);
  if (node.type !== S_IFDIR) memory.fail('ENOTDIR');
  const names = [];
  const types = [];
  MapPrototypeForEach(node.entries, (entry, name) => {
    names.push(encoded(name, encoding));
    types.push(typeOf(entry));
  });
  return withTypes ? [names, types] : names;
}

function mkdir(path, mode, recursive) {
  if (!recursive) return memory.mkdir(path, mode);
  let first;
  let at = path[0] === '/' ? '' : process.cwd();
  for (const part of path.split('/')) {
    if (part === '') continue;
    at += `/${part}`;
    const {node} = memory.walk(at);
    if (node !== undefined) {
      if (node.type !== S_IFDIR) memory.fail(at === path ? 'EEXIST' : 'ENOTDIR');
      continue;
    }
    memory.mkdir(at, mode);
    first ??= at;
  }
  return first;
}

function mkdtemp(prefix, encoding) {
  for (;;) {
    const path = prefix + require('crypto').randomBytes(3).toString('hex');
    if (memory.walk(path).node !== undefined) continue;
    memory.mkdir(path, 0o700);
    return encoded(path, encoding);
  }
}

function rm(path, recursive) {
  const node = memory.get(path, {follow: false});
  if (node.type !== S_IFDIR) return memory.unlink(path);
  if (recursive) for (const name of [...node.entries.keys()]) rm(`${path}/${name}`, true);
  memory.rmdir(path);
}

function readAll(handle) {
  if (handle.node.type === S_IFDIR) memory.fail('EISDIR');
  const bytes = new Uint8Array(Math.max(0, handle.node.size - handle.position));
  memory.read(handle, bytes, -1);
  return bytes;
}

function writeText(fd, value, position, encoding) {
  const bytes = require('buffer').Buffer.from(value, encoding ?? 'utf8');
  return memory.write(handleOf(fd), bytes, position ?? -1);
}

function copyFile(from, to, mode) {
  const source = memory.open(from, O_RDONLY, 0);
  const excludes = (mode & COPYFILE_EXCL) !== 0 ? O_EXCL : 0;
  const bytes = readAll(source);
  const target = memory.open(to, O_WRONLY | O_CREAT | O_TRUNC | excludes,
      source.node.permissions);
  memory.write(target, bytes, -1);
}

function setTimes(node, accessed, modified) {
  if (!node.isWritable) memory.fail('EPERM');
  node.accessed = seconds(accessed);
  node.modified = seconds(modified);
}

const part = (buffer, offset, length) => viewOf(buffer).subarray(offset, offset + length);
const position = (value) => value === null || value === undefined ? -1 : Number(value);

/**
 * [how many arguments come before the request, what it does]; the paths among the arguments are
 * for errors: `paths` of them, from the first on.
 */
const operations = {
  access: [2, (path) => void memory.get(path), 1],
  chmod: [2, (path, mode) => void (memory.get(path).permissions = mode & 0o7777), 1],
  chown: [3, (path) => void memory.get(path), 1],
  close: [1, (fd) => {
    handleOf(fd);
    handles.delete(fd);
  }],
  copyFile: [3, copyFile, 2, 'copyfile'],
  fchmod: [2, (fd, mode) => void (handleOf(fd).node.permissions = mode & 0o7777)],
  fchown: [3, (fd) => void handleOf(fd)],
  fdatasync: [1, (fd) => void handleOf(fd)],
  fstat: [2, (fd, bigint) => toStats(handleOf(fd).node, bigint)],
  fsync: [1, (fd) => void handleOf(fd)],
  ftruncate: [2, (fd, size) => {
    if (!handleOf(fd).writes) memory.fail('EINVAL');
    handleOf(fd).node.resize(size ?? 0);
  }],
  futimes: [3, (fd, accessed, modified) => setTimes(handleOf(fd).node, accessed, modified)],
  lchown: [3, (path) => void memory.get(path, {follow: false}), 1],
  link: [2, memory.link, 2],
  lstat: [2, (path, bigint) => toStats(memory.get(path, {follow: false}), bigint), 1],
  lutimes: [3, (path, accessed, modified) =>
    setTimes(memory.get(path, {follow: false}), accessed, modified), 1],
  mkdir: [3, mkdir, 1],
  mkdtemp: [2, mkdtemp, 1],
  open: [3, (path, flags, mode) => store(memory.open(path, flags, mode)), 1],
  openFileHandle: [3, (path, flags, mode) =>
    new FileHandle(store(memory.open(path, flags, mode))), 1, 'open'],
  read: [5, (fd, buffer, offset, length, at) =>
    memory.read(handleOf(fd), part(buffer, offset, length), position(at))],
  readBuffers: [3, (fd, buffers, at) => {
    let total = 0;
    for (const buffer of buffers) {
      const count = memory.read(handleOf(fd), viewOf(buffer), at === null ? -1 : at + total);
      total += count;
      if (count < buffer.byteLength) break;
    }
    return total;
  }],
  readdir: [3, readdir, 1, 'scandir'],
  readFileUtf8: [2, (path, flags) => {
    const handle = typeof path === 'number' ? handleOf(path) : memory.open(path, flags, 0o666);
    return require('buffer').Buffer.from(readAll(handle).buffer).toString();
  }, 1, 'open'],
  readlink: [2, (path, encoding) => {
    const node = memory.get(path, {follow: false});
    return node.type === S_IFLNK ? encoded(node.target, encoding) : memory.fail('EINVAL');
  }, 1],
  realpath: [2, (path, encoding) => encoded(memory.realpath(path), encoding), 1],
  rename: [2, memory.rename, 2],
  rmdir: [1, memory.rmdir, 1],
  stat: [2, (path, bigint) => toStats(memory.get(path), bigint), 1],
  statfs: [2, (path, bigint) => {
    memory.get(path);
    return bigint ? new BigInt64Array(7) : new Float64Array(7);
  }, 1],
  symlink: [3, memory.symlink, 2],
  unlink: [1, memory.unlink, 1],
  utimes: [3, (path, accessed, modified) => setTimes(memory.get(path), accessed, modified), 1],
  writeBuffer: [5, (fd, buffer, offset, length, at) =>
    memory.write(handleOf(fd), part(buffer, offset, length), position(at)), 0, 'write'],
  writeBuffers: [3, (fd, buffers, at) => {
    let total = 0;
    for (const buffer of buffers) {
      total += memory.write(handleOf(fd), viewOf(buffer), at === null ? -1 : at + total);
    }
    return total;
  }, 0, 'write'],
  writeString: [4, writeText, 0, 'write'],
  writeFileUtf8: [4, (path, data, flags, mode) => {
    const handle = typeof path === 'number' ? handleOf(path) : memory.open(path, flags, mode);
    memory.write(handle, require('buffer').Buffer.from(data), -1);
  }, 1, 'open'],
};

function toError(error, name, paths, values) {
  if (!(error instanceof memory.Failure)) return error;
  const errno = internalBinding('uv')[`UV_${error.code}`];
  const [path, dest] = ArrayPrototypeMap(values.slice(0, paths), text);
  return new UVException({errno, syscall: name, path, dest});
}

/** Whether an error is one that the caller does not want thrown: `throwIfNoEntry` false. */
const isMissing = (error) =>
  error instanceof memory.Failure && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

const binding = {
  FSReqCallback,
  kFsStatsFieldsNumber: kStatFields,
  kUsePromises,
  statValues: new Float64Array(2 * kStatFields),
  bigintStatValues: new BigInt64Array(2 * kStatFields),
  existsSync(path) {
    try {
      return memory.walk(text(path)).node !== undefined;
    } catch {
      return false;
    }
  },
  internalModuleStat(...values) {
    const path = typeof values[0] === 'string' ? values[0] : values[1];
    try {
      const {node} = memory.walk(path);
      return node === undefined ? -2 : node.type === S_IFDIR ? 1 : 0;
    } catch {
      return -2;
    }
  },
  getFormatOfExtensionlessFile: () => 0,
  rmSync(path, retries, recursive) {
    try {
      rm(text(path), recursive);
    } catch (error) {
      throw toError(error, 'rm', 1, [path]);
    }
  },
};
for (const name of Object.keys(operations)) {
  const [arity, run, paths = 0, shown = name] = operations[name];
  binding[name] = (...values) => {
    const request = values[arity];
    const given = values.slice(0, arity);
    for (let i = 0; i < paths; ++i) if (typeof given[i] !== 'number') given[i] = text(given[i]);
    let error;
    let result;
    try {
      result = run(...given);
    } catch (thrown) {
      if (values[arity + 1] === false && isMissing(thrown) && request === undefined) return;
      error = toError(thrown, shown, paths, given);
    }
    if (request === kUsePromises) {
      return error === undefined ? PromiseResolve(result) : PromiseReject(error);
    }
    if (request === undefined) {
      if (error !== undefined) throw error;
      return result;
    }
    process.nextTick(() => {
      if (error !== undefined) request.oncomplete(error);
      else request.oncomplete(null, result);
    });
  };
}

/** What Node's FileHandle holds. */
class FileHandle {
  constructor(fd) {
    this.fd = fd;
  }

  getAsyncId() {
    return 0;
  }

  close() {
    return binding.close(this.fd, kUsePromises);
  }

  releaseFD() {
    return this.fd;
  }
}
binding.FileHandle = FileHandle;

/** internalBinding('fs_dir'): a directory's entries, given all at once. */
function opendir(path, encoding, request) {
  const handle = (result) => {
    let rest = result;
    const next = () => {
      const [names, types] = rest ?? [[], []];
      rest = null;
      if (names.length === 0) return null;
      return names.flatMap((name, i) => [name, types[i]]);
    };
    return {
      read(readEncoding, size, readRequest) {
        const entries = next();
        if (readRequest === undefined) return entries;
        process.nextTick(() => readRequest.oncomplete(null, entries));
      },
      close(closeRequest) {
        if (closeRequest !== undefined) process.nextTick(() => closeRequest.oncomplete(null));
      },
    };
  };
  let opened;
  try {
    opened = handle(readdir(text(path), encoding, true));
  } catch (thrown) {
    const error = toError(thrown, 'opendir', 1, [path]);
    if (request === undefined) throw error;
    process.nextTick(() => request.oncomplete(error));
    return;
  }
  if (request === undefined) return opened;
  process.nextTick(() => request.oncomplete(null, opened));
}

module.exports = {
  directories: {opendir, opendirSync: (path) => opendir(path, 'utf8')},
  files: binding,
};
