// node:v8: names.
'use strict';

const {validateFunction, validateNumber, validateString} = require('internal/validators');
const {stub, stubClass, stubs} = require('ocapd/stubs');

class Serializer {
  constructor() {
    throwing.Serializer();
  }
}

class Deserializer {
  constructor(buffer) {
    throwing.Deserializer();
  }
}

const throwing = stubs('', [
  'Serializer', 'Deserializer', 'setFlagsFromString', 'setHeapSnapshotNearHeapLimit',
  'queryObjects',
]);

module.exports = {
  ...stubs('', [
    'deserialize', 'getHeapSnapshot', 'serialize', 'stopCoverage', 'takeCoverage',
    'writeHeapSnapshot',
  ]),
  DefaultDeserializer: class DefaultDeserializer extends Deserializer {},
  DefaultSerializer: class DefaultSerializer extends Serializer {},
  Deserializer,
  GCProfiler: class GCProfiler {
    start = stub('start', 'GCProfiler.start');
    stop = stub('stop', 'GCProfiler.stop');
  },
  Serializer,
  cachedDataVersionTag: () => 0,
  getCppHeapStatistics: () => ({}),
  getHeapCodeStatistics: () => ({}),
  getHeapSpaceStatistics: () => [],
  getHeapStatistics: () => ({}),
  isStringOneByteRepresentation(content) {
    validateString(content, 'content');
    for (let i = 0; i < content.length; ++i) if (content.charCodeAt(i) > 0xFF) return false;
    return true;
  },
  promiseHooks: stubs('promiseHooks.',
      ['createHook', 'onInit', 'onBefore', 'onAfter', 'onSettled']),
  queryObjects(constructor) {
    validateFunction(constructor, 'constructor');
    throwing.queryObjects();
  },
  setFlagsFromString(flags) {
    validateString(flags, 'flags');
    throwing.setFlagsFromString();
  },
  setHeapSnapshotNearHeapLimit(limit) {
    validateNumber(limit, 'limit');
    throwing.setHeapSnapshotNearHeapLimit();
  },
  startupSnapshot: {
    __proto__: null,
    ...stubs('startupSnapshot.',
        ['addDeserializeCallback', 'addSerializeCallback', 'setDeserializeMainFunction']),
    isBuildingSnapshot: () => false,
  },
};
