// Merges the shared libraries a program needs into one, for the folder tools/dist makes. Their
// code and data keep their distances and are not changed; what is made anew are the tables the
// dynamic loader works with. Where one library's reference leads to another (or to itself), nothing
// is left to look up at start: the relocation becomes a plain "add the load address".
//
// The search for each symbol is the loader's own (scope.mjs), the program included, so
// interposition, copy relocations and symbols that must be unique come out as they would have. The
// C library, its loader and libgcc_s stay as they are: others load them by name.
//
// Measured: see docs/PERFORMANCE.md#start.
import { DT, PT, R, STB, STT } from './elf.mjs';
import { Image, kPageBytes, kRead, kWrite, roundUp } from './elf_image.mjs';
import {
  kSymbolBytes,
  makeDynamic,
  makeGnuHash,
  makeRelr,
  makeUnwindIndex,
  makeVersionNeeds,
  readUnwindIndex,
  StringTable,
} from './elf_tables.mjs';
import { Scope } from './scope.mjs';

/** Marks data that only relocations write; src/cli/loader/protect.cc closes it. */
const kProtected = 0x6f636170;
const kLeftAlone = /^(ld-linux-|libc\.|libm\.|libgcc_s\.|libpthread\.|libdl\.|librt\.)/;
const kRelocationBytes = 24;
const kFlagsNow = 8;
const kFlags1 = 1 | 8; // NOW, NODELETE
// The version by which the C library says it understands DT_RELR.
const kRelrVersion = 'GLIBC_ABI_DT_RELR';
// Sections that only the loader reads: hash, symbols, strings, versions, relocations, notes.
const kLoadersSections = new Set([
  3, 4, 7, 11, 0x6ffffff6, 0x6ffffffd, 0x6ffffffe, 0x6fffffff, 19, 0,
]);

const kOwnSegmentsMax = 6;
const kAbsolute = 0xfff1; // A symbol's section when its value is not an address.
const kNamed = new Set([0, STT.OBJECT, STT.FUNC, STT.IFUNC]);

/** The segments of a library that its own code can see. */
function visibleSegments({ elf }) {
  const loads = elf.segments.filter(({ type }) => type === PT.LOAD);
  const isTables = ({ flags, offset, fileBytes }) =>
    flags === kRead &&
    elf
      .readSections()
      .filter(
        (section) =>
          section.offset >= offset && section.offset < offset + fileBytes && section.size > 0,
      )
      .every(({ type }) => kLoadersSections.has(type));
  return elf.readSections().length > 0 && isTables(loads[0]) ? loads.slice(1) : loads;
}

/** The merged library's name. */
export const mergedLibrary = 'libocapd.so';

/** @param {string[]} needed libraries a program asks for @returns which of them are merged */
export function mergedNames(needed) {
  return needed.filter((name) => !kLeftAlone.test(name));
}

export class Merger {
  /** @param {Buffer} program @param {function(string): Buffer} readLibrary */
  constructor(program, readLibrary) {
    this.scope = new Scope(program, readLibrary);
    this.program = this.scope.members[0];
    this.libraries = this.scope.members.filter(({ name }) => name !== '' && !kLeftAlone.test(name));
    this.others = this.scope.members.filter(({ name }) => kLeftAlone.test(name));
    this.isMerged = new Set(this.libraries);
    this.relative = []; // Places that hold an address.
    this.relocations = []; // {where, type, addend, reference: symbol or undefined}
    this.imports = new Map(); // By name and version: what is looked up at start.
    this.bound = 0;
  }

