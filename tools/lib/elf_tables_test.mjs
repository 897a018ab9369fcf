import assert from 'node:assert/strict';
import test from 'node:test';

import { makeGnuHash, makeRelr, makeVersionNeeds, StringTable, sysvHash } from './elf_tables.mjs';

/** Reads a RELR table back, as the ELF specification says. */
function readRelr(section) {
  const places = [];
  let next = 0;
  for (let at = 0; at < section.length; at += 8) {
    const word = section.readBigUInt64LE(at);
    if ((word & 1n) === 0n) {
      places.push(Number(word));
      next = Number(word) + 8;
    } else {
      for (let i = 0n; i < 63n; ++i) {
        if ((word >> (i + 1n)) & 1n) places.push(next + Number(i) * 8);
      }
      next += 63 * 8;
    }
  }
  return places;
}

const relrRows = [
  ['no place', []],
  ['one place', [0x1000]],
  ['a dense run longer than a bitmap', Array.from({ length: 200 }, (_, i) => 0x1000 + i * 8)],
  ['sparse places', [0x1000, 0x5000, 0x5010, 0x9000]],
  ['places that are not multiples of each other', [0x1000, 0x1008, 0x100c, 0x1014, 0x2002]],
];
for (const [name, places] of relrRows) {
  test(`RELR gives back ${name}`, () => assert.deepEqual(readRelr(makeRelr(places)), places));
}

test('RELR takes a bit for a dense place', () => {
  const places = Array.from({ length: 64 }, (_, i) => 0x1000 + i * 8);
  assert.equal(makeRelr(places).length, 2 * 8);
});

/** Looks a name up in a .gnu.hash section, as the loader does. */
function findInHash(section, order, name) {
  let hash = 5381;
  for (const char of name) hash = (hash * 33 + char.charCodeAt(0)) % 2 ** 32;
  const [buckets, first, words, shift] = [0, 4, 8, 12].map((at) => section.readUInt32LE(at));
  const word = section.readBigUInt64LE(16 + (Math.floor(hash / 64) % words) * 8);
  const bits = [hash % 64, Math.floor(hash / 2 ** shift) % 64];
  if (!bits.every((bit) => (word >> BigInt(bit)) & 1n)) return undefined;
  let index = section.readUInt32LE(16 + words * 8 + (hash % buckets) * 4);
  if (index === 0) return undefined;
  for (; ; ++index) {
    const chain = section.readUInt32LE(16 + words * 8 + buckets * 4 + (index - first) * 4);
    if (Math.floor(chain / 2) === Math.floor(hash / 2) && order[index - 1].name === name)
      return order[index - 1];
    if (chain % 2 === 1) return undefined;
  }
}

test('the hash finds each defined symbol and no other', () => {
  const defined = Array.from({ length: 500 }, (_, i) => ({
    name: `_ZN4name${i * 7919}Ev`,
    defined: true,
  }));
  const missing = Array.from({ length: 20 }, (_, i) => ({ name: `missing${i}`, defined: false }));
  const { order, section } = makeGnuHash([...defined, ...missing]);
  assert.equal(order.length, 520);
  for (const symbol of defined) assert.equal(findInHash(section, order, symbol.name), symbol);
  for (const { name } of missing) assert.equal(findInHash(section, order, name), undefined);
});

test('an empty hash finds nothing', () => {
  const { order, section } = makeGnuHash([]);
  assert.equal(findInHash(section, order, 'printf'), undefined);
});

test('version hashes are those of the C library', () => {
  assert.equal(sysvHash('GLIBC_2.2.5'), 0x09691a75);
});

test('version needs list each file once and number the versions', () => {
  const strings = new StringTable();
  const needed = new Map([
    ['libc.so.6', new Set(['GLIBC_2.2.5', 'GLIBC_2.34'])],
    ['libm.so.6', new Set(['GLIBC_2.2.5'])],
  ]);
  const { section, count, indexes } = makeVersionNeeds(needed, strings);
  assert.equal(count, 2);
  assert.equal(section.length, 2 * 16 + 3 * 16);
  assert.deepEqual([...indexes.values()], [2, 3, 4]);
  assert.equal(section.readUInt32LE(12), 48); // To the second file's record.
});

test('a string table keeps a string once', () => {
  const strings = new StringTable();
  assert.equal(strings.add(''), 0);
  assert.equal(strings.add('a'), 1);
  assert.equal(strings.add('bc'), 3);
  assert.equal(strings.add('a'), 1);
  assert.equal(strings.toBuffer().toString('latin1'), '\0a\0bc\0');
});
