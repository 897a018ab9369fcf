// Tail workers.
import assert from 'node:assert/strict';

import { eventually, testEach, worker } from './miniflare.mjs';

testEach('tells a tail worker of what has happened', async (version, t) => {
  const miniflare = version.open(t, {
    workers: [
      worker(
        `export default {
          fetch(request) {
            console.log('hello', { a: 1 });
            if (request.url.endsWith('/throw')) throw new TypeError('oh');
            return new Response('ok', { status: 201 });
          },
        }`,
        { name: 'producer', tails: ['tail'] },
      ),
      worker(
        `const seen = [];
        export default {
          tail(events) { seen.push(...JSON.parse(JSON.stringify(events))); },
          fetch: () => Response.json(seen),
        }`,
        { name: 'tail', routes: ['tail.example/*'] },
      ),
    ],
  });
  await miniflare.dispatchFetch('http://localhost/ok');
  await miniflare.dispatchFetch('http://localhost/throw');
  const seen = await eventually(async () => {
    const list = await (await miniflare.dispatchFetch('http://tail.example/')).json();
    return list.length >= 2 && list;
  });
  const [good, bad] = seen;
  assert.equal(good.outcome, 'ok');
  assert.match(good.event.request.url, /\/ok$/);
  assert.equal(good.event.request.method, 'GET');
  assert.equal(good.event.response.status, 201);
  assert.deepEqual(good.logs[0].message, ['hello', { a: 1 }]);
  assert.equal(good.logs[0].level, 'log');
  assert.equal(bad.outcome, 'exception');
  assert.equal(bad.exceptions[0].name, 'TypeError');
  assert.equal(bad.exceptions[0].message, 'oh');
});
