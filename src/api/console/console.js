  const kLevels = ['debug', 'info', 'log', 'warn', 'error'];
  const {defineProperty} = Object;
  const {apply} = Reflect;

  const {stringify} = JSON;
  const {toString: tagOf} = Object.prototype;
  const {getPrototypeOf} = Object;
  const {isArray} = Array;
  const NativeError = Error;
  const {toString: errorText} = Error.prototype;
  const {toString: functionText} = Function.prototype;
  const ObjectPrototype = Object.prototype;

  /** JSON of one argument for tail workers; what JSON has no form for, as the reference shows it. */
  function traceValue(value) {
    try {
      switch (typeof value) {
        case 'bigint': return stringify(`${value}`);
        case 'function': return stringify(apply(functionText, value, []));
        case 'symbol': return '{}';
        case 'object': {
          if (value === null || isArray(value)) return stringify(value);
          if (value instanceof NativeError) return stringify(apply(errorText, value, []));
          const prototype = getPrototypeOf(value);
          if (prototype === null || prototype === ObjectPrototype) return stringify(value) ?? 'null';
          if (typeof value.toJSON === 'function') return stringify(value) ?? 'null';
          return stringify(apply(tagOf, value, []));
        }
        default: return stringify(value) ?? 'null';
      }
    } catch {
      return 'null';
    }
  }

  function traceText(args) {
    let text = '[';
    for (let i = 0; i < args.length; ++i) text += (i > 0 ? ',' : '') + traceValue(args[i]);
    return text + ']';
  }

  // Gives the console that V8 made its printing methods; the others print nothing and are for the
  // inspector.
  for (let i = 0; i < kLevels.length; ++i) {
    const level = kLevels[i];
    const write = native[level];
    const inform = console[level];  // V8's own: for debuggers
    // A method of an object literal, so that it has the name and cannot be constructed.
    const {[level]: method} = {
      [level](...args) {
        apply(inform, console, args);
        if (native.isTraced()) native.trace(i, traceText(args));
        write(format(args, {colors: native.colors()}));
      },
    };
    defineProperty(console, level, {
      __proto__: null,
      value: method,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
