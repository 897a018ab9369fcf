// node:diagnostics_channel: Node's, with the class of its tracing channels.
'use strict';

const channels = require('diagnostics_channel');

module.exports = Object.assign(channels, {
  TracingChannel: channels.tracingChannel('ocapd.none').constructor,
});
