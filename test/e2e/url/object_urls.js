import {throws} from '../assert.js';

export const thereAreNoObjectUrls = {
  test() {
    throws(() => URL.createObjectURL(new Blob(['x'])),
        {name: 'Error', message: 'URL.createObjectURL() is not implemented'});
    throws(() => URL.revokeObjectURL('blob:x'),
        {name: 'Error', message: 'URL.revokeObjectURL() is not implemented'});
    throws(() => URL.createObjectURL(5), {
      name: 'TypeError',
      message: "Failed to execute 'createObjectURL' on 'URL': parameter 1 is not of type " +
          "'File or Blob'.",
    });
  },
};
