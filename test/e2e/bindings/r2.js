// bindings: R2=r2Bucket
import { rejects, same } from '../assert.js';

let asked = [];
let reply;

const kObject = {
  name: 'k', version: 'v1', size: 5, etag: 'abc', uploaded: 1700000000000,
  httpFields: { contentType: 'text/x', cacheExpiry: 1800000000000 },
  customFields: [{ k: 'a', v: 'b' }], range: { offset: 1, length: 2 },
  checksums: { 0: '00112233445566778899aabbccddeeff' }, storageClass: 'Standard',
};

/** An answer of a bucket: metadata, then a value. */
function answer(metadata, value = '') {
  const text = JSON.stringify(metadata);
  return { body: text + value, headers: { 'cf-r2-metadata-size': `${text.length}` } };
}

const failure = (status, v4code, message) =>
  ({ status, headers: { 'cf-r2-error': JSON.stringify({ version: 1, v4code, message }) } });

async function during(given, call) {
  asked = [];
  reply = given;
  const result = await call();
  return { asked, result };
}

export default {
  async fetch(request) {
    const { method, headers } = request;
    const body = await request.text();
    const size = headers.get('cf-r2-metadata-size');
    asked.push(size === null
      ? [method, JSON.parse(headers.get('cf-r2-request'))]
      : [method, JSON.parse(body.slice(0, size)), body.slice(size), headers.get('content-length') === `${body.length}`]);
    return new Response(reply.body, reply);
  },
};

export const headGivesWhatIsKnown = {
  async test(ctrl, { R2 }) {
    const { asked, result } = await during(answer(kObject), () => R2.head('kü'));
    same(asked, [['GET', { version: 1, method: 'head', object: 'kü' }]]);
    same([result.key, result.size, result.etag, result.httpEtag, result.storageClass],
      ['k', 5, 'abc', '"abc"', 'Standard']);
    same(result.uploaded.getTime(), 1700000000000);
    same(result.customMetadata, { a: 'b' });
    same(result.httpMetadata.contentType, 'text/x');
    same(result.httpMetadata.cacheExpiry.getTime(), 1800000000000);
    same(result.range, { offset: 1, length: 2, suffix: undefined });
    same(result.checksums.toJSON().md5, '00112233445566778899aabbccddeeff');
    const headers = new Headers();
    result.writeHttpMetadata(headers);
    same([...headers], [['content-type', 'text/x'], ['expires', 'Fri, 15 Jan 2027 08:00:00 GMT']]);
  },
};

export const getGivesTheValueOnce = {
  async test(ctrl, { R2 }) {
    const { result } = await during(answer(kObject, 'hello'), () => R2.get('k'));
    same([result.bodyUsed, await result.text(), result.bodyUsed], [false, 'hello', true]);
    await rejects(result.text(), { type: TypeError });
  },
};

export const whatIsNotThereIsNull = {
  async test(ctrl, { R2 }) {
    const missing = failure(404, 10007, 'not found');
    same((await during(missing, () => R2.get('k'))).result, null);
    same((await during(missing, () => R2.head('k'))).result, null);
  },
};

export const failuresAreTold = {
  async test(ctrl, { R2 }) {
    const failing = (call) => during(failure(500, 10001, 'Internal'), call);
    await rejects(failing(() => R2.head('k')), { type: Error, message: 'head: Internal (10001)' });
    await rejects(failing(() => R2.put('k', '')), { type: Error, message: 'put: Internal (10001)' });
  },
};

export const conditionsAndRangesAreSent = {
  async test(ctrl, { R2 }) {
    const ask = async (options) => (await during(answer(kObject, 'x'), () => R2.get('k', options))).asked[0][1];
    const { onlyIf } = await ask({ onlyIf: { etagMatches: 'x', etagDoesNotMatch: '*', uploadedAfter: new Date(2500) } });
    same(onlyIf, {
      etagMatches: [{ value: 'x', type: 'strong' }], etagDoesNotMatch: [{ type: 'wildcard' }], uploadedAfter: '2500',
    });
    const headers = new Headers({ 'If-Match': '"x", W/"y", z', 'If-Modified-Since': 'Tue, 14 Nov 2023 22:13:20 GMT' });
    same((await ask({ onlyIf: headers })).onlyIf, {
      etagMatches: [{ value: 'x', type: 'strong' }, { value: 'y', type: 'weak' }],
      uploadedAfter: '1700000000000', secondsGranularity: true,
    });
    same((await ask({ range: { offset: 1, length: 2 } })).range, { offset: '1', length: '2' });
    same((await ask({ range: new Headers({ Range: 'bytes=1-2' }) })).rangeHeader, 'bytes=1-2');
    await rejects(ask({ onlyIf: { etagMatches: '"x"' } }), { type: TypeError, message: 'Conditional ETag should not be wrapped in quotes ("x").' });
    await rejects(ask({ range: { suffix: 1, offset: 1 } }), { type: TypeError, message: 'Suffix is incompatible with offset.' });
    await rejects(ask({ range: { offset: -1 } }), { type: RangeError, message: 'Invalid range. Starting offset (-1) must be greater than or equal to 0.' });
  },
};

