// bindings: KV=kvNamespace
import { rejects, same } from '../assert.js';

let asked = [];
let replies = [];

/** Runs `call`; what the service was asked, and what came of it. */
async function during(given, call) {
  asked = [];
  replies = given;
  const result = await call();
  return { asked, result };
}

export default {
  async fetch(request) {
    const { method, url, headers } = request;
    const body = await request.text();
    asked.push([method, url, headers.get('cf-kv-metadata'), body, headers.get('content-length')]);
    const { status = 200, body: reply = null, headers: replyHeaders } = replies.shift() ?? {};
    return new Response(reply, { status, headers: replyHeaders });
  },
};

export const getAsksForTheKey = {
  async test(ctrl, { KV }) {
    const { asked, result } = await during([{ body: 'value' }], () => KV.get('a b/ü?'));
    same(asked, [['GET', 'https://fake-host/a%20b%2F%C3%BC%3F?urlencoded=true', null, '', null]]);
    same(result, 'value');
  },
};

export const getGivesTheTypeAskedFor = {
  async test(ctrl, { KV }) {
    const get = async (body, options) => (await during([{ body }], () => KV.get('k', options))).result;
    same(await get('{"a":1}', 'json'), { a: 1 });
    same(new Uint8Array(await get('ab', 'arrayBuffer')).join(), '97,98');
    same(await new Response(await get('ab', { type: 'stream' })).text(), 'ab');
    await rejects(get('ab', 'other'), { type: TypeError, message: 'Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".' });
  },
};

export const whatIsNotThereIsNull = {
  async test(ctrl, { KV }) {
    for (const status of [404, 410]) {
      same((await during([{ status }], () => KV.get('k'))).result, null);
    }
    const { result } = await during([{ status: 404 }], () => KV.getWithMetadata('k'));
    same(result, { value: null, metadata: null, cacheStatus: null });
  },
};

export const failuresAreTold = {
  async test(ctrl, { KV }) {
    const failing = (call) => during([{ status: 500 }], call);
    await rejects(failing(() => KV.get('k')), { type: Error, message: 'KV GET failed: 500 Internal Server Error' });
    await rejects(failing(() => KV.put('k', 'v')), { type: Error, message: 'KV PUT failed: 500 Internal Server Error' });
    await rejects(failing(() => KV.delete('k')), { type: Error, message: 'KV DELETE failed: 500 Internal Server Error' });
  },
};

export const keysThatCannotBeAreRefused = {
  async test(ctrl, { KV }) {
    await rejects(KV.get(''), { type: TypeError, message: 'Key name cannot be empty.' });
    await rejects(KV.get('..'), { type: TypeError, message: '".." is not allowed as a key name.' });
    await rejects(KV.put('x'.repeat(513), ''), { type: Error, message: 'KV PUT failed: 414 UTF-8 encoded length of 513 exceeds key length limit of 512.' });
  },
};

export const metadataComesAlong = {
  async test(ctrl, { KV }) {
    const headers = { 'CF-KV-Metadata': '{"m":1}', 'CF-Cache-Status': 'HIT' };
    const { result } = await during([{ body: 'v', headers }], () => KV.getWithMetadata('k'));
    same(result, { value: 'v', metadata: { m: 1 }, cacheStatus: 'HIT' });
  },
};

export const manyKeysAreAskedForAtOnce = {
  async test(ctrl, { KV }) {
    const { asked, result } =
      await during([{ body: '{"a":{"x":1},"b":null}' }], () => KV.get(['a', 'b'], { type: 'json', cacheTtl: 60 }));
    same(asked[0][1], 'https://fake-host/bulk/get');
    same(JSON.parse(asked[0][3]), { keys: ['a', 'b'], type: 'json', cacheTtl: '60' });
    same([...result], [['a', { x: 1 }], ['b', null]]);
  },
};

export const putSendsValueAndOptions = {
  async test(ctrl, { KV }) {
    const options = { expiration: 1234567890, expirationTtl: 60, metadata: { a: 1 } };
    const { asked } = await during([], () => KV.put('k', 'välue', options));
    same(asked, [['PUT', 'https://fake-host/k?urlencoded=true&expiration=1234567890&expiration_ttl=60',
      '{"a":1}', 'välue', '6']]);
    const stream = await during([], () => KV.put('k', new Response('abc').body));
    same(stream.asked[0].slice(3), ['abc', '3']);
    await rejects(KV.put('k', {}), { type: TypeError, message: 'KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.' });
  },
};

export const listReadsKeys = {
  async test(ctrl, { KV }) {
    const body = '{"keys":[{"name":"a","expiration":5,"metadata":"{\\"x\\":1}"},{"name":"b"}],"list_complete":false,"cursor":"c"}';
    const { asked, result } = await during([{ body }], () => KV.list({ prefix: 'p/ ', limit: 5, cursor: 'd' }));
    same(new URL(asked[0][1]).search, '?key_count_limit=5&prefix=p%2F+&cursor=d');
    same(result.keys, [{ name: 'a', expiration: 5, metadata: { x: 1 } }, { name: 'b' }]);
    same([result.list_complete, result.cursor, result.cacheStatus], [false, 'c', null]);
  },
};

export const itLooksNative = {
  test(ctrl, { KV }) {
    same(Object.prototype.toString.call(KV), '[object KvNamespace]');
    const mark = Symbol.for('cloudflare:internal-class');
    same(KV[mark] === mark, true);
    same('KvNamespace' in globalThis, false);
  },
};
