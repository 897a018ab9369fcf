// Files in memory are not watched.
'use strict';

const {unsupported} = require('ocapd/stubs');

module.exports = {
  FSWatcher: unsupported,
  StatWatcher: unsupported,
  kFSWatchStart: Symbol('kFSWatchStart'),
  kFSStatWatcherAddOrCleanRef: Symbol('kFSStatWatcherAddOrCleanRef'),
  watch: unsupported,
};
