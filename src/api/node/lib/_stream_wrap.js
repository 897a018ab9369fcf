// node:_stream_wrap, an old name of something that was never public.
'use strict';

module.exports = require('ocapd/stubs').stubClass('JSStreamSocket');