  /** @returns {Buffer} the merged library */
  merge() {
    const order = this.scope.inInitializationOrder().filter((member) => this.isMerged.has(member));
    const segments = order.reduce((sum, member) => sum + visibleSegments(member).length + 1, 0);
    const image = new Image(segments + kOwnSegmentsMax);
    this.#placeLibraries(image, order);
    this.#placeThreadLocals(order);
    for (const member of order) this.#bindMember(member);
    const arrays = this.#initializers(order);
    this.#addOwnSegments(image, order, arrays);
    image.addNames(this.#names(order));
    return image.write(this.libraries[0].elf.bytes);
  }

  // Addresses first, so that tables can refer to them; the bytes are copied to be changed.
  #placeLibraries(image, order) {
    for (const member of order) {
      const loads = visibleSegments(member);
      const first = Math.floor(loads[0].address / kPageBytes) * kPageBytes;
      member.base = roundUp(image.address, kPageBytes) - first;
      member.pieces = loads.map(({ flags, offset, address, fileBytes, memoryBytes }) => {
        const bytes = Buffer.from(member.elf.bytes.subarray(offset, offset + fileBytes));
        image.addSegment(flags, bytes, memoryBytes, member.base + address);
        return { address: member.base + address, bytes };
      });
      this.#protect(image, member);
    }
  }