export const putSendsMetadataThenTheValue = {
  async test(ctrl, { R2 }) {
    const { asked, result } = await during(answer({ ...kObject, customFields: [] }), () => R2.put('k', 'välue', {
      httpMetadata: { contentType: 'text/plain', cacheExpiry: new Date(1800000000000) },
      customMetadata: { a: 'b' }, md5: new ArrayBuffer(16),
    }));
    const [method, request, value] = asked[0];
    same([method, value], ['PUT', 'välue']);
    same(request, {
      version: 1, method: 'put', object: 'k', customFields: [{ k: 'a', v: 'b' }],
      httpFields: { contentType: 'text/plain', cacheExpiry: '1800000000000' }, md5: 'AAAAAAAAAAAAAAAAAAAAAA==',
    });
    same(result.customMetadata, { a: 'b' });
  },
};

export const valuesNeedALength = {
  async test(ctrl, { R2 }) {
    const put = async (value) => (await during(answer(kObject), () => R2.put('k', value))).asked[0].slice(2);
    same(await put(new Blob(['abc'])), ['abc', true]);
    same(await put(new Response('abcd').body), ['abcd', true]);
    same(await put(null), ['', true]);
    await rejects(put(new ReadableStream({ start: (controller) => controller.close() })), { type: TypeError, message: 'Provided readable stream must have a known length (request/response body or readable half of FixedLengthStream)' });
  },
};

export const hashesAreChecked = {
  async test(ctrl, { R2 }) {
    const put = (options) => during(answer(kObject), () => R2.put('k', 'v', options));
    same((await put({ sha1: new Uint8Array(20) })).asked[0][1].sha1, '00'.repeat(20));
    await rejects(put({ md5: '00' }), { type: TypeError, message: 'MD5 is 32 hex characters, not 2' });
    await rejects(put({ md5: new ArrayBuffer(3) }), { type: TypeError, message: 'MD5 is 16 bytes, not 3' });
    await rejects(put({ md5: '00'.repeat(16), sha1: '00'.repeat(20) }), { type: TypeError, message: 'You cannot specify multiple hashing algorithms.' });
  },
};

export const anUnmetConditionPutsNothing = {
  async test(ctrl, { R2 }) {
    const unmet = failure(412, 10031, 'precondition');
    same((await during(unmet, () => R2.put('k', 'v', { onlyIf: { etagMatches: 'x' } }))).result, null);
  },
};

export const deleteTakesOneOrMany = {
  async test(ctrl, { R2 }) {
    const remove = async (keys) => (await during({}, () => R2.delete(keys))).asked[0][1];
    same(await remove('k'), { version: 1, method: 'delete', object: 'k' });
    same(await remove(['a', 'b']), { version: 1, method: 'delete', objects: ['a', 'b'] });
  },
};

export const listGivesObjects = {
  async test(ctrl, { R2 }) {
    const listed = answer({ objects: [kObject], truncated: true, cursor: 'c', delimitedPrefixes: ['p/'] });
    const { asked, result } =
      await during(listed, () => R2.list({ limit: 5, prefix: 'p', include: ['customMetadata'] }));
    same(asked[0][1], { version: 1, method: 'list', limit: 5, prefix: 'p', include: [1], newRuntime: true });
    same([result.objects[0].key, result.truncated, result.cursor, result.delimitedPrefixes],
      ['k', true, 'c', ['p/']]);
    await rejects(R2.list({ include: ['other'] }), { type: RangeError, message: 'Unsupported include value other' });
  },
};

export const multipartUploadsGoPartByPart = {
  async test(ctrl, { R2 }) {
    const created = await during(answer({ uploadId: 'id' }), () => R2.createMultipartUpload('k'));
    const upload = created.result;
    same([upload.key, upload.uploadId], ['k', 'id']);
    const part = await during(answer({ etag: 'e' }), () => upload.uploadPart(1, 'abc'));
    same(part.result, { partNumber: 1, etag: 'e' });
    same(part.asked[0].slice(1, 3),
      [{ version: 1, method: 'uploadPart', object: 'k', uploadId: 'id', partNumber: 1 }, 'abc']);
    await rejects(upload.uploadPart(0, ''), { type: TypeError, message: 'Part number must be between 1 and 10000 (inclusive). Actual value was: 0' });
    const completed = await during(answer(kObject), () => upload.complete([part.result]));
    same(completed.asked[0][1].parts, [{ etag: 'e', part: 1 }]);
    same(completed.result.key, 'k');
    const aborted = await during({}, () => R2.resumeMultipartUpload('k', 'other').abort());
    same(aborted.asked[0][1], { version: 1, method: 'abortMultipartUpload', object: 'k', uploadId: 'other' });
  },
};
