// Gives the console that V8 made its printing methods. The formatter keeps to what console.log of
// Node prints.
(native) => {
  const show = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return String(value.stack);
    if (typeof value === 'object' && value !== null) {
      try {
        return JSON.stringify(value);
      } catch {
        return Object.prototype.toString.call(value);
      }
    }
    return String(value);
  };
  for (const level of ['debug', 'info', 'log', 'warn', 'error']) {
    const write = native[level];
    const method = {
      [level](...args) {
        write(args.map(show).join(' '));
      },
    }[level];
    Object.defineProperty(console, level, {value: method, writable: true, enumerable: true, configurable: true});
  }
  return console;
}
