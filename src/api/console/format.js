// format: console arguments to one text, directives in the first one replaced.

/**
 * @param {unknown[]} args     what console.log() was called with
 * @param {{colors: boolean}} [options]  any of inspect's
 * @returns {string}
 */
function format(args, options) {
  try {
    const work = { __proto__: null, spent: 0 };
    const first = args.length > 0 ? args[0] : '';
    const isTemplate = typeof first === 'string';
    if (args.length === 1 && isTemplate) return first;
    const used = { __proto__: null, count: isTemplate ? 1 : 0 };
    let text = isTemplate ? fillTemplate(first, args, used, options, work) : '';
    for (let i = used.count; i < args.length; i++) {
      if (i > 0) text += ' ';
      text += typeof args[i] === 'string' ? args[i] : inspectWithin(args[i], options, work);
    }
    return text;
  } catch {
    // The whole would be longer than a string can be, or the stack is used up.
    return kThrewMark;
  }
}

// Replaces directives for as long as there are arguments; counts those it used.
function fillTemplate(template, args, used, options, work) {
  if (args.length === 1) return template;
  let text = '';
  let copied = 0;
  let at = indexOf(template, '%');
  while (at !== -1 && at + 1 < template.length) {
    const letter = template[at + 1];
    let replacement;
    if (letter === '%') {
      replacement = '%';
    } else if (used.count < args.length && isDirective(letter)) {
      replacement = convert(letter, args[used.count++], options, work);
    }
    if (replacement !== undefined) {
      text += slice(template, copied, at) + replacement;
      copied = at + 2;
      at = indexOf(template, '%', at + 2);
    } else {
      at = indexOf(template, '%', at + 1);
    }
  }
  return text + slice(template, copied);
}

function isDirective(letter) {
  switch (letter) {
    case 's': case 'd': case 'i': case 'f': case 'j': case 'o': case 'O': case 'c': return true;
  }
  return false;
}

function convert(letter, value, options, work) {
  try {
    switch (letter) {
      case 's': return asString(value, options, work);
      case 'd': return asNumber(value, NumberFrom);
      case 'i': return asNumber(value, toInt);
      case 'f': return isWithoutNumber(value) ? 'NaN' : numberAsText(toFloat(value));
      case 'j': return asJson(value);
      case 'o': return inspectWhole(value, options, work);
      case 'O': return inspectWithin(value, options, work);
    }
    return '';  // %c: style sheets mean nothing here
  } catch {
    return kThrewMark;
  }
}

function inspectFlat(value, options, work) {
  return inspectWithin(value, { __proto__: null, ...options, depth: 0, colors: false }, work);
}

function inspectWhole(value, options, work) {
  return inspectWithin(value, { __proto__: null, ...options, depth: 4, showHidden: true }, work);
}

function asString(value, options, work) {
  switch (typeof value) {
    case 'number': return numberAsText(value);
    case 'bigint': return `${value}n`;
    case 'function': {
      const isPlain = native.kindOf(value) !== 'Api';
      return isPlain ? StringFrom(value) : inspectFlat(value, options, work);
    }
    case 'object':
      if (value !== null && hasLanguageText(value)) return inspectFlat(value, options, work);
  }
  return StringFrom(value);
}

// Whether String(value) would only give what the language gives for all such objects.
function hasLanguageText(value) {
  let object = value;
  let kind = native.kindOf(object);
  for (let i = 0; kind === 'Proxy'; i++) {
    object = native.getProxyDetails(object)[0];
    if (object === null || i === kProxiesMax) return true;
    kind = native.kindOf(object);
  }
  const isApi = kind === 'Api';
  if (typeof object[kToPrimitive] === 'function' && kind !== 'Date' && kind !== 'Symbol') {
    return false;
  }
  // An RPC stub would call its other end.
  if (!isApi) {
    if (typeof object.toString !== 'function') return true;
    if (hasOwn(object, 'toString')) return false;
  }
  return findsLanguageText(object);
}

// Whether the nearest prototype with a toString belongs to a class of the language.
function findsLanguageText(object) {
  let holder = getPrototypeOf(object);
  for (let hops = 0; holder !== null && hops < kPrototypeHopsMax; hops++) {
    if (hasOwn(holder, 'toString')) {
      const owner = findDescriptor(holder, 'constructor');
      return owner !== undefined && typeof owner.value === 'function' &&
        kLanguageClasses[owner.value.name] === true;
    }
    holder = getPrototypeOf(holder);
  }
  return true;
}

function asNumber(value, from) {
  if (typeof value === 'bigint') return `${value}n`;
  return isWithoutNumber(value) ? 'NaN' : numberAsText(from(value));
}

function isWithoutNumber(value) {
  if (typeof value === 'symbol') return true;
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject && native.kindOf(value) === 'Api';
}

function asJson(value) {
  try {
    const text = stringify(value);
    return text === undefined ? 'undefined' : text;
  } catch (error) {
    const isObject = typeof error === 'object' && error !== null;
    const message = isObject ? readQuietly(error, 'message') : '';
    const isCircular = typeof message === 'string' &&
      startsWith(message, 'Converting circular structure to JSON');
    return isCircular ? '[Circular]' : kThrewMark;
  }
}
