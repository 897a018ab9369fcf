// A file system in the isolate's memory: /bundle, /tmp and /dev. Only /tmp can be written to, up to
// kBytesMax. Each operation throws a Failure, which fs_binding.js turns into Node's error.
//
// See https://nodejs.org/api/fs.html and POSIX for what the operations do.
'use strict';

const {
  ArrayPrototypePop,
  ArrayPrototypePush,
  Date,
  MathMax,
  MathMin,
  SafeMap,
  StringPrototypeEndsWith,
  StringPrototypeSplit,
  StringPrototypeStartsWith,
  Uint8Array,
} = primordials;
const {constants: {fs: constants}} = require('ocapd/node_data');

const kBytesMax = 64 * 1024 * 1024;
const kLinksMax = 40;
const kUmask = 0o22;
const {O_ACCMODE = 3, O_APPEND, O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_TRUNC,
  O_WRONLY, S_IFCHR, S_IFDIR, S_IFLNK, S_IFREG} = constants;

class Failure {
  constructor(code) {
    this.code = code;
  }
}
const fail = (code) => {
  throw new Failure(code);
};

let lastNumber = 0;
let bytesUsed = 0;

class Node {
  number = ++lastNumber;
  links = 1;
  accessed = 0;
  changed = 0;
  modified = 0;
  born = 0;

  constructor(type, permissions) {
    this.type = type;
    this.permissions = permissions;
    this.isWritable = false;
  }

  touch() {
    this.modified = this.changed = Date.now();
  }
}

class Directory extends Node {
  entries = new SafeMap();

  constructor(permissions = 0o555) {
    super(S_IFDIR, permissions);
  }
  get size() {
    return 0;
  }
}

class File extends Node {
  #bytes = new Uint8Array(0);
  size = 0;

  constructor(permissions = 0o666) {
    super(S_IFREG, permissions);
  }

