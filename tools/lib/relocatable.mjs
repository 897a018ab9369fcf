// Changes a linked program so that it runs from the folder tools/dist makes.
import { DT, Elf, PT } from './elf.mjs';
import { mergedLibrary, mergedNames } from './merge.mjs';

const kUnversioned = 1;

/**
 * Its own entry loads the interpreter that lies beside it, and libraries are looked for in lib/ before
 * anything the environment says.
 * @param {Buffer} program changed in place
 */
export function makeRelocatable(program) {
  const elf = new Elf(program);
  const entry = elf.findSymbolAddress('ocapdEntry');
  if (entry === undefined) {
    throw new Error(
      'the program has no ocapdEntry; link //src/cli/loader:entry and do not strip it',
    );
  }
  elf.setWord(24, entry);
  for (const { at, type } of elf.segments) {
    if (type === PT.INTERP) program.writeUInt32LE(PT.NULL, at);
  }
  for (const { at, tag } of elf.dynamic) {
    if (tag === DT.RUNPATH) elf.setWord(at, DT.RPATH);
  }
}

/**
 * Makes the program ask for the merged library in place of those it was linked with.
 * @param {Buffer} program changed in place
 */
export function useMergedLibrary(program) {
  const elf = new Elf(program);
  const strings = elf.offsetOf(elf.dynamicValue(DT.STRTAB));
  const merged = new Set(mergedNames(elf.dynamicStrings(DT.NEEDED)));
  const isMerged = ({ tag, value }) => tag === DT.NEEDED && merged.has(elf.string(strings + value));
  // The new name takes the place of one that is long enough, which nothing else refers to any more.
  const renamed = elf.dynamic.find(
    (row) => isMerged(row) && elf.string(strings + row.value).length >= mergedLibrary.length,
  );
  if (!renamed) throw new Error(`no library's name is as long as ${mergedLibrary}`);
  const kept = elf.dynamic.filter((row) => row === renamed || !isMerged(row));
  unversionSymbols(elf, merged);
  const needs = keepVersionNeeds(elf, strings, merged);
  program.write(`${mergedLibrary}\0`, strings + renamed.value, 'latin1');
  const begin = elf.dynamic[0].at;
  elf.dynamic.forEach((_, i) => {
    const { tag, value } = kept[i] ?? { tag: DT.NULL, value: 0 };
    elf.setWord(begin + i * 16, tag);
    elf.setWord(begin + i * 16 + 8, tag === DT.VERNEEDNUM ? needs : value);
  });
}

/** The merged library's symbols carry no versions. */
function unversionSymbols(elf, merged) {
  const table = elf.offsetOf(elf.dynamicValue(DT.VERSYM));
  elf.readSymbols().forEach(({ versionFile }, i) => {
    if (merged.has(versionFile)) elf.bytes.writeUInt16LE(kUnversioned, table + i * 2);
  });
}

/** Takes the merged libraries' records out of the list. @returns {number} how many are left */
function keepVersionNeeds(elf, strings, merged) {
  const records = [];
  let at = elf.offsetOf(elf.dynamicValue(DT.VERNEED));
  for (let i = elf.dynamicValue(DT.VERNEEDNUM); i > 0; --i) {
    if (!merged.has(elf.string(strings + elf.bytes.readUInt32LE(at + 4)))) records.push(at);
    at += elf.bytes.readUInt32LE(at + 12);
  }
  if (records.length === 0) throw new Error('the program needs no version of the C library');
  // The list begins where the dynamic section says: with the first record that is kept.
  records.forEach((record, i) =>
    elf.bytes.writeUInt32LE((records[i + 1] ?? record) - record, record + 12),
  );
  const row = elf.dynamic.find(({ tag }) => tag === DT.VERNEED);
  row.value += records[0] - elf.offsetOf(row.value);
  return records.length;
}
