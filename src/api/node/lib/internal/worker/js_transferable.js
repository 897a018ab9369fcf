// Structured cloning is the global's.
'use strict';

module.exports = {
  markTransferMode() {},
  setup() {},
  structuredClone: globalThis.structuredClone,
  kDeserialize: Symbol('messaging_deserialize_symbol'),
  kTransfer: Symbol('messaging_transfer_symbol'),
  kClone: Symbol('messaging_clone_symbol'),
  kTransferList: Symbol('messaging_transfer_list_symbol'),
};
