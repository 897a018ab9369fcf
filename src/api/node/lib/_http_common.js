// node:_http_common: what HTTP allows in names and values.
//
// See https://www.rfc-editor.org/rfc/rfc9110#name-field-syntax
'use strict';

const {RegExpPrototypeExec, Symbol} = primordials;
const {METHODS: methods} = require('ocapd/data/http');

const kToken = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const kForbiddenInValue = /[^\t\x20-\x7e\x80-\xff]/;

module.exports = {
  CRLF: '\r\n',
  _checkInvalidHeaderChar: (value) => RegExpPrototypeExec(kForbiddenInValue, value) !== null,
  _checkIsHttpToken: (value) => RegExpPrototypeExec(kToken, value) !== null,
  chunkExpression: /(?:^|\W)chunked(?:$|\W)/i,
  continueExpression: /(?:^|\W)100-continue(?:$|\W)/i,
  kIncomingMessage: Symbol('IncomingMessage'),
  methods,
  parsers: {},
};
