// What Node's files ask about its startup snapshot: there is none to prepare for.
'use strict';

module.exports = {
  isBuildingSnapshot: () => false,
  addAfterUserSerializeDeserializeSnapshot() {},
  addSerializeCallback() {},
  addDeserializeCallback() {},
  namespace: {isBuildingSnapshot: () => false},
};
