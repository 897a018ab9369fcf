import { equal, ok, toHex } from '../assert.js';

const { subtle } = crypto;
const digest = await subtle.digest('SHA-1', new TextEncoder().encode('abc'));
const key = await subtle.importKey('raw', new Uint8Array(16), { name: 'HMAC', hash: 'SHA-1' }, false, [
  'sign',
]);
const signature = await subtle.sign('HMAC', key, new Uint8Array(1));
const pair = await subtle.generateKey('Ed25519', false, ['sign']);
let generating;
try {
  await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
} catch (error) {
  generating = error;
}

export const digestsAndKeysAreForTheTopLevel = {
  test() {
    equal(toHex(digest), 'a9993e364706816aba3e25717850c26c9cd0d89d');
    equal(signature.byteLength, 20);
    equal(pair.privateKey.type, 'private');
  },
};

export const newSecretsAreNot = {
  test() {
    ok(generating.message.startsWith('Disallowed operation called within global scope.'));
  },
};
