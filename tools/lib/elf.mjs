// Reads an x86-64 ELF file's dynamic structures, in place: what is written through the views goes
// into `bytes`, which the caller saves.

// prettier-ignore
export const PT = {
  NULL: 0, LOAD: 1, DYNAMIC: 2, INTERP: 3, TLS: 7, EH_FRAME: 0x6474e550, STACK: 0x6474e551, RELRO: 0x6474e552,
};
// prettier-ignore
export const DT = {
  NULL: 0, NEEDED: 1, PLTRELSZ: 2, STRTAB: 5, SYMTAB: 6, RELA: 7, RELASZ: 8, RELAENT: 9, STRSZ: 10,
  SYMENT: 11, INIT: 12, FINI: 13, SONAME: 14, RPATH: 15, JMPREL: 23, INIT_ARRAY: 25, FINI_ARRAY: 26,
  INIT_ARRAYSZ: 27, FINI_ARRAYSZ: 28, RUNPATH: 29, FLAGS: 30, RELRSZ: 35, RELR: 36, RELRENT: 37,
  GNU_HASH: 0x6ffffef5, VERSYM: 0x6ffffff0, RELACOUNT: 0x6ffffff9, FLAGS_1: 0x6ffffffb,
  VERDEF: 0x6ffffffc, VERDEFNUM: 0x6ffffffd, VERNEED: 0x6ffffffe, VERNEEDNUM: 0x6fffffff,
};
// prettier-ignore
export const R = {
  NONE: 0, ABS64: 1, COPY: 5, GLOB_DAT: 6, JUMP_SLOT: 7, RELATIVE: 8, DTPMOD64: 16, DTPOFF64: 17,
  TPOFF64: 18, IRELATIVE: 37,
};
// prettier-ignore
export const STT = { OBJECT: 1, FUNC: 2, TLS: 6, IFUNC: 10 };
// prettier-ignore
export const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2, UNIQUE: 10 };

const kHeaderBytes = 64;
const kSegmentBytes = 56;
const kSectionBytes = 64;
const kSymbolBytes = 24;
export const kRelocationBytes = 24;
const kSymbolTable = 2;
const kVersionHidden = 0x8000;

export class Elf {
  /** @param {Buffer} bytes the whole file */
  constructor(bytes) {
    if (bytes.length < kHeaderBytes || bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2) {
      throw new Error('not a 64-bit ELF file');
    }
    this.bytes = bytes;
    this.segments = [];
    const count = bytes.readUInt16LE(56);
    for (let i = 0; i < count; ++i) {
      const at = this.word(32) + i * kSegmentBytes;
      this.segments.push({
        at,
        type: bytes.readUInt32LE(at),
        flags: bytes.readUInt32LE(at + 4),
        offset: this.word(at + 8),
        address: this.word(at + 16),
        fileBytes: this.word(at + 32),
        memoryBytes: this.word(at + 40),
        align: this.word(at + 48),
      });
    }
    this.dynamic = this.#readDynamic();
  }

  word(at) {
    return Number(this.bytes.readBigUInt64LE(at));
  }

  setWord(at, value) {
    this.bytes.writeBigUInt64LE(BigInt(value), at);
  }

  string(at) {
    return this.bytes.toString('latin1', at, this.bytes.indexOf(0, at));
  }

  /** Place in the file of a virtual address. */
  offsetOf(address) {
    for (const { type, offset, address: start, fileBytes } of this.segments) {
      if (type === PT.LOAD && address >= start && address < start + fileBytes) {
        return address - start + offset;
      }
    }
    throw new Error(`address 0x${address.toString(16)} is not in the file`);
  }

