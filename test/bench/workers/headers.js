const kRead = 20;
const kSet = 10;

export default {
  fetch(request) {
    let length = 0;
    for (let i = 0; i < kRead; ++i) length += request.headers.get(`x-request-${i}`).length;
    const headers = new Headers();
    for (let i = 0; i < kSet; ++i) headers.set(`x-response-${i}`, `value ${length}`);
    return new Response('ok\n', { headers });
  },
};
