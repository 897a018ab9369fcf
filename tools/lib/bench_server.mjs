// One server under measurement: started for a round, asked over loopback, killed.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { Trouble } from './say.mjs';

const kStartSecondsMax = 20;

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function parse(result, what) {
  if (result.status !== 0) throw new Trouble(`${what}: ${result.stderr || result.error}`);
  return result.stdout;
}

export class Server {
  #port;
  #command;
  #tools;
  #child;

  /**
   * @param {{program: string, config: string, files: string}} what `files`: folder for FILES
   * @param {{load: string, coldStart: string}} tools programs of test/bench/load
   */
  static async create({ program, config, files, usesFiles }, tools) {
    const server = new Server();
    server.#port = await findFreePort();
    server.#tools = tools;
    server.#command = [
      program,
      'serve',
      config,
      '--import-path=/',
      `--socket-addr=http=127.0.0.1:${server.#port}`,
      ...(usesFiles ? [`--directory-path=next=${files}`] : []),
    ];
    return server;
  }

  /** Starts the program and waits until it answers. */
  async start() {
    const [program, ...args] = this.#command;
    let output = '';
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    const deadline = Date.now() + kStartSecondsMax * 1000;
    while (true) {
      if (this.#hasEnded() || Date.now() > deadline) {
        throw new Trouble(`${this.#command.join(' ')} does not serve. It said:\n${output}`);
      }
      const reachable = await fetch(`http://127.0.0.1:${this.#port}/`, { method: 'OPTIONS' }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return true;
        },
        () => false,
      );
      if (reachable) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async stop() {
    if (!this.#child || this.#hasEnded()) return;
    const ended = new Promise((resolve) => this.#child.on('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
  }

  #hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** @returns {Promise<{requests: number, seconds: number}>} */
  async load(args) {
    const result = spawnSync(this.#tools.load, [`--port=${this.#port}`, ...args], {
      encoding: 'utf8',
    });
    return JSON.parse(parse(result, 'load'));
  }

  /** @returns {Promise<number>} microseconds of CPU the server spends on a request */
  async cpuPerRequest({ load, requests, warmUp, connections }) {
    const sizes = (count) => [`--requests=${count}`, `--connections=${connections}`];
    await this.load([...load, ...sizes(warmUp)]);
    const before = this.cpuSeconds();
    await this.load([...load, ...sizes(requests)]);
    return ((this.cpuSeconds() - before) / requests) * 1e6;
  }

  /** CPU time of all the server's threads so far. */
  cpuSeconds() {
    const tasks = `/proc/${this.#child.pid}/task`;
    let nanoseconds = 0;
    for (const task of readdirSync(tasks)) {
      nanoseconds += Number(readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]);
    }
    return nanoseconds / 1e9;
  }

  residentBytes() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(status.match(/^VmRSS:\s+(\d+) kB/m)[1]) * 1024;
  }

  /** @returns {Promise<number>} milliseconds from starting the program to its first answer */
  async coldStart() {
    const result = spawnSync(this.#tools.coldStart, [String(this.#port), ...this.#command], {
      encoding: 'utf8',
    });
    return Number(parse(result, 'cold_start').trim());
  }
}
