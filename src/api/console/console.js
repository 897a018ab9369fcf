  const kLevels = ['debug', 'info', 'log', 'warn', 'error'];
  const {defineProperty} = Object;
  const {apply} = Reflect;

  // Gives the console that V8 made its printing methods; the others print nothing and are for the
  // inspector.
  for (const level of kLevels) {
    const write = native[level];
    const inform = console[level];  // V8's own: for debuggers
    // A method of an object literal, so that it has the name and cannot be constructed.
    const {[level]: method} = {
      [level](...args) {
        apply(inform, console, args);
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
