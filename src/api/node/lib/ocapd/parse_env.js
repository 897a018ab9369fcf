// The language of .env files.
//
// See https://nodejs.org/api/environment_variables.html#dotenv
'use strict';

const {
  RegExpPrototypeExec,
  StringPrototypeReplaceAll,
  StringPrototypeTrim,
} = primordials;

const kLine = new RegExp(
    '^[ \\t]*(?:export[ \\t]+)?([\\w.-]+)[ \\t]*=[ \\t]*' +
    '(?:\'([^\']*)\'|"((?:[^"\\\\]|\\\\[^])*)"|`([^`]*)`|([^\\n#]*))', 'gm');

/** @param {string} text @returns {{[name: string]: string}} */
function parseEnv(text) {
  const result = {};
  const source = StringPrototypeReplaceAll(`${text}`, '\r\n', '\n');
  kLine.lastIndex = 0;
  for (let match; (match = RegExpPrototypeExec(kLine, source)) !== null;) {
    const [, name, single, double, backquoted, bare] = match;
    result[name] = single ?? backquoted ??
      (double === undefined ? StringPrototypeTrim(bare) :
        StringPrototypeReplaceAll(double, '\\n', '\n'));
  }
  return result;
}

module.exports = {parseEnv};
