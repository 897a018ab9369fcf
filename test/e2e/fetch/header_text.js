import { equal } from '../assert.js';

export const headerValuesAreUtf8 = {
  async test(ctrl, env) {
    const headers = new Headers({ a: '日é' });
    equal(headers.get('a'), '日é');
    const response = await env.SELF.fetch('http://served/', { headers });
    equal(response.headers.get('b'), '日é');
    equal(await response.text(), '日é');
  },
};

export default {
  fetch(request) {
    const text = request.headers.get('a');
    return new Response(text, { headers: { b: text } });
  },
};
