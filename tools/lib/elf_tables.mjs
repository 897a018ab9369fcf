// Tables of a shared library, made anew: symbols with their hash, versions, relocations, and the
// index of unwinding entries.
import { DT, PT } from './elf.mjs';

export const kSymbolBytes = 24;
const kHashShift = 26;

/** Strings, each once; index 0 is the empty one. */
export class StringTable {
  #offsets = new Map([['', 0]]);
  #parts = ['\0'];
  #bytes = 1;

  add(text) {
    let offset = this.#offsets.get(text);
    if (offset === undefined) {
      offset = this.#bytes;
      this.#offsets.set(text, offset);
      this.#parts.push(`${text}\0`);
      this.#bytes += text.length + 1;
    }
    return offset;
  }

  toBuffer() {
    return Buffer.from(this.#parts.join(''), 'latin1');
  }
}

function gnuHash(name) {
  let hash = 5381;
  for (let i = 0; i < name.length; ++i) hash = (Math.imul(hash, 33) + name.charCodeAt(i)) >>> 0;
  return hash;
}

/** What names other objects' version definitions go by, as in .gnu.version_r. */
export function sysvHash(name) {
  let hash = 0;
  for (let i = 0; i < name.length; ++i) {
    hash = (hash * 16 + name.charCodeAt(i)) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}

/**
 * Orders symbols as .gnu.hash wants them and makes that section.
 * @param {{name: string, defined: boolean}[]} symbols without the null symbol
 * @returns {{order: object[], section: Buffer}}
 */
export function makeGnuHash(symbols) {
  const undefinedOnes = symbols.filter(({ defined }) => !defined);
  const buckets = Math.max(1, (symbols.length - undefinedOnes.length) >> 1);
  const definedOnes = symbols
    .filter(({ defined }) => defined)
    .map((symbol) => ({ symbol, hash: gnuHash(symbol.name) }))
    .sort((a, b) => (a.hash % buckets) - (b.hash % buckets));
  const words = 1 << Math.max(0, Math.ceil(Math.log2(Math.max(1, definedOnes.length / 4))));
  const section = Buffer.alloc(16 + words * 8 + buckets * 4 + definedOnes.length * 4);
  const first = undefinedOnes.length + 1;
  [buckets, first, words, kHashShift].forEach((value, i) => section.writeUInt32LE(value, i * 4));
  const bloom = new BigUint64Array(words);
  definedOnes.forEach(({ hash }, i) => {
    bloom[(hash >>> 6) & (words - 1)] |=
      (1n << BigInt(hash & 63)) | (1n << BigInt((hash >>> kHashShift) & 63));
    const bucketAt = 16 + words * 8 + (hash % buckets) * 4;
    if (section.readUInt32LE(bucketAt) === 0) section.writeUInt32LE(first + i, bucketAt);
    const next = definedOnes[i + 1];
    const isLast = !next || next.hash % buckets !== hash % buckets;
    section.writeUInt32LE(
      ((hash & ~1) | (isLast ? 1 : 0)) >>> 0,
      16 + words * 8 + buckets * 4 + i * 4,
    );
  });
  bloom.forEach((word, i) => section.writeBigUInt64LE(word, 16 + i * 8));
  return { order: [...undefinedOnes, ...definedOnes.map(({ symbol }) => symbol)], section };
}

/**
 * Makes .gnu.version_r.
 * @param {Map<string, Set<string>>} needed versions by file
 * @returns {{section: Buffer, count: number, indexes: Map<string, number>}} index by version's name
 */
export function makeVersionNeeds(needed, strings) {
  const indexes = new Map();
  const records = [];
  let next = 2;
  [...needed].forEach(([file, versions], i, files) => {
    const head = Buffer.alloc(16);
    head.writeUInt16LE(1, 0);
    head.writeUInt16LE(versions.size, 2);
    head.writeUInt32LE(strings.add(file), 4);
    head.writeUInt32LE(16, 8);
    head.writeUInt32LE(i + 1 < files.length ? 16 + versions.size * 16 : 0, 12);
    records.push(head);
    [...versions].forEach((version, j) => {
      const row = Buffer.alloc(16);
      row.writeUInt32LE(sysvHash(version), 0);
      row.writeUInt16LE(next, 6);
      row.writeUInt32LE(strings.add(version), 8);
      row.writeUInt32LE(j + 1 < versions.size ? 16 : 0, 12);
      records.push(row);
      indexes.set(`${file} ${version}`, next++);
    });
  });
  return { section: Buffer.concat(records), count: needed.size, indexes };
}

/** Packs the places of relative relocations, ascending and even, as DT_RELR has them. */
export function makeRelr(places) {
  const words = [];
  let i = 0;
  while (i < places.length) {
    words.push(BigInt(places[i]));
    let base = places[i] + 8;
    ++i;
    while (true) {
      let bitmap = 0n;
      for (; i < places.length; ++i) {
        const distance = places[i] - base;
        if (distance >= 63 * 8 || distance % 8 !== 0) break;
        bitmap |= 1n << BigInt(distance / 8);
      }
      if (bitmap === 0n) break;
      words.push((bitmap << 1n) | 1n);
      base += 63 * 8;
    }
  }
  const section = Buffer.alloc(words.length * 8);
  words.forEach((word, j) => section.writeBigUInt64LE(word, j * 8));
  return section;
}

/** The rows of a library's .eh_frame_hdr: where code begins and where its unwinding entry is. */
export function readUnwindIndex(elf) {
  const segment = elf.segments.find(({ type }) => type === PT.EH_FRAME);
  if (!segment) return [];
  const { bytes } = elf;
  const [version, pointerEncoding, countEncoding, tableEncoding] = bytes.subarray(
    segment.offset,
    segment.offset + 4,
  );
  // As every linker writes it: version 1, 4-byte values, a table relative to the section.
  if (
    version !== 1 ||
    (pointerEncoding & 15) !== 11 ||
    countEncoding !== 3 ||
    tableEncoding !== 0x3b
  ) {
    throw new Error('an .eh_frame_hdr of an unknown form');
  }
  const count = bytes.readUInt32LE(segment.offset + 8);
  return Array.from({ length: count }, (_, i) => ({
    code: segment.address + bytes.readInt32LE(segment.offset + 12 + i * 8),
    entry: segment.address + bytes.readInt32LE(segment.offset + 16 + i * 8),
  }));
}

/** @param rows as readUnwindIndex gives them @param {number} address of the section to be */
export function makeUnwindIndex(rows, address, ehFrame) {
  rows.sort((a, b) => a.code - b.code);
  const section = Buffer.alloc(12 + rows.length * 8);
  section.set([1, 0x1b, 3, 0x3b]);
  section.writeInt32LE(ehFrame - (address + 4), 4);
  section.writeUInt32LE(rows.length, 8);
  rows.forEach(({ code, entry }, i) => {
    section.writeInt32LE(code - address, 12 + i * 8);
    section.writeInt32LE(entry - address, 16 + i * 8);
  });
  return section;
}

/** @param {[number, number][]} rows tag and value */
export function makeDynamic(rows) {
  const section = Buffer.alloc((rows.length + 1) * 16);
  [...rows, [DT.NULL, 0]].forEach(([tag, value], i) => {
    section.writeBigUInt64LE(BigInt(tag), i * 16);
    section.writeBigUInt64LE(BigInt(value), i * 16 + 8);
  });
  return section;
}
