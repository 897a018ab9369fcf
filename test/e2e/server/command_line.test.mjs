// What the program says to command lines it cannot obey, and to those that only ask.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { configText, makeFolder, run } from './harness.mjs';

test('usage errors are on stderr, exit code 1', async (t) => {
  const folder = makeFolder(t);
  const config = join(folder, 'c.capnp');
  writeFileSync(config, configText('', ''));
  for (const [args, message] of [
    [['bogus'], "unrecognized subcommand 'bogus'"],
    [['serve'], 'the following required arguments were not provided:\n  <config-file>'],
    [['serve', '/nonexistent.capnp'], '/nonexistent.capnp: No such file.'],
    [['serve', folder], `${folder}: Config path is not a file.`],
    [['serve', config, '--bogus'], "unexpected argument '--bogus' found"],
    [['serve', config, 'a', 'b'], "unexpected argument 'b' found"],
    [['serve', config, '--watch=1'], "unexpected value '1' for '--watch' found; no more were expected"],
    [['serve', config, '-s'], "a value is required for '--socket-addr <name>=<addr>' but none was supplied"],
    [['serve', '-sfoo', config], "invalid value 'foo' for '--socket-addr <name>=<addr>': Expected <name>=<value>"],
    [['serve', '-S', 'http=abc', config], "invalid value 'http=abc' for '--socket-fd <name>=<fd>': Socket value must be a file descriptor (non-negative integer)."],
    [['serve', '-Shttp=99', config], '--socket-fd=http=99: File descriptor is not open.'],
    [['serve', '-Shttp=0', config], '--socket-fd=http=0: File descriptor is not a socket.'],
    [['serve', '-Shttp=1', config], '--socket-fd=http=1: Socket for http is not listening.'],
    [['serve', '--control-fd=x', config], "invalid value 'x' for '--control-fd <fd>': Output value must be a file descriptor (non-negative integer)."],
    [['serve', '--control-fd', '99', config], '--control-fd=99: Bad file descriptor (os error 9)'],
    [['serve', '-I/nonexistent', config], '--import-path=/nonexistent: No such directory.'],
    [['serve', '-'], '-: Reading config from stdin is only allowed with --binary.'],
    [['serve', config, '--debug-port-allow-remote'], '--debug-port-allow-remote: There is no --debug-port'],
    [['serve', config, '--gc-stress'], "unexpected argument '--gc-stress' found"],
    [['test', config, '--control-fd=1'], "unexpected argument '--control-fd' found"],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 1, args.join(' '));
    assert.equal(stdout, '');
    assert.ok(stderr.startsWith(`error: ${message}`), `${args.join(' ')}: ${stderr}`);
  }
});

test('without arguments the help goes to stderr', async () => {
  const { code, stdout, stderr } = await run();
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^ocapd .*\n\nUsage: ocapd /);
});

test('help and version go to stdout', async () => {
  const general = await run('help');
  assert.deepEqual([general.code, general.stderr], [0, '']);
  for (const args of [['--help'], ['-h']]) assert.deepEqual(await run(...args), general);
  for (const args of [['help', 'serve'], ['serve', '--help'], ['serve', 'x', '-h']]) {
    const { code, stdout } = await run(...args);
    assert.equal(code, 0);
    assert.match(stdout, /--socket-addr <name>=<addr>/);
  }
  for (const args of [['--version'], ['-V'], ['serve', '--version']]) {
    assert.deepEqual(await run(...args), { code: 0, signal: null, stdout: 'workerd 2026-11-17\n', stderr: '' });
  }
});

test('an override that matches nothing is an error', async (t) => {
  const config = join(makeFolder(t), 'c.capnp');
  writeFileSync(config, configText('', ''));
  const { code, stderr } = await run('serve', config, '--socket-addr=nope=127.0.0.1:0');
  assert.equal(code, 1);
  assert.match(stderr, /Config did not define any socket named "nope" to match the override provided on the command line\./);
});
