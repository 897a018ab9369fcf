// Own way: in the reference a receiver takes a request body that breaks off for all of it.
import { rejects } from '../assert.js';

export const aBodyThatFailsFailsItsRequest = {
  async test(_, env) {
    const body = new ReadableStream({
      pull: (controller) => controller.error(new RangeError('broke off')),
    });
    await rejects(env.SELF.fetch('http://echo/', { method: 'POST', body }), {
      type: RangeError, message: 'broke off',
    });
  },
};

export default {
  fetch: async (request) => new Response(await request.text()),
};
