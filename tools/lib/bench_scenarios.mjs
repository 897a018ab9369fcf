// What tools/bench measures. A scenario makes a config both programs read, and one figure from a
// running (or, for starts, a not yet running) program.
import { join } from 'node:path';

import { repository } from './places.mjs';

const kMegabyte = 1024 * 1024;
const kStreamBytes = 64 * kMegabyte;
const kGzipBytes = 8 * kMegabyte;
const kManyWorkers = 50;
const kCompatibilityDate = '2026-11-17';
const workers = join(repository, 'test/bench/workers');

const worker = (name, bindings = '') =>
  `(modules = [(name = "${name}.js", esModule = embed "${workers}/${name}.js")], ` +
  `compatibilityDate = "${kCompatibilityDate}", bindings = [${bindings}])`;

/** A config with these services; the first one answers the socket. */
function config(services) {
  const rows = services.map(([name, value]) => `    (name = "${name}", ${value}),`);
  return [
    'using Workerd = import "/workerd/workerd.capnp";',
    'const config :Workerd.Config = (',
    '  services = [',
    ...rows,
    '  ],',
    `  sockets = [(name = "http", http = (), service = "${services[0][0]}")],`,
    ');',
    '',
  ].join('\n');
}

const one = (name) => config([['main', `worker = ${worker(name)}`]]);
const forwarding = (next) =>
  config([
    ['main', `worker = ${worker('forward', '(name = "NEXT", service = "next")')}`],
    ['next', next],
  ]);

// For requests that take a millisecond.
const kFew = { requests: 2000, warmUp: 500, connections: 1 };

const requestHeaders = Array.from(
  { length: 20 },
  (_, i) => `--header=x-request-${i}: some value ${i}`,
);

/** CPU time of the server per request, under load that does not wait. */
const cpu = (name, text, { load = [], requests = 20000, warmUp = 5000, connections = 8 } = {}) => ({
  name,
  unit: 'µs CPU/request',
  text,
  measure: (server) => server.cpuPerRequest({ load, requests, warmUp, connections }),
});

/** CPU time of the server per megabyte of one long body. */
const stream = (name, text, load) => ({
  name,
  unit: 'ms CPU/64 MB',
  text,
  measure: async (server) =>
    (await server.cpuPerRequest({ load, requests: 4, warmUp: 2, connections: 1 })) / 1000,
});

export const scenarios = [
  cpu('hello', one('hello')),
  cpu('json', one('json')),
  cpu('headers', one('headers'), { load: requestHeaders }),
  cpu('post-echo', one('post-echo'), { load: ['--method=POST', '--body=1024', '--expect=1024'] }),
  cpu('binding', forwarding(`worker = ${worker('hello')}`)),
  stream('download', forwarding('disk = "FILES"'), ['--path=/64MB', `--expect=${kStreamBytes}`]),
  stream('upload', forwarding(`worker = ${worker('count')}`), [
    '--method=POST',
    `--body=${kStreamBytes}`,
  ]),
  stream('passthrough', one('passthrough'), [
    '--method=POST',
    `--body=${kStreamBytes}`,
    `--expect=${kStreamBytes}`,
  ]),
  {
    ...stream('gzip', one('gzip'), ['--method=POST', `--body=${kGzipBytes}`]),
    unit: 'ms CPU/8 MB',
  },
  {
    name: 'transform',
    unit: 'ms CPU/10,000 chunks',
    text: one('transform'),
    measure: async (server) =>
      (await server.cpuPerRequest({ load: [], requests: 20, warmUp: 10, connections: 1 })) / 1000,
  },
  cpu('text', one('text'), kFew),
  cpu('url', one('url'), kFew),
  cpu('digest', one('digest'), kFew),
  cpu('form-data', one('form-data'), kFew),
  cpu('html', one('html'), { requests: 200, warmUp: 50, connections: 1 }),
  cpu(
    'web-socket',
    config([
      ['main', `worker = ${worker('web-socket', '(name = "NEXT", service = "next")')}`],
      ['next', `worker = ${worker('web-socket')}`],
    ]),
    { requests: 400, warmUp: 100, connections: 1 },
  ),
  {
    name: 'cold-start',
    unit: 'ms',
    text: one('hello'),
    startsItself: true,
    roundsMin: 20,
    measure: (server) => server.coldStart(),
  },
  {
    name: 'cold-start-cpu',
    unit: 'ms CPU',
    text: one('hello'),
    roundsMin: 20,
    measure: async (server) => {
      await server.load(['--requests=1']);
      return server.cpuSeconds() * 1000;
    },
  },
  {
    name: 'memory-idle',
    unit: 'MB RSS',
    text: one('hello'),
    measure: async (server) => {
      await server.load(['--requests=1']);
      return server.residentBytes() / kMegabyte;
    },
  },
  {
    name: 'memory-after-hello',
    unit: 'MB RSS',
    text: one('hello'),
    measure: async (server) => {
      await server.load(['--requests=50000', '--connections=8']);
      return server.residentBytes() / kMegabyte;
    },
  },
  {
    name: 'memory-50-workers',
    unit: 'MB RSS',
    text: config(
      Array.from({ length: kManyWorkers }, (_, i) => [
        `worker-${i}`,
        `worker = ${worker('hello')}`,
      ]),
    ),
    measure: async (server) => {
      await server.load(['--requests=1']);
      return server.residentBytes() / kMegabyte;
    },
  },
];

/** The file the download scenario serves. */
export const streamFile = { name: '64MB', bytes: kStreamBytes };
