import { equal, ok, same, throws } from '../assert.js';

const { subtle } = crypto;

export const attributesSayWhatTheKeyIs = {
  async test() {
    const key = await subtle.generateKey({ name: 'aes-gcm', length: 128 }, true, ['encrypt']);
    ok(key instanceof CryptoKey);
    equal(Object.prototype.toString.call(key), '[object CryptoKey]');
    equal(key.type, 'secret');
    equal(key.extractable, true);
    same(key.algorithm, { name: 'AES-GCM', length: 128 });
    same(key.usages, ['encrypt']);
  },
};

export const objectsAreTheSameEachTime = {
  async test() {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
    ok(key.algorithm === key.algorithm);
    ok(key.usages === key.usages);
  },
};

export const changingThemChangesNoKey = {
  async test() {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
    key.algorithm.name = 'AES-CBC';
    key.usages.push('decrypt');
    const iv = new Uint8Array(12);
    await subtle.encrypt({ name: 'AES-GCM', iv }, key, iv);
    let failed;
    try {
      await subtle.decrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(16));
    } catch (error) {
      failed = error;
    }
    equal(failed?.name, 'InvalidAccessError');
  },
};

export const usagesAreSortedAndDifferent = {
  async test() {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, [
      'unwrapKey',
      'encrypt',
      'wrapKey',
      'decrypt',
      'encrypt',
    ]);
    same(key.usages, ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']);
  },
};

export const attributesAreReadOnly = {
  async test() {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
    for (const name of ['type', 'extractable', 'algorithm', 'usages']) {
      throws(() => {
        'use strict';
        key[name] = 'x';
      }, { name: 'TypeError' });
    }
    equal(key.type, 'secret');
  },
};

export const keysAreNotCloned = {
  async test() {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
    throws(() => structuredClone(key), {
      name: 'DataCloneError',
      code: 25,
      message:
        'Could not serialize object of type "CryptoKey". This type does not support serialization.',
    });
  },
};
