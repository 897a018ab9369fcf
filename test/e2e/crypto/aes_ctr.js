// NIST SP 800-38A has the vectors.
import { equal, fromHex, rejects, toHex } from '../assert.js';

const { subtle } = crypto;
const kCounter = fromHex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
const kPlain = fromHex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51');
const kKey = '2b7e151628aed2a6abf7158809cf4f3c';
const imported = (hex) => subtle.importKey('raw', fromHex(hex), 'AES-CTR', false, ['encrypt', 'decrypt']);
const ctr = (counter, length) => ({ name: 'AES-CTR', counter, length });

export const blocksAreThoseOfTheStandard = {
  async test() {
    for (const [hex, expected] of [
      [kKey, '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff'],
      [
        '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
        '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5',
      ],
    ]) {
      const key = await imported(hex);
      for (const length of [64, 128, 9]) {
        const encrypted = await subtle.encrypt(ctr(kCounter, length), key, kPlain);
        // With 9 bits the counter does not carry beyond what it carries with 128.
        equal(toHex(encrypted), expected, `${length} bits`);
        equal(toHex(await subtle.decrypt(ctr(kCounter, length), key, encrypted)), toHex(kPlain));
      }
    }
  },
};

// What the counter's bits wrap to is encrypted as the block with that counter would be.
export const theCounterWrapsWithinItsBits = {
  async test() {
    const key = await imported(kKey);
    for (const [length, start, next] of [
      [8, 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfe00'],
      [4, 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff', 'f0f1f2f3f4f5f6f7f8f9fafbfcfdfef0'],
      [1, '000000000000000000000000000000ff', '000000000000000000000000000000fe'],
      [12, '000000000000000000000000000abfff', '000000000000000000000000000ab000'],
      [64, '0001020304050607ffffffffffffffff', '00010203040506070000000000000000'],
      [100, '000000afffffffffffffffffffffffff', '000000a0000000000000000000000000'],
      [128, 'ffffffffffffffffffffffffffffffff', '00000000000000000000000000000000'],
    ]) {
      const both = await subtle.encrypt(ctr(fromHex(start), length), key, new Uint8Array(32));
      const first = await subtle.encrypt(ctr(fromHex(start), 128), key, new Uint8Array(16));
      const second = await subtle.encrypt(ctr(fromHex(next), 128), key, new Uint8Array(16));
      equal(toHex(both), toHex(first) + toHex(second), `${length} bits`);
    }
  },
};

export const aCounterMustNotRepeat = {
  async test() {
    const key = await imported(kKey);
    for (const [length, bytes] of [[1, 32], [2, 64], [3, 128]]) {
      const counter = new Uint8Array(16);
      equal((await subtle.encrypt(ctr(counter, length), key, new Uint8Array(bytes))).byteLength, bytes);
      for (const operation of ['encrypt', 'decrypt']) {
        await rejects(subtle[operation](ctr(counter, length), key, new Uint8Array(bytes + 1)), {
          name: 'OperationError',
          message: 'Counter block values will repeat.',
        });
      }
    }
  },
};

export const parametersAreChecked = {
  async test() {
    const key = await imported(kKey);
    const counter = new Uint8Array(16);
    for (const [algorithm, name, message] of [
      [ctr(new Uint8Array(15), 64), 'OperationError', 'Counter must have length of 16 bytes (provided 15).'],
      [ctr(counter, 0), 'OperationError', 'Invalid counter of 0 bits length provided.'],
      [ctr(counter, 129), 'OperationError', 'Invalid counter of 129 bits length provided.'],
      [{ name: 'AES-CTR', length: 64 }, 'TypeError', 'Missing "counter" member in "algorithm".'],
      [{ name: 'AES-CTR', counter }, 'TypeError', 'Missing "length" member in "algorithm".'],
    ]) {
      await rejects(subtle.encrypt(algorithm, key, kPlain), { name, message });
    }
  },
};
