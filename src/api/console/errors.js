// Errors: the stack as the base, then what else the error carries.

// Shorter common ends of two stacks are written out.
const kSharedFramesMin = 3;
const kFrame = '\n    at';

function isError(kind, value) {
  return kind === 'Error' || isInChain(value, ErrorPrototype);
}

function stackText(error) {
  const stack = readQuietly(error, 'stack');
  return stack ? StringFrom(stack) : errorText(error);
}

function errorShape(run, error, name, tag) {
  const shape = newShape('{', '}', keysOf(run, error));
  let stack = stackText(error);
  reviseErrorKeys(run, shape.keys, error, stack);
  stack = withClassName(stack, error, name, tag);
  const message = readQuietly(error, 'message');
  const frames = framesStart(stack, message);
  if (frames === -1) {
    stack = `[${stack}]`;
  } else {
    stack = slice(stack, 0, frames + 1) + withoutSharedFrames(run, error, slice(stack, frames + 1));
  }
  if (run.indent > 0) {
    stack = joinList(splitText(stack, '\n'), `\n${repeat(' ', run.indent)}`);
  }
  shape.base = stack;
  return shape;
}

// Where the first frame's line break is; -1 without frames.
function framesStart(stack, message) {
  let from = 0;
  if (typeof message === 'string' && message !== '') {
    const at = indexOf(stack, message);
    if (at !== -1) from = at + message.length;
  }
  return indexOf(stack, kFrame, from);
}

// Drops what the stack says already, adds what is worth showing though not enumerable.
function reviseErrorKeys(run, keys, error, stack) {
  if (!run.showHidden) {
    for (let i = 0; i < 3; i++) {
      const key = ['name', 'message', 'stack'][i];
      const at = indexInList(keys, key);
      if (at === -1) continue;
      const value = readQuietly(error, key);
      if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol' &&
          includes(stack, `${value}`)) {
        spliceList(keys, at, 1);
      }
    }
  }
  if ('cause' in error && indexInList(keys, 'cause') === -1) append(keys, 'cause');
  if (isArray(readQuietly(error, 'errors')) && indexInList(keys, 'errors') === -1) {
    append(keys, 'errors');
  }
}

// "FooError" from "FooError: …" or "FooError\n    at …"; '' if the stack starts otherwise.
const kLeadingName = /^([A-Z][\w \[\]()-]*)(?=:|\n\s+at)|^[\w-]*Error$/;

// The engine writes the name the prototype had; a subclass without own name is named here.
function withClassName(stack, error, className, tag) {
  const own = readQuietly(error, 'name');
  const name = own === null || own === undefined ? 'Error' : StringFrom(own);
  const next = name.length < stack.length ? stack[name.length] : '\n';
  const isRegular = endsWith(name, 'Error') && startsWith(stack, name) &&
    (next === ':' || next === '\n');
  if (className !== null && !isRegular) return stack;
  let replaced = name;
  let label;
  if (className === null) {
    const match = execRegExp(kLeadingName, stack);
    replaced = match === null ? '' : match[0];
    label = prefixOf(null, tag, replaced || 'Error');
  } else {
    label = prefixOf(className, tag, 'Error');
  }
  label = slice(label, 0, -1);
  if (label === name) return stack;
  if (!includes(label, name)) return `${label} [${name}]${slice(stack, replaced.length)}`;
  return replaced === '' ? `${label}: ${stack}` : label + slice(stack, replaced.length);
}

// Leaves out the frames the cause's stack repeats.
function withoutSharedFrames(run, error, frames) {
  const cause = readQuietly(error, 'cause');
  if (typeof cause !== 'object' || cause === null) return frames;
  const kind = native.kindOf(cause);
  if (kind === 'Proxy' || !isError(kind, cause)) return frames;
  const causeStack = stackText(cause);
  const start = indexOf(causeStack, kFrame);
  if (start === -1) return frames;
  const lines = splitText(frames, '\n');
  const shared = findSharedFrames(lines, splitText(slice(causeStack, start + 1), '\n'));
  if (shared === undefined) return frames;
  const skipped = shared.count - 2;
  const note = `    ... ${skipped} lines matching cause stack trace ...`;
  spliceList(lines, shared.first + 1, skipped, paint(run, note, 'undefined'));
  return joinList(lines, '\n');
}

function findSharedFrames(lines, causeLines) {
  for (let first = 0; first < lines.length - kSharedFramesMin; first++) {
    const at = indexInList(causeLines, lines[first]);
    if (at === -1) continue;
    const most = min(lines.length - first, causeLines.length - at);
    let count = 1;
    while (count < most && lines[first + count] === causeLines[at + count]) count++;
    if (count > kSharedFramesMin) return { __proto__: null, first, count };
  }
  return undefined;
}