  #readDynamic() {
    const rows = [];
    const segment = this.segments.find(({ type }) => type === PT.DYNAMIC);
    if (!segment) return rows;
    for (let at = segment.offset; ; at += 16) {
      const tag = this.word(at);
      if (tag === DT.NULL) return rows;
      rows.push({ at, tag, value: this.word(at + 8) });
    }
  }

  dynamicValue(tag) {
    return this.dynamic.find((row) => row.tag === tag)?.value;
  }

  dynamicStrings(tag) {
    const table = this.offsetOf(this.dynamicValue(DT.STRTAB));
    return this.dynamic
      .filter((row) => row.tag === tag)
      .map((row) => this.string(table + row.value));
  }

  readSections() {
    const begin = this.word(40);
    return Array.from({ length: this.bytes.readUInt16LE(60) }, (_, i) => {
      const at = begin + i * kSectionBytes;
      return {
        type: this.bytes.readUInt32LE(at + 4),
        offset: this.word(at + 24),
        size: this.word(at + 32),
        link: this.bytes.readUInt32LE(at + 40),
      };
    });
  }

  /** The address of a symbol that need not be a dynamic one; undefined in a stripped file. */
  findSymbolAddress(name) {
    const sections = this.readSections();
    for (const { type, offset, size, link } of sections) {
      if (type !== kSymbolTable) continue;
      const strings = sections[link].offset;
      for (let symbol = offset; symbol < offset + size; symbol += kSymbolBytes) {
        if (this.string(strings + this.bytes.readUInt32LE(symbol)) === name)
          return this.word(symbol + 8);
      }
    }
    return undefined;
  }

  /** The dynamic symbols; `version` is a version's name, or '' for none, and `versionFile` the
   *  library a reference expects it from. */
  readSymbols() {
    const strings = this.offsetOf(this.dynamicValue(DT.STRTAB));
    const table = this.offsetOf(this.dynamicValue(DT.SYMTAB));
    const count = this.#countSymbols();
    const versym = this.dynamicValue(DT.VERSYM);
    const { names: versions, files } = this.#readVersions();
    const symbols = [];
    for (let i = 0; i < count; ++i) {
      const at = table + i * kSymbolBytes;
      const index = versym ? this.bytes.readUInt16LE(this.offsetOf(versym) + i * 2) : 1;
      symbols.push({
        at,
        name: this.string(strings + this.bytes.readUInt32LE(at)),
        type: this.bytes[at + 4] & 15,
        binding: this.bytes[at + 4] >> 4,
        visibility: this.bytes[at + 5] & 3,
        section: this.bytes.readUInt16LE(at + 6),
        address: this.word(at + 8),
        size: this.word(at + 16),
        version: versions.get(index & ~kVersionHidden) ?? '',
        versionFile: files.get(index & ~kVersionHidden),
        versionIndex: index & ~kVersionHidden,
        hidden: (index & kVersionHidden) !== 0,
      });
    }
    return symbols;
  }

  // The dynamic symbol table has no length of its own: the last chain of the hash table ends it, and
  // symbols that are only referred to stand before the hashed ones.
  #countSymbols() {
    const hash = this.offsetOf(this.dynamicValue(DT.GNU_HASH));
    const [buckets, first, bloomWords] = [0, 4, 8].map((o) => this.bytes.readUInt32LE(hash + o));
    const bucketsAt = hash + 16 + bloomWords * 8;
    const chainsAt = bucketsAt + buckets * 4;
    let last = first - 1;
    for (let i = 0; i < buckets; ++i) {
      last = Math.max(last, this.bytes.readUInt32LE(bucketsAt + i * 4));
    }
    if (last >= first) {
      while ((this.bytes.readUInt32LE(chainsAt + (last - first) * 4) & 1) === 0) ++last;
    }
    let count = last + 1;
    for (const { symbol } of this.readRelocations()) count = Math.max(count, symbol + 1);
    return count;
  }

  #readVersions() {
    const names = new Map();
    const files = new Map();
    const strings = this.offsetOf(this.dynamicValue(DT.STRTAB));
    const defined = this.dynamicValue(DT.VERDEF);
    if (defined) {
      let at = this.offsetOf(defined);
      for (let i = this.dynamicValue(DT.VERDEFNUM); i > 0; --i) {
        const name = at + this.bytes.readUInt32LE(at + 12);
        const isBase = (this.bytes.readUInt16LE(at + 2) & 1) !== 0;
        if (!isBase) {
          names.set(
            this.bytes.readUInt16LE(at + 4),
            this.string(strings + this.bytes.readUInt32LE(name)),
          );
        }
        at += this.bytes.readUInt32LE(at + 16);
      }
    }
    const needed = this.dynamicValue(DT.VERNEED);
    if (needed) {
      let file = this.offsetOf(needed);
      for (let i = this.dynamicValue(DT.VERNEEDNUM); i > 0; --i) {
        let at = file + this.bytes.readUInt32LE(file + 8);
        for (let j = this.bytes.readUInt16LE(file + 2); j > 0; --j) {
          const index = this.bytes.readUInt16LE(at + 6);
          names.set(index, this.string(strings + this.bytes.readUInt32LE(at + 8)));
          files.set(index, this.string(strings + this.bytes.readUInt32LE(file + 4)));
          at += this.bytes.readUInt32LE(at + 12);
        }
        file += this.bytes.readUInt32LE(file + 12);
      }
    }
    return { names, files };
  }

  /** All relocations with an addend, those of the PLT last. */
  readRelocations() {
    const rows = [];
    const tables = [
      [DT.RELA, DT.RELASZ],
      [DT.JMPREL, DT.PLTRELSZ],
    ];
    for (const [start, size] of tables) {
      if (!this.dynamicValue(size)) continue;
      const begin = this.offsetOf(this.dynamicValue(start));
      for (let at = begin; at < begin + this.dynamicValue(size); at += kRelocationBytes) {
        rows.push({
          at,
          where: this.word(at),
          type: this.bytes.readUInt32LE(at + 8),
          symbol: this.bytes.readUInt32LE(at + 12),
          addend: Number(this.bytes.readBigInt64LE(at + 16)),
          isPlt: start === DT.JMPREL,
        });
      }
    }
    return rows;
  }
}
