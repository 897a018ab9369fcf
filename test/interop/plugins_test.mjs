// Further rungs: products that Miniflare simulates, one after the other.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { scratchFolder, testEach, worker } from './miniflare.mjs';

const scratch = scratchFolder();
writeFileSync(join(scratch, 'file.txt'), 'content');

/** Declares a test of a worker that answers with a text. */
function testAnswer(title, options, script, expected) {
  testEach(title, async (version, t) => {
    const miniflare = version.open(t, worker(script, { name: 'main', ...options }));
    const response = await miniflare.dispatchFetch('http://localhost/');
    assert.equal(await response.text(), expected);
  });
}

testAnswer(
  'limits rates',
  { ratelimits: { LIMIT: { namespace_id: '1', simple: { limit: 1, period: 60 } } } },
  `export default {
    async fetch(request, { LIMIT }) {
      const once = await LIMIT.limit({ key: 'a' });
      const twice = await LIMIT.limit({ key: 'a' });
      return new Response([once.success, twice.success].join());
    },
  }`,
  'true,false',
);

testAnswer(
  'takes data points of analytics',
  { analyticsEngineDatasets: { ANALYTICS: { dataset: 'set' } } },
  `export default {
    fetch(request, { ANALYTICS }) {
      ANALYTICS.writeDataPoint({ blobs: ['a'], doubles: [1], indexes: ['i'] });
      return new Response('written');
    },
  }`,
  'written',
);

testAnswer(
  'takes records of pipelines',
  { pipelines: ['PIPELINE'] },
  `export default {
    async fetch(request, { PIPELINE }) {
      await PIPELINE.send([{ a: 1 }]);
      return new Response('sent');
    },
  }`,
  'sent',
);

testAnswer(
  'runs workflows',
  { workflows: { FLOW: { name: 'flow', className: 'Flow' } } },
  `import { WorkflowEntrypoint } from 'cloudflare:workers';
  export class Flow extends WorkflowEntrypoint {
    run(event, step) { return step.do('one', async () => 5); }
  }
  export default {
    async fetch(request, { FLOW }) {
      const instance = await FLOW.create();
      while (true) {
        const { status, output } = await instance.status();
        if (status === 'complete' || status === 'errored') return new Response(status + output);
        await new Promise((next) => setTimeout(next, 20));
      }
    },
  }`,
  'complete5',
);

testAnswer(
  'serves assets',
  {
    assets: {
      directory: scratch,
      binding: 'ASSETS',
      routerConfig: { has_user_worker: true },
      assetConfig: {},
    },
  },
  `export default {
    fetch: (request, { ASSETS }) => ASSETS.fetch('http://localhost/file.txt'),
  }`,
  'content',
);

testAnswer(
  'knows a database behind Hyperdrive',
  { hyperdrives: { DATABASE: 'postgres://user:secret@localhost:5432/name' } },
  `export default {
    fetch(request, { DATABASE }) {
      const { port, database, user } = DATABASE;
      return new Response([port, database, user].join());
    },
  }`,
  '5432,name,user',
);

testAnswer(
  'sends mail',
  { email: { send_email: [{ name: 'MAIL' }] } },
  `import { EmailMessage } from 'cloudflare:email';
  export default {
    async fetch(request, { MAIL }) {
      const text = 'From: <a@example.com>\\r\\nTo: <b@example.com>\\r\\n' +
        'Message-ID: <1@example.com>\\r\\n\\r\\nhello';
      await MAIL.send(new EmailMessage('a@example.com', 'b@example.com', text));
      return new Response('sent');
    },
  }`,
  'sent',
);

testAnswer(
  'answers over TLS',
  { https: true },
  `export default { fetch: () => new Response('secure') }`,
  'secure',
);