  // A file has one PT_GNU_RELRO; each library had its own. Whole pages, as the loader does it.
  #protect(image, { elf, base }) {
    const segment = elf.segments.find(({ type }) => type === PT.RELRO);
    if (!segment) return;
    const address = Math.floor((base + segment.address) / kPageBytes) * kPageBytes;
    const end =
      Math.floor((base + segment.address + segment.memoryBytes) / kPageBytes) * kPageBytes;
    if (end <= address) return;
    image.segments.push({
      type: kProtected,
      flags: kRead,
      offset: 0,
      address,
      fileBytes: 0,
      memoryBytes: end - address,
      align: 1,
    });
  }

  #placeThreadLocals(order) {
    this.threadLocalBytes = 0;
    this.threadLocals = [];
    for (const member of order) {
      const segment = member.elf.segments.find(({ type }) => type === PT.TLS);
      if (!segment) continue;
      member.threadLocalOffset = roundUp(this.threadLocalBytes, Math.max(segment.align, 16));
      this.threadLocalBytes = member.threadLocalOffset + segment.memoryBytes;
      this.threadLocals.push({ member, segment });
    }
  }

  #piece(member, address) {
    const piece = member.pieces.find(
      ({ address: start, bytes }) => address >= start && address + 8 <= start + bytes.length,
    );
    if (!piece) throw new Error(`${member.name}: a relocation outside its data`);
    return { bytes: piece.bytes, at: address - piece.address };
  }

  #setWord(member, address, value) {
    const { bytes, at } = this.#piece(member, address);
    bytes.writeBigInt64LE(BigInt(value), at);
  }

  #setRelative(member, address, value) {
    this.#setWord(member, address, value);
    if (address % 2 !== 0) throw new Error(`${member.name}: an odd place to relocate`);
    this.relative.push(address);
  }

  #bindMember(member) {
    const found = new Map();
    const resolve = (index) => {
      if (!found.has(index)) found.set(index, this.scope.resolve(member.symbols[index]));
      return found.get(index);
    };
    const rows = member.elf.readRelocations();
    for (const row of rows) {
      const where = member.base + row.where;
      const symbol = row.symbol === 0 ? undefined : member.symbols[row.symbol];
      const target = symbol && resolve(row.symbol);
      const inside = target && this.isMerged.has(target.member);
      switch (row.type) {
        case R.RELATIVE:
          this.#setRelative(member, where, member.base + row.addend);
          break;
        case R.ABS64:
        case R.GLOB_DAT:
        case R.JUMP_SLOT:
          this.#bindAddress(member, where, row, symbol, target, inside);
          break;
        case R.DTPMOD64:
          if (symbol && !inside)
            throw new Error(`${member.name}: ${symbol.name} is thread-local elsewhere`);
          this.relocations.push({ where, type: R.DTPMOD64, addend: 0 });
          // For a local variable the linker has filled in the offset that goes with it.
          if (!symbol) {
            const { bytes, at } = this.#piece(member, where + 8);
            bytes.writeBigInt64LE(bytes.readBigInt64LE(at) + BigInt(member.threadLocalOffset), at);
          }
          break;
        case R.DTPOFF64:
          if (!inside) throw new Error(`${member.name}: ${symbol?.name} is thread-local elsewhere`);
          this.#setWord(
            member,
            where,
            target.member.threadLocalOffset + target.symbol.address + row.addend,
          );
          break;
        default:
          throw new Error(`${member.name}: relocation of type ${row.type}`);
      }
    }
  }

  #bindAddress(member, where, row, symbol, target, inside) {
    const addend = row.type === R.ABS64 ? row.addend : 0;
    if (!target) {
      // Weak and nowhere: null, as the loader would have it.
      this.#setWord(member, where, addend);
    } else if (!inside) {
      const key = `${symbol.name}@${target.member === this.program ? '' : symbol.version}`;
      if (!this.imports.has(key))
        this.imports.set(key, { ...symbol, provider: target.member, defined: false });
      this.relocations.push({
        where,
        type: row.type === R.ABS64 ? R.ABS64 : R.GLOB_DAT,
        addend,
        reference: this.imports.get(key),
      });
    } else if (target.symbol.type === STT.IFUNC) {
      this.relocations.push({
        where,
        type: R.IRELATIVE,
        addend: target.member.base + target.symbol.address,
      });
    } else if (target.symbol.type === STT.TLS) {
      throw new Error(`${member.name}: the address of thread-local ${symbol.name}`);
    } else {
      ++this.bound;
      // An absolute symbol, such as a version's name, does not move.
      const value = target.symbol.address + addend;
      if (target.symbol.section === kAbsolute) this.#setWord(member, where, value);
      else this.#setRelative(member, where, target.member.base + value);
    }
  }

  // Each library's initializers after those of the libraries it needs; finalizers the other way.
  #initializers(order) {
    const readArray = (member, start, size) => {
      const bytes = member.elf.dynamicValue(size) ?? 0;
      return Array.from({ length: bytes / 8 }, (_, i) => {
        const { bytes: data, at } = this.#piece(
          member,
          member.base + member.elf.dynamicValue(start) + i * 8,
        );
        return Number(data.readBigInt64LE(at));
      });
    };
    const single = (member, tag) => {
      const address = member.elf.dynamicValue(tag);
      return address ? [member.base + address] : [];
    };
    const isCode = (address) => address !== 0 && address !== -1;
    return {
      start: order
        .flatMap((member) => [
          ...single(member, DT.INIT),
          ...readArray(member, DT.INIT_ARRAY, DT.INIT_ARRAYSZ),
        ])
        .filter(isCode),
      finish: order
        .flatMap((member) => [
          ...single(member, DT.FINI),
          ...readArray(member, DT.FINI_ARRAY, DT.FINI_ARRAYSZ),
        ])
        .filter(isCode),
    };
  }

  /** What the program and the libraries left alone find in the merged one. */
  #exports() {
    const exported = new Map();
    for (const member of [this.program, ...this.others]) {
      for (const symbol of member.symbols) {
        if (symbol.name === '' || symbol.binding === 0) continue;
        // What the program defines may be a copy of a library's; the original is looked up too.
        const target = this.scope.resolve(
          symbol,
          member === this.program && symbol.section !== 0 ? 1 : 0,
        );
        if (!target || !this.isMerged.has(target.member)) continue;
        const { member: owner, symbol: definition } = target;
        const base = definition.type === STT.TLS ? owner.threadLocalOffset : owner.base;
        exported.set(symbol.name, {
          ...definition,
          address: base + definition.address,
          defined: true,
        });
      }
    }
    return [...exported.values()];
  }

  #addOwnSegments(image, order, arrays) {
    const strings = new StringTable();
    const needed = this.others.map(({ name }) => name).filter((name) => this.#isNeeded(name));
    const { order: symbols, section: hash } = makeGnuHash([
      ...this.imports.values(),
      ...this.#exports(),
    ]);
    symbols.forEach((symbol, i) => (symbol.index = i + 1));
    const versions = this.#versions(strings);
    const tables = {
      symbols: this.#symbolTable(symbols, strings),
      hash,
      versym: versions.table(symbols),
      verneed: versions.section,
      rela: this.#relocationTable(),
    };

    // The writable part first: its places are relative relocations like any other.
    const writableAt = roundUp(image.address, kPageBytes);
    const pointers = [...arrays.start, ...arrays.finish];
    const dynamicAt = pointers.length * 8;
    const soname = strings.add(mergedLibrary);
    const neededNames = needed.map((name) => strings.add(name));
    pointers.forEach((_, i) => this.relative.push(writableAt + i * 8));
    this.relative.sort((a, b) => a - b);
    tables.relr = makeRelr(this.relative);
    tables.strings = strings.toBuffer();

    const kDynamicRowsMax = 40;
    const threadLocalAt = roundUp(dynamicAt + kDynamicRowsMax * 16, 64);
    const readOnlyAt = roundUp(writableAt + threadLocalAt + this.threadLocalBytes, kPageBytes);
    const { section: readOnly, addresses } = layOut(tables, readOnlyAt);
    const unwindAt = readOnlyAt + readOnly.length;
    const unwind = this.#unwindIndex(order, unwindAt);

    const dynamic = makeDynamic([
      ...neededNames.map((name) => [DT.NEEDED, name]),
      [DT.SONAME, soname],
      [DT.INIT_ARRAY, writableAt],
      [DT.INIT_ARRAYSZ, arrays.start.length * 8],
      [DT.FINI_ARRAY, writableAt + arrays.start.length * 8],
      [DT.FINI_ARRAYSZ, arrays.finish.length * 8],
      [DT.GNU_HASH, addresses.hash],
      [DT.STRTAB, addresses.strings],
      [DT.SYMTAB, addresses.symbols],
      [DT.STRSZ, tables.strings.length],
      [DT.SYMENT, kSymbolBytes],
      [DT.RELA, addresses.rela],
      [DT.RELASZ, tables.rela.length],
      [DT.RELAENT, kRelocationBytes],
      [DT.RELR, addresses.relr],
      [DT.RELRSZ, tables.relr.length],
      [DT.RELRENT, 8],
      [DT.VERSYM, addresses.versym],
      [DT.VERNEED, addresses.verneed],
      [DT.VERNEEDNUM, versions.count],
      [DT.FLAGS, kFlagsNow],
      [DT.FLAGS_1, kFlags1],
    ]);
    if (dynamic.length > kDynamicRowsMax * 16) throw new Error('too many libraries are left alone');
    const writable = Buffer.alloc(threadLocalAt + this.threadLocalBytes);
    pointers.forEach((address, i) => writable.writeBigUInt64LE(BigInt(address), i * 8));
    dynamic.copy(writable, dynamicAt);
    this.#copyThreadLocals(writable, threadLocalAt, writableAt);

    const { offset } = image.addSegment(kRead | kWrite, writable);
    image.addSegment(kRead, Buffer.concat([readOnly, unwind]));
    const readOnlyOffset = image.segments.at(-1).offset;
    image.segments.push(
      {
        type: PT.DYNAMIC,
        flags: kRead | kWrite,
        offset: offset + dynamicAt,
        address: writableAt + dynamicAt,
        fileBytes: dynamic.length,
        memoryBytes: dynamic.length,
        align: 8,
      },
      {
        type: PT.EH_FRAME,
        flags: kRead,
        offset: readOnlyOffset + readOnly.length,
        address: unwindAt,
        fileBytes: unwind.length,
        memoryBytes: unwind.length,
        align: 4,
      },
      {
        type: PT.STACK,
        flags: kRead | kWrite,
        offset: 0,
        address: 0,
        fileBytes: 0,
        memoryBytes: 0,
        align: 16,
      },
    );
    if (this.threadLocalBytes > 0) {
      image.segments.push({
        type: PT.TLS,
        flags: kRead,
        offset: offset + threadLocalAt,
        address: writableAt + threadLocalAt,
        fileBytes: this.threadLocalBytes,
        memoryBytes: this.threadLocalBytes,
        align: 64,
      });
    }
  }

  #isNeeded(name) {
    return this.libraries.some(({ needed }) => needed.includes(name));
  }

  #versions(strings) {
    const needed = new Map();
    const add = (file, version) => {
      if (!needed.has(file)) needed.set(file, new Set());
      needed.get(file).add(version);
    };
    for (const { version, provider } of this.imports.values()) {
      if (version !== '' && provider !== this.program) add(provider.name, version);
    }
    add(this.others.find(({ name }) => name.startsWith('libc.')).name, kRelrVersion);
    const { section, count, indexes } = makeVersionNeeds(needed, strings);
    return {
      section,
      count,
      table: (symbols) => {
        const rows = Buffer.alloc((symbols.length + 1) * 2);
        symbols.forEach(({ defined, version, provider }, i) => {
          const index =
            defined || provider === this.program
              ? 1
              : (indexes.get(`${provider.name} ${version}`) ?? 1);
          rows.writeUInt16LE(index, (i + 1) * 2);
        });
        return rows;
      },
    };
  }

  #symbolTable(symbols, strings) {
    const table = Buffer.alloc((symbols.length + 1) * kSymbolBytes);
    symbols.forEach((symbol, i) => {
      const at = (i + 1) * kSymbolBytes;
      table.writeUInt32LE(strings.add(symbol.name), at);
      table[at + 4] = (symbol.binding << 4) | symbol.type;
      if (!symbol.defined) return;
      table.writeUInt16LE(symbol.section === kAbsolute ? kAbsolute : 1, at + 6);
      table.writeBigUInt64LE(BigInt(symbol.address), at + 8);
      table.writeBigUInt64LE(BigInt(symbol.size), at + 16);
    });
    return table;
  }

  #relocationTable() {
    // By symbol, which the loader looks up once per run of equal ones; IRELATIVE last, when what
    // their resolvers may use is in place.
    const rank = ({ type, reference }) =>
      type === R.IRELATIVE ? Infinity : (reference?.index ?? 0);
    this.relocations.sort((a, b) => rank(a) - rank(b) || a.where - b.where);
    const table = Buffer.alloc(this.relocations.length * kRelocationBytes);
    this.relocations.forEach(({ where, type, addend, reference }, i) => {
      const at = i * kRelocationBytes;
      table.writeBigUInt64LE(BigInt(where), at);
      table.writeUInt32LE(type, at + 8);
      table.writeUInt32LE(reference?.index ?? 0, at + 12);
      table.writeBigInt64LE(BigInt(addend), at + 16);
    });
    return table;
  }

  #unwindIndex(order, address) {
    const rows = order.flatMap(({ elf, base }) =>
      readUnwindIndex(elf).map(({ code, entry }) => ({ code: base + code, entry: base + entry })),
    );
    return makeUnwindIndex(
      rows,
      address,
      rows.reduce((least, { entry }) => Math.min(least, entry), Infinity),
    );
  }

  // The first values of thread-local variables move together; so do the relocations in them.
  #copyThreadLocals(writable, at, writableAt) {
    for (const { member, segment } of this.threadLocals) {
      const begin = member.base + segment.address;
      if (this.relative.some((place) => place >= begin && place < begin + segment.fileBytes)) {
        throw new Error(`${member.name}: thread-local variables that begin with an address`);
      }
      member.elf.bytes.copy(
        writable,
        at + member.threadLocalOffset,
        segment.offset,
        segment.offset + segment.fileBytes,
      );
    }
  }

  /** What the libraries define, for debuggers and profilers. */
  #names(order) {
    return order.flatMap(({ symbols, base }) =>
      symbols
        .filter(({ type, section }) => section !== 0 && section !== kAbsolute && kNamed.has(type))
        .map(({ name, type, binding, address, size }) => ({
          name,
          type,
          binding: Math.min(binding, STB.WEAK),
          address: base + address,
          size,
        })),
    );
  }
}

/** Puts tables one after another. */
function layOut(tables, address) {
  const addresses = {};
  const parts = [];
  let at = address;
  for (const [name, bytes] of Object.entries(tables)) {
    addresses[name] = at;
    const padded = Buffer.alloc(roundUp(bytes.length, 8));
    bytes.copy(padded);
    parts.push(padded);
    at += padded.length;
  }
  return { section: Buffer.concat(parts), addresses };
}