  resize(size) {
    if (size > this.#bytes.length) {
      const capacity = MathMax(size, this.#bytes.length * 2);
      if (bytesUsed + capacity - this.#bytes.length > kBytesMax) fail('ENOSPC');
      bytesUsed += capacity - this.#bytes.length;
      const grown = new Uint8Array(capacity);
      grown.set(this.#bytes.subarray(0, this.size));
      this.#bytes = grown;
    } else {
      this.#bytes.fill(0, size, this.size);
    }
    this.size = size;
    this.touch();
  }

  free() {
    bytesUsed -= this.#bytes.length;
    this.#bytes = new Uint8Array(0);
    this.size = 0;
  }

  read(target, position) {
    const count = MathMax(0, MathMin(target.length, this.size - position));
    target.set(this.#bytes.subarray(position, position + count));
    return count;
  }

  write(source, position) {
    if (position + source.length > this.size) this.resize(position + source.length);
    this.#bytes.set(source, position);
    this.touch();
    return source.length;
  }
}

class Link extends Node {
  constructor(target) {
    super(S_IFLNK, 0o777);
    this.target = target;
  }
  get size() {
    return this.target.length;
  }
}

class Device extends Node {
  size = 0;

  constructor(read, write) {
    super(S_IFCHR, 0o666);
    this.read = read;
    this.write = write;
  }
  resize() {}
}

const root = new Directory();
const temporary = new Directory(0o777);
temporary.isWritable = true;
const devices = new Directory();
const bundle = new Directory();
root.entries.set('bundle', bundle);
root.entries.set('tmp', temporary);
root.entries.set('dev', devices);
const zeros = (target) => {
  target.fill(0);
  return target.length;
};
const discard = (source) => source.length;
devices.entries.set('null', new Device(() => 0, discard));
devices.entries.set('zero', new Device(zeros, discard));
devices.entries.set('full', new Device(zeros, () => fail('ENOSPC')));
devices.entries.set('random', new Device((target) => {
  require('crypto').randomFillSync(target);
  return target.length;
}, discard));

/** @param {string} path */
function split(path) {
  if (path === '') fail('ENOENT');
  const absolute = StringPrototypeStartsWith(path, '/') ? path : `${process.cwd()}/${path}`;
  return StringPrototypeSplit(absolute, '/').filter((part) => part !== '' && part !== '.');
}

/**
 * Walks a path. `parent` and `name` are those of the last step, `node` what lies there, if anything.
 *
 * @param {string} path @param {{follow?: boolean}} options
 */
function walk(path, {follow = true} = {}) {
  let rest = split(path);
  const trail = [['', root]];
  let links = 0;
  let name = '';
  let node = root;
  while (rest.length > 0) {
    name = rest[0];
    rest = rest.slice(1);
    if (node.type !== S_IFDIR) fail('ENOTDIR');
    if (name === '..') {
      if (trail.length > 1) ArrayPrototypePop(trail);
      [name, node] = trail[trail.length - 1];
      continue;
    }
    const next = node.entries.get(name);
    if (next === undefined) {
      if (rest.length > 0) fail('ENOENT');
      return {parent: node, name, node: undefined, trail};
    }
    if (next.type === S_IFLNK && (follow || rest.length > 0)) {
      if (++links > kLinksMax) fail('ELOOP');
      const target = split(StringPrototypeStartsWith(next.target, '/') ? next.target :
        `/${trail.slice(1).map((step) => step[0]).join('/')}/${next.target}`);
      rest = [...target, ...rest];
      trail.length = 1;
      node = root;
      continue;
    }
    ArrayPrototypePush(trail, [name, next]);
    node = next;
  }
  if (StringPrototypeEndsWith(path, '/') && node.type !== S_IFDIR) fail('ENOTDIR');
  const parent = trail.length > 1 ? trail[trail.length - 2][1] : root;
  return {parent, name, node, trail};
}

/** @param {string} path @param {{follow?: boolean}} [options] */
function get(path, options) {
  return walk(path, options).node ?? fail('ENOENT');
}

/** Puts a node where there is none. */
function add({parent, name}, node) {
  if (!parent.isWritable) fail('EPERM');
  node.isWritable = true;
  node.born = node.accessed = Date.now();
  node.touch();
  parent.entries.set(name, node);
  parent.touch();
  return node;
}

/** Takes a node away. */
function drop({parent, name, node}) {
  if (!parent.isWritable) fail('EPERM');
  parent.entries.delete(name);
  parent.touch();
  if (--node.links === 0 && node instanceof File && node.handles === undefined) node.free();
}

/** @param {string} path @param {number} flags @param {number} mode */
function open(path, flags, mode) {
  const place = walk(path, {follow: (flags & O_NOFOLLOW) === 0});
  let {node} = place;
  const writes = (flags & O_ACCMODE) !== O_RDONLY;
  if (node === undefined) {
    if ((flags & O_CREAT) === 0) fail('ENOENT');
    node = add(place, new File(mode & ~kUmask));
  } else {
    if ((flags & O_CREAT) !== 0 && (flags & O_EXCL) !== 0) fail('EEXIST');
    if (node.type === S_IFLNK) fail('ELOOP');
    if (node.type === S_IFDIR && writes) fail('EISDIR');
    if (node.type !== S_IFDIR && (flags & O_DIRECTORY) !== 0) fail('ENOTDIR');
    if (writes && node.type === S_IFREG && !node.isWritable) fail('EPERM');
    if (writes && (flags & O_TRUNC) !== 0) node.resize(0);
  }
  return {
    node,
    position: 0,
    reads: (flags & O_ACCMODE) !== O_WRONLY,
    writes,
    appends: (flags & O_APPEND) !== 0,
  };
}

function read(handle, target, position) {
  if (!handle.reads) fail('EBADF');
  if (handle.node.type === S_IFDIR) fail('EISDIR');
  const from = position < 0 ? handle.position : position;
  const count = handle.node.read(target, from);
  if (position < 0) handle.position += count;
  return count;
}

function write(handle, source, position) {
  if (!handle.writes) fail('EBADF');
  const at = handle.appends ? handle.node.size : position < 0 ? handle.position : position;
  const count = handle.node.write(source, at);
  if (position < 0) handle.position = at + count;
  return count;
}

function mkdir(path, mode) {
  const place = walk(path);
  if (place.node !== undefined) fail('EEXIST');
  add(place, new Directory(mode & ~kUmask));
}

function unlink(path) {
  const place = walk(path, {follow: false});
  if (place.node === undefined) fail('ENOENT');
  if (place.node.type === S_IFDIR) fail('EISDIR');
  drop(place);
}

function rmdir(path) {
  const place = walk(path, {follow: false});
  if (place.node === undefined) fail('ENOENT');
  if (place.node.type !== S_IFDIR) fail('ENOTDIR');
  if (place.node.entries.size > 0) fail('ENOTEMPTY');
  if (place.node === temporary) fail('EPERM');
  drop(place);
}

function rename(from, to) {
  const source = walk(from, {follow: false});
  const target = walk(to, {follow: false});
  if (source.node === undefined) fail('ENOENT');
  if (source.node === target.node) return;
  if (!source.parent.isWritable || !target.parent.isWritable) fail('EPERM');
  if (target.trail.some((step) => step[1] === source.node)) fail('EINVAL');
  if (target.node !== undefined) {
    if (target.node.type === S_IFDIR) {
      if (source.node.type !== S_IFDIR) fail('EISDIR');
      if (target.node.entries.size > 0) fail('ENOTEMPTY');
    } else if (source.node.type === S_IFDIR) {
      fail('ENOTDIR');
    }
    drop(target);
  }
  source.parent.entries.delete(source.name);
  target.parent.entries.set(target.name, source.node);
  source.parent.touch();
  target.parent.touch();
}

function link(from, to) {
  const node = get(from, {follow: false});
  const target = walk(to, {follow: false});
  if (target.node !== undefined) fail('EEXIST');
  if (node.type === S_IFDIR) fail('EPERM');
  if (!target.parent.isWritable || !node.isWritable) fail('EPERM');
  target.parent.entries.set(target.name, node);
  ++node.links;
}

function symlink(target, path) {
  const place = walk(path, {follow: false});
  if (place.node !== undefined) fail('EEXIST');
  add(place, new Link(target));
}

function realpath(path) {
  const {node, trail} = walk(path);
  if (node === undefined) fail('ENOENT');
  return `/${trail.slice(1).map((step) => step[0]).join('/')}`;
}

/** Adds a file of the worker's bundle. */
function addBundled(path, bytes) {
  let directory = bundle;
  const parts = StringPrototypeSplit(path, '/');
  const name = ArrayPrototypePop(parts);
  for (const part of parts) {
    if (!directory.entries.has(part)) directory.entries.set(part, new Directory());
    directory = directory.entries.get(part);
  }
  const file = new File(0o444);
  file.write(bytes, 0);
  directory.entries.set(name, file);
}

module.exports = {
  Failure, addBundled, fail, get, link, mkdir, open, read, realpath, rename, rmdir, symlink,
  unlink, walk, write,
};
