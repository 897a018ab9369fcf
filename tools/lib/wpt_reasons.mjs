// Why Web Platform Tests fail in ocapd: the first row whose pattern matches the file's path counts.

/** @type {[RegExp, string][]} */
const kReasons = [];

/** @param {string} file @returns {string | undefined} */
export const reasonFor = (file) => kReasons.find(([pattern]) => pattern.test(file))?.[1];
