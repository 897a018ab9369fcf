// Why Web Platform Tests fail in ocapd: the first row whose pattern matches the file's path counts.

const kOldStandard = 'expects what the standard had when the test was written';
const kNoTransfer = 'transfers by `postMessage()`, which MessagePort does not do, as in the reference';
const kReferencesWay = 'the reference departs from the standard here, and so do we';

/** @type {[RegExp, string][]} */
const kReasons = [
  [/^FileAPI\/FileReaderSync|filereader_events|Worker-read-file|Blob-in-worker/, 'needs FileReader, which the reference does not have'],
  [/^FileAPI\/url\//, '`URL.createObjectURL()` throws, as in the reference'],
  [/^FileAPI/, kReferencesWay],
  [/garbage-collection|Blob-stream/, 'needs `gc.js` of a newer checkout'],
  [/owning-type/, 'is about a proposal'],
  [/^encoding\/(encodeInto|streams\/decode-utf8)/, kNoTransfer],
  [/^encoding\/streams\//, kOldStandard],
  [/^WebCryptoAPI\/generateKey\/failures/, 'HMAC knows MD5, as in the reference'],
  [/^WebCryptoAPI\/historical/, 'there is no insecure context'],
  [/^compression\/compression-output-length/, 'needs a media file of the checkout'],
  [/^url\/urlencoded-parser/, 'a Request with a method of its own invention is refused, as in the reference'],
  [/^fetch\/data-urls/, 'ada refuses `data://test:test/`; the parser of parameters follows the newer MIME Sniffing Standard'],
  [/integrity/, '`integrity` is refused, as in the reference'],
  [/^fetch\/api\/basic\/scheme-data/, '`type` of a Response is always "default", as in the reference'],
  [/^fetch\/api\/(cors|basic\/(mode-no-cors|response-url))|scheme-blob/, "needs the tests' own server"],
  [/^fetch\/api\/basic\/historical/, '`Headers.getAll()` is kept for Set-Cookie, as in the reference'],
  [/^fetch\/api\/request\/request-init-stream/, kOldStandard],
  [/^fetch\/api/, kReferencesWay],
  [/queue-microtask-exceptions|workerglobalscope-(runtime|synthetic)/, 'errors of callbacks fail the event rather than fire `error` with `return true`'],
  [/requires-failure/, '`Atomics.wait()` is allowed, as in the reference'],
  [/^dom\/events\/Event-isTrusted/, '`isTrusted` is an accessor of the prototype, as in the reference'],
  [/^streams\/transform-streams|^streams\/(byte-length|count)-queuing/, kOldStandard],
  [/^streams\/readable-streams\/general/, '`new ReadableStream(null)` is allowed, as in the reference'],
  [/003-sets-origin|referrer/, "needs the tests' own server"],
  [/^websockets\/(Create-protocols-repeated-case|Send-before-open|binaryType-wrong|Send-binary-blob)/, kReferencesWay],
];

/** @param {string} file @returns {string | undefined} */
export const reasonFor = (file) => kReasons.find(([pattern]) => pattern.test(file))?.[1];
