// A shared library put together from pieces: its segments, and names for debuggers and profilers.
import { PT } from './elf.mjs';
import { kSymbolBytes, StringTable } from './elf_tables.mjs';

export const kPageBytes = 4096;
export const [kRead, kWrite, kExecute] = [4, 2, 1];

const kHeaderBytes = 64;
const kSegmentBytes = 56;
const kSectionBytes = 64;
const [kProgramData, kSymbolTable, kStringTable] = [1, 2, 3];
const [kAllocated, kExecutable, kWritable] = [2, 4, 1];

export const roundUp = (value, step) => Math.ceil(value / step) * step;

export class Image {
  parts = []; // Bytes, and where in the file they go.
  segments = [];

  /** @param {number} segmentsMax room to leave for their headers */
  constructor(segmentsMax) {
    this.headerBytes = kHeaderBytes + segmentsMax * kSegmentBytes;
    this.end = this.headerBytes; // In the file.
    this.address = this.headerBytes; // After the last segment in memory.
  }

  /** Appends a loaded segment; the file's offset and the address agree modulo a page. */
  addSegment(
    flags,
    bytes,
    memoryBytes = bytes.length,
    address = roundUp(this.address, kPageBytes),
  ) {
    const offset = roundUp(this.end, kPageBytes) + (address % kPageBytes);
    const place = { offset, address, fileBytes: bytes.length, memoryBytes };
    this.parts.push({ offset, bytes });
    this.segments.push({ type: PT.LOAD, flags, ...place, align: kPageBytes });
    this.end = offset + bytes.length;
    this.address = address + memoryBytes;
    return { offset, address };
  }

  /**
   * Appends a table that is not loaded: what there is at which address.
   * @param {{name: string, type: number, binding: number, address: number, size: number}[]} symbols
   */
  addNames(symbols) {
    const loads = this.segments.filter(({ type }) => type === PT.LOAD);
    const names = new StringTable();
    const strings = new StringTable();
    const table = Buffer.alloc((symbols.length + 1) * kSymbolBytes);
    symbols.forEach(({ name, type, binding, address, size }, i) => {
      const at = (i + 1) * kSymbolBytes;
      const section = loads.findIndex(
        (load) => address >= load.address && address < load.address + load.memoryBytes,
      );
      table.writeUInt32LE(strings.add(name), at);
      table[at + 4] = (binding << 4) | type;
      table.writeUInt16LE(section + 1, at + 6);
      table.writeBigUInt64LE(BigInt(address), at + 8);
      table.writeBigUInt64LE(BigInt(size), at + 16);
    });
    const append = (bytes) => {
      const offset = roundUp(this.end, 8);
      this.parts.push({ offset, bytes });
      this.end = offset + bytes.length;
      return { offset, size: bytes.length };
    };
    const kLinkToStrings = loads.length + 2;
    const rows = loads.map(({ flags, offset, address, fileBytes }) => ({
      name: names.add(flags & kExecute ? '.text' : flags & kWrite ? '.data' : '.rodata'),
      type: kProgramData,
      flags: kAllocated | (flags & kExecute ? kExecutable : 0) | (flags & kWrite ? kWritable : 0),
      address,
      offset,
      size: fileBytes,
    }));
    const symbolRow = { name: names.add('.symtab'), type: kSymbolTable, ...append(table) };
    rows.push({ ...symbolRow, link: kLinkToStrings, info: 1, entry: kSymbolBytes });
    rows.push({ name: names.add('.strtab'), type: kStringTable, ...append(strings.toBuffer()) });
    const last = { name: names.add('.shstrtab'), type: kStringTable };
    rows.push({ ...last, ...append(names.toBuffer()) });
    this.sections = { count: rows.length + 1, ...append(makeSectionTable(rows)) };
  }

  /** @param {Buffer} like an ELF file of the same kind, for the header's constant part */
  write(like) {
    if (kHeaderBytes + this.segments.length * kSegmentBytes > this.headerBytes) {
      throw new Error('more segments than there is room for');
    }
    const rank = ({ type }) => (type === PT.LOAD ? 0 : 1);
    this.segments.sort((a, b) => rank(a) - rank(b) || a.address - b.address);
    const file = Buffer.alloc(this.end);
    like.copy(file, 0, 0, kHeaderBytes);
    file.writeBigUInt64LE(0n, 24); // No entry.
    file.writeBigUInt64LE(BigInt(kHeaderBytes), 32);
    file.writeBigUInt64LE(BigInt(this.sections?.offset ?? 0), 40);
    file.writeUInt16LE(this.segments.length, 56);
    file.writeUInt16LE(this.sections?.count ?? 0, 60);
    file.writeUInt16LE(this.sections ? this.sections.count - 1 : 0, 62);
    this.segments.forEach((segment, i) => {
      const { type, flags, offset, address, fileBytes, memoryBytes, align } = segment;
      const at = kHeaderBytes + i * kSegmentBytes;
      file.writeUInt32LE(type, at);
      file.writeUInt32LE(flags, at + 4);
      [offset, address, address, fileBytes, memoryBytes, align].forEach((word, j) =>
        file.writeBigUInt64LE(BigInt(word), at + 8 + j * 8),
      );
    });
    for (const { offset, bytes } of this.parts) bytes.copy(file, offset);
    return file;
  }
}

function makeSectionTable(rows) {
  const table = Buffer.alloc((rows.length + 1) * kSectionBytes);
  rows.forEach((row, i) => {
    const { name, type, flags = 0, address = 0, offset, size, link = 0, info = 0, entry = 0 } = row;
    const at = (i + 1) * kSectionBytes;
    table.writeUInt32LE(name, at);
    table.writeUInt32LE(type, at + 4);
    [flags, address, offset, size].forEach((word, j) =>
      table.writeBigUInt64LE(BigInt(word), at + 8 + j * 8),
    );
    table.writeUInt32LE(link, at + 40);
    table.writeUInt32LE(info, at + 44);
    table.writeBigUInt64LE(8n, at + 48);
    table.writeBigUInt64LE(BigInt(entry), at + 56);
  });
  return table;
}
