import { equal, ok, same, throws } from '../assert.js';

const kUrl = 'http://served/';
const next = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
const streamOf = (text) => new Response(text).body;

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/html') return new Response('x', { headers: { 'content-type': 'text/html' } });
    if (pathname === '/empty') return new Response(null, { status: 204 });
    const headers = { 'content-type': 'text/event-stream;charset=utf-8' };
    const again = request.headers.get('last-event-id');
    if (again) return new Response(`data: after ${again}\n\n`, { headers });
    const asked = [request.headers.get('accept'), request.headers.get('cache-control')].join();
    return new Response(`retry: 1\nid: 7\ndata: ${asked}\n\n`, { headers });
  },
};

/** All that a stream's source fires until the stream ends. */
async function interpret(text, types = []) {
  const source = EventSource.from(streamOf(text));
  const seen = [];
  for (const type of ['message', ...types]) {
    source.addEventListener(type, ({ type, data, lastEventId }) => seen.push([type, data, lastEventId]));
  }
  await next(source, 'error');
  return seen;
}

export const eventsAreInterpreted = {
  async test() {
    const text = 'data: a\n\n: comment\nevent: foo\nid: 3\ndata: b\ndata:c\ndata\n\nignored: x\n\nid\n' +
      'data:  d\n\nevent: bar\n\ndata: unfinished';
    same(await interpret(text, ['foo', 'bar']), [
      ['message', 'a', ''], ['foo', 'b\nc\n', '3'], ['message', ' d', ''],
    ]);
  },
};

export const anyEndOfLineWillDo = {
  async test() {
    same(await interpret('data: a\r\rdata: b\r\n\r\ndata: c\n\n'), [
      ['message', 'a', ''], ['message', 'b', ''], ['message', 'c', ''],
    ]);
  },
};

export const aSourceOfAStreamIsOpenUntilTheStreamEnds = {
  async test() {
    const source = EventSource.from(streamOf('data: x\n\n'));
    ok(source instanceof EventTarget);
    same([source.url, source.readyState, source.withCredentials], ['', EventSource.OPEN, false]);
    const event = await new Promise((resolve) => (source.onmessage = resolve));
    ok(event instanceof MessageEvent && event.isTrusted);
    const { error } = await next(source, 'error');
    equal(error.message, 'The server disconnected.');
    equal(source.readyState, EventSource.CLOSED);
    throws(() => EventSource.from(1), { type: TypeError });
  },
};

export const aServerIsAskedAgainWithTheLastId = {
  async test(ctrl, env) {
    const source = new EventSource(kUrl, { fetcher: env.SELF });
    equal(source.readyState, EventSource.CONNECTING);
    await next(source, 'open');
    equal(source.readyState, EventSource.OPEN);
    const first = await next(source, 'message');
    same([first.data, first.origin, first.lastEventId],
      ['text/event-stream,no-cache', 'http://served', '7']);
    equal((await next(source, 'error')).error.message, 'The server disconnected.');
    equal(source.readyState, EventSource.CONNECTING);
    equal((await next(source, 'message')).data, 'after 7');
    source.close();
    equal(source.readyState, EventSource.CLOSED);
  },
};

export const answersThatAreNoEventStreamsAreRefused = {
  async test(ctrl, env) {
    for (const [path, message] of [
      ['empty', 'No content type header was present in the response.'],
      ['html', "The content type 'text/html' is invalid."],
    ]) {
      const source = new EventSource(kUrl + path, { fetcher: env.SELF });
      const { error } = await next(source, 'error');
      same([error.name, error.message], ['AbortError', message]);
      equal(source.readyState, EventSource.CLOSED);
    }
  },
};

export const argumentsAreChecked = {
  test() {
    throws(() => new EventSource(), { type: TypeError });
    throws(() => new EventSource('foo'), {
      name: 'SyntaxError', message: "Cannot open an EventSource to 'foo'. The URL is invalid.",
    });
    throws(() => new EventSource(kUrl, 1), { type: TypeError });
    throws(() => new EventSource(kUrl, { withCredentials: true }), { name: 'NotSupportedError' });
    throws(() => new EventSource(kUrl, { fetcher: 1 }), { type: TypeError });
    same([EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED], [0, 1, 2]);
  },
};
