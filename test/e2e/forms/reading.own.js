// Own ways, towards the standards: names are read as they were written; what is no escape in a URL
// stays.
import { same } from '../assert.js';

export const namesAreReadAsTheyWereWritten = {
  async test() {
    const form = new FormData();
    form.append('a"b\r\nc%', 'v');
    same([...(await new Response(form).formData())], [['a"b\r\nc%', 'v']]);
  },
};

export const whatIsNoEscapeStays = {
  async test() {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    same([...(await new Response('?a=%zz', { headers }).formData())], [['?a', '%zz']]);
  },
};
