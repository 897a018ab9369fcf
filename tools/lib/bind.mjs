// Binds the libraries of the distributed folder ahead of time. The folder is a closed world: what
// the dynamic loader would find for each symbol at every start can be found once, here. Where a
// library's reference leads to the library itself, the relocation becomes a plain "add the load
// address"; the others stay for the loader.
//
// The search is the loader's own (breadth-first scope, symbol versions), the program included, so
// interposition, copy relocations and symbols that must be unique come out as they would have.
//
// Measured (see docs/PERFORMANCE.md#start): of 31,000 symbol look-ups at start, 7,000 are left.
import { DT, Elf, kRelocationBytes, PT, R, STB, STT } from './elf.mjs';

// The C library and loader keep their relocations: few, and with IFUNCs that order matters for.
const kLeftAlone = /^(ld-linux|libc\.|libm\.|libpthread|libdl|librt)/;

const kBindNow = 8;  // In DT_FLAGS.

class Member {
  constructor(name, bytes) {
    this.name = name;
    this.elf = new Elf(bytes);
    this.symbols = this.elf.readSymbols();
    this.hasVersions = this.elf.dynamicValue(DT.VERDEF) !== undefined;
    this.definitions = new Map();
    for (const symbol of this.symbols) {
      // Undefined with an address: a program's PLT entry that stands for the function.
      const defined = symbol.section !== 0 || (symbol.address !== 0 && symbol.type === STT.FUNC);
      const visible = symbol.visibility === 0 || symbol.visibility === 3;
      if (!defined || !visible || symbol.binding === STB.LOCAL) continue;
      const same = this.definitions.get(symbol.name);
      if (same) same.push(symbol);
      else this.definitions.set(symbol.name, [symbol]);
    }
  }

  findDefinition({ name, version }) {
    for (const definition of this.definitions.get(name) ?? []) {
      if (!this.hasVersions) return definition;
      if (version === '' ? definition.versionIndex <= 2 || !definition.hidden
                         : definition.version === version) {
        return definition;
      }
    }
    return undefined;
  }
}

/** The loader's search scope: the program, then what it needs, breadth first. */
function openScope(program, readLibrary) {
  const scope = [new Member('', program)];
  const seen = new Set();
  for (const member of scope) {
    for (const name of member.elf.dynamicStrings(DT.NEEDED)) {
      if (seen.has(name)) continue;
      seen.add(name);
      scope.push(new Member(name, readLibrary(name)));
    }
  }
  return scope;
}

/** @returns what `reference`, made by `member`, is in `scope`: `{member, symbol}` or undefined */
function resolve(scope, reference) {
  for (const member of scope) {
    const symbol = member.findDefinition(reference);
    if (symbol) return { member, symbol };
  }
  return undefined;
}

/** Rewrites one library's relocations. @returns {number} how many were bound */
function bindMember(member, scope) {
  const { elf } = member;
  const relocations = elf.readRelocations();
  const begin = elf.offsetOf(elf.dynamicValue(DT.RELA));
  const pltBegin = elf.dynamicValue(DT.JMPREL) && elf.offsetOf(elf.dynamicValue(DT.JMPREL));
  if (pltBegin && pltBegin !== begin + elf.dynamicValue(DT.RELASZ)) return 0;
  // A lazily bound PLT counts on the order of its relocations, and costs little at start.
  const lazy = (elf.dynamicValue(DT.FLAGS) & kBindNow) === 0;

  let bound = 0;
  const found = new Map();
  for (const row of relocations) {
    if (![R.ABS64, R.GLOB_DAT, R.JUMP_SLOT].includes(row.type) || row.symbol === 0) continue;
    if (row.isPlt && lazy) continue;
    if (!found.has(row.symbol)) found.set(row.symbol, resolve(scope, member.symbols[row.symbol]));
    const target = found.get(row.symbol);
    if (target?.member !== member) continue;
    if (![STT.OBJECT, STT.FUNC, 0].includes(target.symbol.type)) continue;
    row.addend = target.symbol.address + (row.type === R.ABS64 ? row.addend : 0);
    Object.assign(row, { type: R.RELATIVE, symbol: 0, isPlt: false });
    ++bound;
  }

  // RELATIVE first and by address; the rest by symbol, which the loader looks up once per run of
  // equal ones; what is left of the PLT last.
  const rank = (row) => (row.type === R.RELATIVE ? 0 : row.isPlt ? 2 : 1);
  const bySymbol = (a, b) => a.symbol - b.symbol || a.where - b.where;
  relocations.sort((a, b) => rank(a) - rank(b) || (lazy && a.isPlt ? a.at - b.at : bySymbol(a, b)));
  relocations.forEach((row, i) => writeRelocation(elf.bytes, begin + i * kRelocationBytes, row));

  const plt = relocations.filter((row) => row.isPlt).length;
  const size = (relocations.length - plt) * kRelocationBytes;
  setDynamic(elf, DT.RELASZ, size);
  setDynamic(elf, DT.RELACOUNT, relocations.filter((row) => rank(row) === 0).length);
  if (pltBegin) {
    setDynamic(elf, DT.JMPREL, elf.dynamicValue(DT.RELA) + size);
    setDynamic(elf, DT.PLTRELSZ, plt * kRelocationBytes);
  }
  return bound;
}

function writeRelocation(bytes, at, { where, symbol, type, addend }) {
  bytes.writeBigUInt64LE(BigInt(where), at);
  bytes.writeUInt32LE(type, at + 8);
  bytes.writeUInt32LE(symbol, at + 12);
  bytes.writeBigInt64LE(BigInt(addend), at + 16);
}

function setDynamic(elf, tag, value) {
  const row = elf.dynamic.find((candidate) => candidate.tag === tag);
  if (row) elf.setWord(row.at + 8, (row.value = value));
}

/**
 * Makes the program one that starts beside its libraries: its own entry loads the interpreter, and
 * libraries are looked for in lib/ before anything the environment says.
 * @param {Buffer} program changed in place
 */
export function makeRelocatable(program) {
  const elf = new Elf(program);
  const entry = elf.findSymbolAddress('ocapdEntry');
  if (entry === undefined) {
    throw new Error('the program has no ocapdEntry; link //src/cli:loader_entry and do not strip it');
  }
  elf.setWord(24, entry);
  for (const { at, type } of elf.segments) {
    if (type === PT.INTERP) program.writeUInt32LE(PT.NULL, at);
  }
  for (const { at, tag } of elf.dynamic) {
    if (tag === DT.RUNPATH) elf.setWord(at, DT.RPATH);
  }
}

/** @returns {Map<string, {bytes: Buffer, bound: number}>} by the libraries' names */
export function bindLibraries(program, readLibrary) {
  const scope = openScope(program, readLibrary);
  const result = new Map();
  for (const member of scope.slice(1)) {
    const bound = kLeftAlone.test(member.name) ? 0 : bindMember(member, scope);
    result.set(member.name, { bytes: member.elf.bytes, bound });
  }
  return result;
}
