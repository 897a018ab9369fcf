// What the tools print. All of it goes to stderr: stdout belongs to the program that was asked for.
import { writeSync } from 'node:fs';

const live = process.stderr.isTTY && !process.env.CI;

function write(text) {
  try {
    writeSync(2, text);
  } catch (error) {
    if (error.code !== 'EAGAIN' && error.code !== 'EPIPE') throw error;
  }
}

export function say(text) {
  write(`${text}\n`);
}

/** Ends the program because of something the user can mend: what happened, why, what to do. */
export class Trouble extends Error {}

/** Runs a tool's main function; a Trouble is printed as its text, anything else with its stack. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    say(error instanceof Trouble ? `ocapd: ${error.message}` : error.stack);
    process.exitCode = 1;
  }
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** One step of a longer job. On a terminal its line is rewritten in place; elsewhere it is printed
 *  at the start, at every quarter, and at the end. */
export class Progress {
  #title;
  #started = performance.now();
  #quarter = 0;
  #lastDraw = 0;

  constructor(title) {
    this.#title = title;
    write(live ? `${title} …` : `${title} …\n`);
  }

  /** @param {number} done 0..1 @param {string} [detail] */
  at(done, detail = '') {
    const now = performance.now();
    if (live) {
      if (now - this.#lastDraw < 100) return;
      this.#lastDraw = now;
      const width = 24;
      const full = Math.round(width * Math.min(1, done));
      const bar = '#'.repeat(full) + '.'.repeat(width - full);
      const line = `${this.#title} [${bar}] ${Math.round(done * 100)}% ${detail}`;
      write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
    } else if (Math.floor(done * 4) > this.#quarter && done < 1) {
      this.#quarter = Math.floor(done * 4);
      write(`  ${this.#quarter * 25}% (${seconds(this.#started)})\n`);
    }
  }

  end(detail = '') {
    const tail = `${detail ? `${detail}, ` : ''}${seconds(this.#started)}`;
    write(live ? `\r\x1b[K${this.#title}: ${tail}\n` : `  done: ${tail}\n`);
  }
}
