// Modules that a service outside has.
import assert from 'node:assert/strict';

import { testEach, worker } from './miniflare.mjs';

testEach('asks for modules that the bundle does not have', async (version, t) => {
  const asked = [];
  const { Response } = version.package;
  const miniflare = version.open(t, {
    ...worker(undefined, { unsafeUseModuleFallbackService: true, modulesRoot: '/' }),
    modules: [
      {
        type: 'ESModule',
        path: '/dir/index.mjs',
        contents: `import { value } from './missing.mjs';
      import text from './file.txt';
      export default {
        async fetch() {
          const { default: common } = await import('./later.cjs');
          const none = await import('./none.mjs').catch(({ message }) => message);
          return Response.json([value, text, common.sum, none]);
        },
      }`,
      },
    ],
    unsafeModuleFallbackService(request) {
      const url = new URL(request.url);
      const specifier = url.searchParams.get('specifier');
      asked.push([specifier, request.headers.get('x-resolve-method')]);
      const name = specifier.slice(1);
      switch (specifier) {
        case '/dir/missing.mjs':
          return new Response(null, { status: 301, headers: { Location: '/dir/found.mjs' } });
        case '/dir/found.mjs':
          return Response.json({ name, esModule: "export const value = 'found'" });
        case '/dir/file.txt':
          return Response.json({ name, text: 'text' });
        case '/dir/later.cjs':
          return Response.json({
            name,
            commonJsModule: "module.exports = { sum: 1 + require('./part.cjs') }",
          });
        case '/dir/part.cjs':
          return Response.json({ name, commonJsModule: 'module.exports = 2' });
      }
      return new Response(null, { status: 404 });
    },
  });
  const response = await miniflare.dispatchFetch('http://localhost/');
  const [value, text, sum, none] = await response.json();
  assert.deepEqual([value, text, sum], ['found', 'text', 3]);
  assert.match(none, /No such module "dir\/none.mjs"/);
  assert.deepEqual(asked.find(([specifier]) => specifier === '/dir/part.cjs'), [
    '/dir/part.cjs',
    'require',
  ]);
});
