// The timeline of `performance`, where a flag asks for it.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Ocapd } from '../server/harness.mjs';

const kWorker = `
export default {
  fetch() {
    const mark = performance.mark("a", { startTime: 10, detail: { x: 1 } });
    performance.mark("b", { startTime: 30 });
    const between = performance.measure("m", "a", "b");
    performance.measure("n", { start: 5, duration: 7 });
    const all = performance.getEntries().map((each) => each.name).join();
    performance.clearMarks("a");
    return Response.json({
      mark, between, all,
      left: performance.getEntriesByType("mark").map((each) => each.name),
      byName: performance.getEntriesByName("n", "measure").length,
      tags: [mark, between, performance, performance.eventCounts].map(String),
      isMark: mark instanceof PerformanceMark && mark instanceof PerformanceEntry,
      types: PerformanceObserver.supportedEntryTypes,
      node: typeof performance.timerify,
      json: performance.toJSON(),
    });
  },
};`;

async function ask(t, date, flags) {
  const ocapd = await Ocapd.serve(t, `
    (name = "main", worker = (
      modules = [(name = "main.js", esModule = ${JSON.stringify(kWorker)})],
      compatibilityFlags = ${JSON.stringify(flags)},
      compatibilityDate = "${date}"))`,
  '(name = "http", address = "127.0.0.1:0", http = (), service = "main")');
  return (await fetch(ocapd.url('http', '/'))).json();
}

test('marks and measures are entries', async (t) => {
  const { all, ...rest } = await ask(t, '2025-10-01', ['enable_global_performance_classes']);
  assert.deepEqual(all.split(',').sort(), ['a', 'b', 'm', 'n']);
  assert.deepEqual(rest, {
    mark: { name: 'a', entryType: 'mark', startTime: 10, duration: 0, detail: { x: 1 } },
    between: { name: 'm', entryType: 'measure', startTime: 10, duration: 20 },
    left: ['b'],
    byName: 1,
    tags: ['[object PerformanceMark]', '[object PerformanceMeasure]', '[object Performance]',
      '[object EventCounts]'],
    isMark: true,
    types: ['measure', 'mark'],
    node: 'undefined',
    json: { timeOrigin: 0 },
  });
});

test("Node's flags bring Node's part", async (t) => {
  const { node } = await ask(t, '2026-11-01', []);
  assert.equal(node, 'function');
});
