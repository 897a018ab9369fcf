// API objects: instances of native classes, shown by what their getters say.

function describeApi(value) {
  const description = native.describeApi(value);
  return {
    __proto__: null,
    name: description[0],
    entries: description[1],
    internals: description[2],
  };
}

/**
 * Classes that are maps to their users show entries, the others the enumerable accessors of their
 * prototypes: those of the most derived class first, each class's in the order it defines them.
 * Own properties follow, internals last. Nothing else of the object is read: on RPC stubs every
 * name leads somewhere.
 */
function apiShape(run, value, description, name, tag) {
  const { entries } = description;
  const size = entries === undefined ? undefined : entries.length / 2;
  const prefix = prefixOf(name, tag, description.name, size);
  if (isBareApi(run, value, description)) return finishedShape(`${prefix}{}`);
  const shape = newShape(`${prefix}{`, '}', undefined);
  shape.fill = (filling, object, level, out) => {
    fillApi(filling, object, description, level, out);
  };
  return shape;
}

function isBareApi(run, value, description) {
  const { entries, internals } = description;
  if (internals !== undefined && internals.length > 0) return false;
  if (entries !== undefined && entries.length > 0) return false;
  if (keysOf(run, value).length > 0) return false;
  return entries !== undefined || findGetters(value).length === 0;
}

function fillApi(run, value, description, level, out) {
  const { entries, internals } = description;
  const keys = keysOf(run, value);
  if (entries !== undefined) fillApiEntries(run, entries, level, out);
  else fillGetters(run, value, level, out, keys);
  for (let i = 0; i < keys.length; i++) append(out, writeProperty(run, value, keys[i], level));
  for (let i = 0; internals !== undefined && i + 1 < internals.length; i += 2) {
    appendNamed(run, out, `[${internals[i]}]`, internals[i + 1], level);
  }
}

function fillApiEntries(run, entries, level, out) {
  const size = entries.length / 2;
  const shown = shownCount(run, size);
  run.indent += 2;
  for (let i = 0; i < shown; i++) {
    append(out, writePair(run, entries[2 * i], entries[2 * i + 1], level));
  }
  if (size > shown) append(out, moreItems(size - shown));
  run.indent -= 2;
}

// Key and getter of each accessor, a derived class's hiding its parents' of the same name.
function findGetters(value) {
  const found = newList();
  const seen = { __proto__: null };
  let holder = getPrototypeOf(value);
  for (let hops = 0; hops < kPrototypeHopsMax; hops++) {
    if (holder === null || holder === ObjectPrototype) break;
    const keys = getOwnPropertyNames(holder);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i];
      if (seen[key] === true) continue;
      seen[key] = true;
      const descriptor = findDescriptor(holder, key);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      if (typeof descriptor.get !== 'function') continue;
      append(found, { __proto__: null, key, get: descriptor.get });
    }
    holder = getPrototypeOf(holder);
  }
  return found;
}

function fillGetters(run, value, level, out, ownKeysShown) {
  const getters = findGetters(value);
  for (let i = 0; i < getters.length; i++) {
    const { key, get } = getters[i];
    if (indexInList(ownKeysShown, key) !== -1) continue;
    const label = writeKey(run, key, true);
    let result;
    try {
      result = apply(get, value, []);
    } catch {
      append(out, `${label}: ${paint(run, kThrewMark, 'special')}`);
      continue;
    }
    appendNamed(run, out, label, result, level);
  }
}
