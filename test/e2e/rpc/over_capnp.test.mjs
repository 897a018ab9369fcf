// The RPC suite again, with the callees in another process, reached over Cap'n Proto.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { makeFolder, Ocapd, run } from '../server/harness.mjs';

const path = (name) => fileURLToPath(new URL(`workers/${name}`, import.meta.url));
const kSockets = ['svc', 'handlers', 'props', 'legacy'];
// Service bindings stay in the process that has the service.
const kNotOverCapnp = ['serviceBindingsTravel'];

for (const more of [[], ['--gc-stress']]) {
  test(`RPC to another process ${more.join(' ')}`, async (t) => {
    const folder = makeFolder(t);
    const at = (option) => kSockets.flatMap((name) => [option, `${name}=unix:${join(folder, name)}`]);
    const callees = new Ocapd(['serve', '--experimental', '--control-fd=3', ...at('-s'), path('callees_over_capnp.capnp')]);
    t.after(() => callees.kill());
    await callees.until(() => callees.messages.length === kSockets.length);
    const { stderr } = await run('test', '--experimental', ...more, ...at('-e'), path('callers_over_capnp.capnp'), 'callers');
    const verdicts = (kind) => [...stderr.matchAll(new RegExp(`\\[ ${kind} \\] callers:(\\w+)`, 'g'))].map(([, name]) => name);
    assert.deepEqual(verdicts('FAIL'), kNotOverCapnp, stderr);
    assert.ok(verdicts('PASS').length > 25, stderr);
  });
}
