// What Node's files ask of its loader.
'use strict';

const {
  ArrayPrototypeIncludes,
  StringPrototypeSlice,
  StringPrototypeStartsWith,
} = primordials;
const {isPublic, publicNames} = require('ocapd/host');

const BuiltinModule = {
  exists: (id) => isPublic(id) || StringPrototypeStartsWith(id, 'internal/'),
  canBeRequiredByUsers: isPublic,
  canBeRequiredWithoutScheme: (id) => ArrayPrototypeIncludes(publicNames, id),
  normalizeRequirableId(id) {
    if (StringPrototypeStartsWith(id, 'node:')) id = StringPrototypeSlice(id, 5);
    return isPublic(id) ? id : undefined;
  },
};

module.exports = {BuiltinModule, internalBinding};
