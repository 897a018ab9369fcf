// fetch() of data: URLs. https://fetch.spec.whatwg.org/#data-url-processor
import { equal, rejects, same } from '../assert.js';

const read = async (url) => {
  const response = await fetch(url);
  return [response.headers.get('content-type'), await response.text()];
};

export const dataUrlsAreDecoded = {
  async test() {
    same(await read('data:text/plain;base64,aGk='), ['text/plain', 'hi']);
    same(await read('data:text/plain;charset=utf-8;base64, aG k= '), ['text/plain;charset=utf-8', 'hi']);
    same(await read('data:,a%20b#c'), ['text/plain;charset=US-ASCII', 'a b']);
    same(await read('DATA:;charset=x,%C3%A9'), ['text/plain;charset=x', '\u00e9']);
    same(await read('data:garbage,x'), ['text/plain;charset=US-ASCII', 'x']);
    same(await read('data: text/html ;charset=x ,x?y=1'), ['text/html;charset=x', 'x?y=1']);
    const bytes = await (await fetch('data:application/octet-stream;base64,/wA=')).bytes();
    same([...bytes], [255, 0]);
  },
};

export const theAnswerIsAnOrdinaryResponse = {
  async test() {
    const response = await fetch(new Request('data:,x', { method: 'POST' }));
    same([response.status, response.statusText, response.url], [200, 'OK', '']);
    equal(new Request('data:,x').url, 'data:,x');
  },
};

export const otherUrlsAreRefused = {
  async test() {
    for (const url of ['data:x', 'ftp://x/', 'blob:x']) {
      await rejects(fetch(url), { name: 'TypeError', message: `Fetch API cannot load: ${url}` });
    }
  },
};
