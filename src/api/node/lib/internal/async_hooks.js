// Hooks of asynchronous calls do not exist here; their symbols are asked for.
'use strict';

const {Symbol} = primordials;

module.exports = {
  symbols: {
    async_id_symbol: Symbol('async_id'),
    trigger_async_id_symbol: Symbol('trigger_async_id'),
    owner_symbol: Symbol('owner'),
  },
  defaultTriggerAsyncIdScope: (id, callback, ...all) => callback(...all),
  enabledHooksExist: () => false,
};
