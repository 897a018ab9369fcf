// RFC 8032, section 7.1, has the vectors.
import { equal, fromHex, rejects, same, toHex } from '../assert.js';

const { subtle } = crypto;
const kPkcs8Prefix = '302e020100300506032b657004220420';
const kSpkiPrefix = '302a300506032b6570032100';
const kCases = [
  {
    secret: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    open: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
      '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    secret: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    open: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
];

export const signaturesAreThoseOfTheRfc = {
  async test() {
    for (const { secret, open, message, signature } of kCases) {
      const privateKey = await subtle.importKey(
        'pkcs8', fromHex(kPkcs8Prefix + secret), 'Ed25519', true, ['sign'],
      );
      equal(toHex(await subtle.sign('Ed25519', privateKey, fromHex(message))), signature);
      for (const [format, data] of [['raw', fromHex(open)], ['spki', fromHex(kSpkiPrefix + open)]]) {
        const publicKey = await subtle.importKey(format, data, 'Ed25519', true, ['verify']);
        const verified = await subtle.verify('Ed25519', publicKey, fromHex(signature), fromHex(message));
        equal(verified, true);
      }
    }
  },
};

export const anyChangeIsNoticed = {
  async test() {
    const key = await subtle.importKey('raw', fromHex(kCases[1].open), 'Ed25519', true, ['verify']);
    const signature = fromHex(kCases[1].signature);
    equal(await subtle.verify('Ed25519', key, signature, fromHex('73')), false);
    for (const at of [0, 31, 32, 63]) {
      const changed = signature.slice();
      changed[at] ^= 1;
      equal(await subtle.verify('Ed25519', key, changed, fromHex('72')), false);
    }
    equal(await subtle.verify('Ed25519', key, new Uint8Array(64), fromHex('72')), false);
  },
};

export const pairsAreGenerated = {
  async test() {
    const pair = await subtle.generateKey('ed25519', false, ['sign', 'verify']);
    same(pair.publicKey.algorithm, { name: 'Ed25519' });
    same(pair.publicKey.usages, ['verify']);
    same(pair.privateKey.usages, ['sign']);
    equal(pair.privateKey.extractable, false);
    const data = new Uint8Array(1000);
    const signature = await subtle.sign('Ed25519', pair.privateKey, data);
    equal(await subtle.verify({ name: 'ED25519' }, pair.publicKey, signature, data), true);
    for (const usages of [[], ['verify']]) {
      await rejects(subtle.generateKey('Ed25519', false, usages), { name: 'SyntaxError' });
    }
  },
};

export const keysSurviveEveryFormat = {
  async test() {
    const { secret, open } = kCases[0];
    const privateKey = await subtle.importKey(
      'pkcs8', fromHex(kPkcs8Prefix + secret), 'Ed25519', true, ['sign'],
    );
    const publicKey = await subtle.importKey('raw', fromHex(open), 'Ed25519', true, ['verify']);
    equal(toHex(await subtle.exportKey('pkcs8', privateKey)), kPkcs8Prefix + secret);
    equal(toHex(await subtle.exportKey('spki', publicKey)), kSpkiPrefix + open);
    equal(toHex(await subtle.exportKey('raw', publicKey)), open);
    // RFC 8037, appendix A.1
    const jwk = {
      kty: 'OKP',
      key_ops: ['sign'],
      alg: 'EdDSA',
      ext: true,
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    };
    same(await subtle.exportKey('jwk', privateKey), jwk);
    const again = await subtle.importKey('jwk', jwk, 'Ed25519', true, ['sign']);
    equal(toHex(await subtle.exportKey('pkcs8', again)), kPkcs8Prefix + secret);
    const { d, key_ops, ...open_ } = jwk;
    equal((await subtle.importKey('jwk', open_, 'Ed25519', true, ['verify'])).type, 'public');
  },
};

export const wrongKeysAreRefused = {
  async test() {
    await rejects(subtle.importKey('raw', new Uint8Array(16), 'Ed25519', true, ['verify']), {
      name: 'DataError',
      message: 'Ed25519 raw keys must be exactly 32-bytes (provided 16).',
    });
    await rejects(subtle.importKey('raw', new Uint8Array(32), 'Ed25519', true, ['sign']), {
      name: 'SyntaxError',
      message: 'Attempt to import public Ed25519 key with invalid usage "sign".',
    });
    const jwk = {
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    };
    for (const [change, message] of [
      [
        { kty: 'EC' },
        'Ed25519 "jwk" key imports requires a JSON Web Key with Key Type parameter "kty" ("EC") ' +
          'equal to "OKP".',
      ],
      [{ crv: undefined }, 'Missing field "crv" for Ed25519 key.'],
      [{ x: undefined }, /missing or invalid public key component \("x"\)\.$/],
      [{ x: 'AAAA' }, 'Invalid length 3 for public key'],
      [{ d: 'AAAA' }, 'Invalid length 3 for private key'],
      [{ d: '!' }, /missing or invalid private key component \("d"\)\.$/],
      [
        { alg: 'ES256' },
        'JSON Web Key Algorithm parameter "alg" ("ES256") does not match requested Ed25519 curve.',
      ],
      [{ use: 'enc' }, /equal to "sig"\.$/],
      [{ key_ops: ['verify'] }, /^All specified key usages must be present/],
      [{ ext: false }, 'JWK ext field for "Ed25519" is set to false but extractable is true'],
    ]) {
      await rejects(subtle.importKey('jwk', { ...jwk, ...change }, 'Ed25519', true, ['sign']), {
        name: 'DataError',
        message,
      });
    }
  },
};

export const exportFormatsMustFitTheTypeOfKey = {
  async test() {
    const pair = await subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    for (const [format, key] of [
      ['raw', pair.privateKey],
      ['spki', pair.privateKey],
      ['pkcs8', pair.publicKey],
      ['foo', pair.publicKey],
    ]) {
      await rejects(subtle.exportKey(format, key), { name: 'InvalidAccessError' });
    }
  },
};

export const itGoesByAnotherNameToo = {
  async test() {
    const algorithm = { name: 'NODE-ED25519', namedCurve: 'NODE-ED25519' };
    const pair = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
    same(pair.publicKey.algorithm, algorithm);
    const signature = await subtle.sign('NODE-ED25519', pair.privateKey, new Uint8Array(3));
    equal(await subtle.verify('NODE-ED25519', pair.publicKey, signature, new Uint8Array(3)), true);
    const raw = await subtle.exportKey('raw', pair.publicKey);
    const other = await subtle.importKey('raw', raw, 'Ed25519', true, ['verify']);
    equal(await subtle.verify('Ed25519', other, signature, new Uint8Array(3)), true);
    await rejects(subtle.sign('Ed25519', pair.privateKey, new Uint8Array(3)), {
      name: 'InvalidAccessError',
    });
    await rejects(subtle.generateKey({ name: 'NODE-ED25519', namedCurve: 'P-256' }, true, ['sign']), {
      name: 'NotSupportedError',
      message: 'EDDSA curve "P-256" isn\'t supported.',
    });
    await rejects(subtle.generateKey('NODE-ED25519', true, ['sign']), {
      name: 'TypeError',
      message: 'Missing field "namedCurve" in "algorithm".',
    });
  },
};
