import { equal, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kGcm = { name: 'AES-GCM', iv: new Uint8Array(12) };
const kRaw = new Uint8Array(16).fill(7);
const wrapping = () =>
  subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);
const secret = (extractable = true) =>
  subtle.importKey('raw', kRaw, 'AES-GCM', extractable, ['encrypt', 'decrypt']);

export const wrappingIsExportingAndEncrypting = {
  async test() {
    const key = await wrapping();
    const wrapped = await subtle.wrapKey('raw', await secret(), key, kGcm);
    equal(toHex(wrapped), toHex(await subtle.encrypt(kGcm, key, kRaw)));
    const unwrapped = await subtle.unwrapKey('raw', wrapped, key, kGcm, 'AES-CBC', true, ['encrypt']);
    same(unwrapped.algorithm, { name: 'AES-CBC', length: 128 });
    equal(toHex(await subtle.exportKey('raw', unwrapped)), toHex(kRaw));
  },
};

export const jsonWebKeysAreWrappedAsText = {
  async test() {
    const key = await wrapping();
    const wrapped = await subtle.wrapKey('jwk', await secret(), key, kGcm);
    const text = new TextDecoder().decode(await subtle.decrypt(kGcm, key, wrapped));
    equal(
      text,
      '{"kty":"oct","key_ops":["encrypt","decrypt"],"alg":"A128GCM","ext":true,' +
        '"k":"BwcHBwcHBwcHBwcHBwcHBw"}',
    );
    const unwrapped = await subtle.unwrapKey('jwk', wrapped, key, kGcm, 'AES-GCM', true, ['encrypt']);
    equal(toHex(await subtle.exportKey('raw', unwrapped)), toHex(kRaw));
  },
};

export const privateKeysAreWrapped = {
  async test() {
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const ecdsa = { name: 'ECDSA', hash: 'SHA-256' };
    const oaep = await subtle.generateKey(
      { name: 'RSA-OAEP', hash: 'SHA-1', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
      false,
      ['wrapKey', 'unwrapKey'],
    );
    const gcm = await wrapping();
    for (const [format, outer, inner, algorithm] of [
      ['pkcs8', gcm, gcm, kGcm],
      ['jwk', gcm, gcm, kGcm],
      ['pkcs8', oaep.publicKey, oaep.privateKey, 'RSA-OAEP'],
    ]) {
      const wrapped = await subtle.wrapKey(format, pair.privateKey, outer, algorithm);
      const key = await subtle.unwrapKey(
        format, wrapped, inner, algorithm, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'],
      );
      const signature = await subtle.sign(ecdsa, key, kRaw);
      equal(await subtle.verify(ecdsa, pair.publicKey, signature, kRaw), true);
    }
  },
};

export const onlyWhatIsExtractableIsWrapped = {
  async test() {
    await rejects(subtle.wrapKey('raw', await secret(false), await wrapping(), kGcm), {
      name: 'InvalidAccessError',
      message: 'Attempt to export non-extractable AES-GCM key.',
    });
  },
};

export const wrappingIsChecked = {
  async test() {
    const key = await wrapping();
    await rejects(subtle.wrapKey('foo', await secret(), key, kGcm), { name: 'NotSupportedError' });
    await rejects(subtle.wrapKey('raw', await secret(), key, 'AES-KW'), {
      name: 'InvalidAccessError',
      message: 'Requested algorithm "AES-KW" does not match this CryptoKey\'s algorithm "AES-GCM".',
    });
    await rejects(subtle.wrapKey('raw', await secret(), await secret(), kGcm), {
      name: 'InvalidAccessError',
      message: 'Requested key usage "wrapKey" does not match any usage listed in this CryptoKey.',
    });
  },
};

export const unwrappingIsChecked = {
  async test() {
    const key = await wrapping();
    const wrapped = await subtle.wrapKey('raw', await secret(), key, kGcm);
    const unwrap = (bytes, type, usages, format = 'raw', by = key) =>
      subtle.unwrapKey(format, bytes, by, kGcm, type, true, usages);
    await rejects(unwrap(new Uint8Array(40), 'AES-GCM', ['encrypt']), {
      name: 'OperationError',
      message: /^Decryption failed\./,
    });
    await rejects(unwrap(wrapped, 'foo', ['encrypt']), {
      name: 'NotSupportedError',
      message: 'Unrecognized key import algorithm "foo" requested.',
    });
    await rejects(unwrap(wrapped, 'AES-GCM', ['sign']), { name: 'SyntaxError' });
    await rejects(unwrap(wrapped, 'AES-GCM', []), { name: 'SyntaxError' });
    await rejects(unwrap(wrapped, 'AES-GCM', ['encrypt'], 'foo'), {
      name: 'NotSupportedError',
      message: 'Unrecognized key import format "foo".',
    });
    await rejects(unwrap(wrapped, 'AES-GCM', ['encrypt'], 'raw', await secret()), {
      name: 'InvalidAccessError',
    });
  },
};

export const unwrappedTextMustBeAKey = {
  async test() {
    const key = await wrapping();
    for (const [text, message] of [
      ['5', 'Missing "kty" field or corrupt JSON unwrapping key?'],
      ['"x"', 'Missing "kty" field or corrupt JSON unwrapping key?'],
      ['[]', /\(encountered "undefined"\)\.$/],
      ['{}', /\(encountered "undefined"\)\.$/],
      ['{"kty":5}', /\(encountered "5"\)\.$/],
      ['{"kty":"oct"}', 'Symmetric "jwk" key import requires a base64Url encoding of the key.'],
    ]) {
      const wrapped = await subtle.encrypt(kGcm, key, new TextEncoder().encode(text));
      await rejects(subtle.unwrapKey('jwk', wrapped, key, kGcm, 'AES-GCM', true, ['encrypt']), {
        name: 'DataError',
        message,
      });
    }
  },
};
