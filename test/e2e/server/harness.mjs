// Runs the program named by OCAPD_BIN and talks to it as the outside world does.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const kProgram = process.env.OCAPD_BIN;
if (!kProgram) throw new Error('Set OCAPD_BIN to the program to test.');

/** A folder that goes away with the test. */
export function makeFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'ocapd-e2e-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A config whose services and sockets are given as Cap'n Proto text. */
export function configText(services, sockets) {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [${services}], sockets = [${sockets}]);
`;
}

/** Runs to the end. @returns {Promise<{code, signal, stdout, stderr}>} */
export function run(...args) {
  return runWith({}, ...args);
}

/** The same with more variables in its environment. */
export async function runWith(variables, ...args) {
  const child = spawn(kProgram, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...variables } });
  const texts = ['', ''];
  child.stdout.on('data', (data) => (texts[0] += data));
  child.stderr.on('data', (data) => (texts[1] += data));
  const [code, signal] = await once(child, 'close');
  return { code, signal, stdout: texts[0], stderr: texts[1] };
}

/** A program that serves. */
export class Ocapd {
  #child;
  #messages = [];
  #wake = () => {};
  #lines;
  stderr = '';

  constructor(args, { descriptors = [], program = kProgram } = {}) {
    this.#child = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe', 'pipe', ...descriptors] });
    this.#child.stderr.on('data', (data) => {
      this.stderr += data;
      this.#wake();
    });
    this.#lines = createInterface({ input: this.#child.stdio[3] });
    this.#lines.on('line', (line) => {
      this.#messages.push(JSON.parse(line));
      this.#wake();
    });
    this.exited = once(this.#child, 'exit').then(([code, signal]) => ({ code, signal }));
    this.exited.then(() => this.#wake());
  }

  /** Serves a config from a new folder and waits for its sockets. */
  static async serve(t, services, sockets, { args = [], folder = makeFolder(t), descriptors, program } = {}) {
    const path = join(folder, 'config.capnp');
    writeFileSync(path, configText(services, sockets));
    const ocapd = new Ocapd(['serve', path, '--control-fd=3', ...args], { descriptors, program });
    t.after(() => ocapd.kill());
    ocapd.configPath = path;
    const count = (sockets.match(/service *=/g) ?? []).length;
    await ocapd.until(() => ocapd.#messages.length >= count);
    return ocapd;
  }

  /** Waits for a condition that output can bring about. */
  async until(condition) {
    while (!condition()) {
      const ended = await Promise.race([
        new Promise((resolve) => (this.#wake = resolve)).then(() => false),
        this.exited.then(() => true),
      ]);
      if (ended && !condition()) throw new Error(`ocapd has ended:\n${this.stderr}`);
    }
  }

  get messages() { return this.#messages; }
  get pid() { return this.#child.pid; }

  port(socket) {
    return this.#messages.findLast((message) => message.socket === socket).port;
  }

  url(socket, path = '/') { return `http://127.0.0.1:${this.port(socket)}${path}`; }

  signal(name) { this.#child.kill(name); }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.exited;
  }
}

/** A raw connection that remembers what it was told. */
export class Connection {
  text = '';
  ended = false;
  #wake = () => {};

  constructor(socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (data) => {
      this.text += data;
      this.#wake();
    });
    const end = () => {
      this.ended = true;
      this.#wake();
    };
    socket.on('end', end).on('close', end).on('error', end);
  }

  static async open(port, options = {}) {
    const socket = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, ...options });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  send(text) {
    this.socket.write(text, 'latin1');
    return this;
  }

  /** Resolves to all that came, when it contains `part`. */
  async receive(part) {
    while (!this.text.includes(part)) {
      if (this.ended) throw new Error(`closed before "${part}" came, after: ${this.text}`);
      await new Promise((resolve) => (this.#wake = resolve));
    }
    return this.text;
  }

  /** Resolves to all that came, when the other side has closed. */
  async receiveAll() {
    while (!this.ended) await new Promise((resolve) => (this.#wake = resolve));
    this.socket.destroy();
    return this.text;
  }
}

/** Makes an authority and certificates signed by it. @returns file contents and paths by name */
export function makeCertificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test authority');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, 'ext'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial',
      '-out', `${name}.pem`, '-days', '2', '-extfile', 'ext');
  }
}
