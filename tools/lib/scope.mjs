// What the dynamic loader would find for each symbol of a program and its libraries. The
// folder tools/dist makes is a closed world, so that this can be found out once, not at every start.
import { DT, Elf, STB, STT } from './elf.mjs';

export class Member {
  /** @param {string} name '' for the program */
  constructor(name, bytes) {
    this.name = name;
    this.elf = new Elf(bytes);
    this.needed = this.elf.dynamicStrings(DT.NEEDED);
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
      if (
        version === ''
          ? definition.versionIndex <= 2 || !definition.hidden
          : definition.version === version
      ) {
        return definition;
      }
    }
    return undefined;
  }
}

/** The loader's search scope: the program, then what it needs, breadth first. */
export class Scope {
  /** @param {Buffer} program @param {function(string): Buffer} readLibrary */
  constructor(program, readLibrary) {
    this.members = [new Member('', program)];
    const seen = new Set();
    for (const member of this.members) {
      for (const name of member.needed) {
        if (seen.has(name)) continue;
        seen.add(name);
        this.members.push(new Member(name, readLibrary(name)));
      }
    }
  }

  /** What a reference finds: `{member, symbol}` or undefined. `after` skips the members before. */
  resolve(reference, after = 0) {
    for (const member of this.members.slice(after)) {
      const symbol = member.findDefinition(reference);
      if (symbol) return { member, symbol };
    }
    return undefined;
  }

  /** The members, each after those it needs. */
  inInitializationOrder() {
    const byName = new Map(this.members.map((member) => [member.name, member]));
    const done = new Set();
    const order = [];
    const visit = (member) => {
      if (done.has(member)) return;
      done.add(member);
      for (const name of member.needed) visit(byName.get(name));
      order.push(member);
    };
    this.members.forEach(visit);
    return order;
  }
}
