import { equal, ok, rejects, same, settle, throws } from '../assert.js';

const encode = (text) => new TextEncoder().encode(text);
const streamOf = (...chunks) => ReadableStream.from(chunks);

export const aStreamOfBytesIsABody = {
  async test() {
    const chunks = () => streamOf(encode('{"a"'), encode(':1}').buffer, new DataView(new ArrayBuffer(0)));
    equal(await new Response(chunks()).text(), '{"a":1}');
    same(await new Response(chunks()).json(), { a: 1 });
    equal((await new Response(chunks()).arrayBuffer()).byteLength, 7);
    equal((await new Response(chunks()).bytes()).length, 7);
  },
};

export const otherChunksAreRefused = {
  async test() {
    const refused = { type: TypeError, message: 'This ReadableStream did not return bytes.' };
    await rejects(new Response(streamOf('text')).text(), refused);
    await rejects(new Response(streamOf(1)).arrayBuffer(), refused);
    await rejects(new Response(streamOf(encode('ok'), {})).json(), refused);
  },
};

export const errorsOfTheStreamReachTheReader = {
  async test() {
    const error = new RangeError('broken');
    const broken = new ReadableStream({ pull: (controller) => controller.error(error) });
    equal(await rejects(new Response(broken).text()), error);
  },
};

export const aBodyIsTheStreamItWasMadeOf = {
  async test() {
    const stream = streamOf(encode('x'));
    const response = new Response(stream);
    equal(response.body, stream);
    equal(response.bodyUsed, false);
    const read = response.text();
    equal(stream.locked, true);
    equal(response.bodyUsed, true);
    equal(await read, 'x');
    await rejects(response.text(), { type: TypeError });
  },
};

export const readingTheStreamUsesTheBody = {
  async test() {
    const response = new Response('text');
    const reader = response.body.getReader();
    equal(response.bodyUsed, false);
    await reader.read();
    equal(response.bodyUsed, true);
    await rejects(response.text(), { type: TypeError });
  },
};

export const lockedAndDisturbedStreamsAreNoBodies = {
  async test() {
    const locked = streamOf('x');
    locked.getReader();
    throws(() => new Response(locked), {
      type: TypeError,
      message: 'This ReadableStream is locked to a reader, and cannot be used as a body.',
    });
    const disturbed = streamOf('x');
    await disturbed.cancel();
    throws(() => new Response(disturbed), {
      type: TypeError,
      message: 'This ReadableStream is disturbed (has already been read from), and cannot be used ' +
        'as a body.',
    });
    const response = new Response('x');
    response.body.getReader();
    await rejects(response.text(), {
      type: TypeError, message: 'This ReadableStream is currently locked to a reader.',
    });
  },
};

export const streamsGoThroughServices = {
  async test(_, env) {
    const body = streamOf(encode('to '), encode('and fro'));
    const answer = await env.SELF.fetch('http://echo/', { method: 'POST', body });
    equal(await answer.text(), 'to and fro');
  },
};

export const textChunksAreSentAsUtf8 = {
  async test(_, env) {
    const answer = await env.SELF.fetch('http://echo/', { method: 'POST', body: streamOf('é', '€') });
    equal(await answer.text(), 'é€');
  },
};

export const answersAreStreamedAsTheyAreMade = {
  async test(_, env) {
    const answer = await env.SELF.fetch('http://slow/');
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of answer.body) text += decoder.decode(chunk, { stream: true });
    equal(text, 'line 0\nline 1\nline 2\n');
  },
};

export const errorsCrossServices = {
  async test(_, env) {
    const answer = await env.SELF.fetch('http://error/');
    equal(answer.status, 200);
    await rejects(answer.text(), { type: RangeError, message: 'half way' });
  },
};

export const cancellingAnAnswerCancelsItsStream = {
  async test(_, env) {
    const answer = await env.SELF.fetch('http://endless/');
    const reader = answer.body.getReader();
    await reader.read();
    await reader.cancel('enough');
    for (let i = 0; i < 50 && cancelled === 0; ++i) await settle();
    equal(cancelled, 1);
  },
};

export const whatCanNeverBeReadIsSaid = {
  async test(_, env) {
    const answer = await env.SELF.fetch('http://hangs/');
    await rejects(answer.text(), { message: /code had hung/ });
  },
};

export const backPressureReachesTheSource = {
  async test(_, env) {
    pulled = 0;
    const answer = await env.SELF.fetch('http://endless/');
    const reader = answer.body.getReader();
    await reader.read();
    await settle();
    ok(pulled < 50, `${pulled} chunks of 64 KiB were made for one read`);
    await reader.cancel();
  },
};

export const aRequestHandsItsStreamOn = {
  async test() {
    const request = new Request('http://x/', { method: 'POST', body: streamOf(encode('on')) });
    const next = new Request(request, { headers: { a: 'b' } });
    equal(request.bodyUsed, true);
    equal(await next.text(), 'on');
  },
};

export const emptyStreamsAreEmptyBodies = {
  async test(_, env) {
    equal(await new Response(streamOf()).text(), '');
    const answer = await env.SELF.fetch('http://echo/', { method: 'POST', body: streamOf() });
    equal(await answer.text(), '');
  },
};

export const subclassesAreBodiesToo = {
  async test() {
    class Mine extends ReadableStream {}
    const stream = new Mine({
      start(controller) {
        controller.enqueue(encode('mine'));
        controller.close();
      },
    });
    equal(await new Response(stream).text(), 'mine');
  },
};

export const largeBodiesArriveWhole = {
  async test(_, env) {
    const chunk = new Uint8Array(100000).map((_, i) => i);
    let left = 20;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(chunk.slice());
        else controller.close();
      },
    });
    const answer = await env.SELF.fetch('http://raw/', { method: 'POST', body });
    const got = await answer.bytes();
    equal(got.length, 2000000);
    for (let i = 0; i < got.length; i += 997) equal(got[i], (i % 100000) & 255, `byte ${i}`);
  },
};

let cancelled = 0;
let pulled = 0;

export default {
  async fetch(request) {
    const { hostname } = new URL(request.url);
    if (hostname === 'echo') return new Response(await request.text());
    if (hostname === 'raw') return new Response(request.body);
    if (hostname === 'slow') {
      return new Response(ReadableStream.from((async function* () {
        for (let i = 0; i < 3; ++i) {
          await settle();
          yield encode(`line ${i}\n`);
        }
      })()));
    }
    if (hostname === 'error') {
      let isFirst = true;
      return new Response(new ReadableStream({
        pull(controller) {
          if (isFirst) controller.enqueue(encode('x'));
          else controller.error(new RangeError('half way'));
          isFirst = false;
        },
      }));
    }
    if (hostname === 'endless') {
      return new Response(new ReadableStream({
        pull(controller) {
          ++pulled;
          controller.enqueue(new Uint8Array(65536));
        },
        cancel() { ++cancelled; },
      }));
    }
    return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
  },
};
