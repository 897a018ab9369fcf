// What URLPattern does with regular expressions, out of reach of user code.
() => {
  'use strict';
  const NativeRegExp = RegExp;
  const exec = Function.prototype.call.bind(RegExp.prototype.exec);
  return {
    __proto__: null,
    /** @param {string} pattern @param {string} flags */
    make: (pattern, flags) => new NativeRegExp(pattern, flags),
    /** @param {RegExp} regexp @param {string} input */
    search: (regexp, input) => exec(regexp, input),
  };
}
