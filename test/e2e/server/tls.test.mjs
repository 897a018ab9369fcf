// https sockets and https clients.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';

import { configText, Connection, makeCertificates, makeFolder, Ocapd, run } from './harness.mjs';

const kKeypair = 'keypair = (privateKey = embed "server.key", certificateChain = embed "server.pem")';

function prepare(t) {
  const folder = makeFolder(t);
  makeCertificates(folder);
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files/a.txt'), 'hello\n');
  const files = Object.fromEntries(['ca.pem', 'server.key', 'server.pem', 'client.key', 'client.pem']
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  return { folder, files, service: `(name = "files", disk = (path = "${folder}/files"))` };
}

const socket = (tlsOptions) =>
  `(name = "main", address = "127.0.0.1:0", https = (tlsOptions = (${tlsOptions})), service = "files")`;

function get(port, options) {
  return new Promise((resolve, reject) => {
    https.get({ host: '127.0.0.1', port, path: '/a.txt', agent: false, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data) => (text += data)).on('end', () => resolve({ text, response }));
    }).on('error', reject);
  });
}

test('an https socket answers', async (t) => {
  const { folder, files, service } = prepare(t);
  const ocapd = await Ocapd.serve(t, service, socket(kKeypair), { folder });
  const { text } = await get(ocapd.port('main'), { ca: files['ca.pem'] });
  assert.equal(text, 'hello\n');
  writeFileSync(join(folder, 'files/big'), Buffer.alloc(5_000_000, 'xyz'));
  const big = await get(ocapd.port('main'), { ca: files['ca.pem'], path: '/big' });
  assert.equal(big.text.length, 5_000_000);
});

test('a client certificate is asked for, and has to be of the right authority', async (t) => {
  const { folder, files, service } = prepare(t);
  const ocapd = await Ocapd.serve(t, service,
    socket(`${kKeypair}, requireClientCerts = true, trustedCertificates = [embed "ca.pem"]`), { folder });
  const ca = files['ca.pem'];
  const { text } = await get(ocapd.port('main'), { ca, cert: files['client.pem'], key: files['client.key'] });
  assert.equal(text, 'hello\n');
  await assert.rejects(get(ocapd.port('main'), { ca }));
});

test('a client that does not speak TLS is dropped, others are served', async (t) => {
  const { folder, files, service } = prepare(t);
  const ocapd = await Ocapd.serve(t, service, socket(kKeypair), { folder });
  const plain = await Connection.open(ocapd.port('main'));
  await plain.send('GET / HTTP/1.1\r\n\r\n').receiveAll();
  assert.equal((await get(ocapd.port('main'), { ca: files['ca.pem'] })).text, 'hello\n');
  assert.equal(ocapd.stderr, '');
});

test('versions below the minimum are refused', async (t) => {
  const { folder, files, service } = prepare(t);
  const ocapd = await Ocapd.serve(t, service, socket(`${kKeypair}, minVersion = tls1Dot3`), { folder });
  const ca = files['ca.pem'];
  await assert.rejects(get(ocapd.port('main'), { ca, maxVersion: 'TLSv1.2' }));
  assert.equal((await get(ocapd.port('main'), { ca })).text, 'hello\n');
});

test('an external https server is checked against the trusted certificates and its name', async (t) => {
  const { folder, files } = prepare(t);
  const origin = https.createServer({ key: files['server.key'], cert: files['server.pem'] }, (request, response) => response.end('secure'));
  origin.listen(0, '127.0.0.1');
  t.after(() => origin.close());
  await once(origin, 'listening');
  const external = (name, options) => `(name = "${name}", external = (address = "127.0.0.1:${origin.address().port}", https = (${options})))`;
  const trusted = 'tlsOptions = (trustedCertificates = [embed "ca.pem"])';
  const names = ['good', 'untrusted', 'misnamed'];
  const ocapd = await Ocapd.serve(t,
    [external('good', `${trusted}, certificateHost = "localhost"`), external('untrusted', 'tlsOptions = (), certificateHost = "localhost"'),
      external('misnamed', `${trusted}, certificateHost = "other.example"`)].join(),
    names.map((name) => `(name = "${name}", address = "127.0.0.1:0", http = (), service = "${name}")`).join(), { folder });
  const status = async (name) => (await fetch(ocapd.url(name))).status;
  assert.equal(await status('good'), 200);
  assert.equal(await status('untrusted'), 500);
  assert.equal(await status('misnamed'), 500);
});

test('unusable TLS options are config errors', async (t) => {
  const { folder, service } = prepare(t);
  const pem = (kind) => `"-----BEGIN ${kind}-----\\nAAAA\\n-----END ${kind}-----\\n"`;
  for (const [options, expected] of [
    ['', /Socket "main": TLS configuration: a TLS listener needs a keypair\n$/],
    [`keypair = (privateKey = ${pem('PRIVATE KEY')}, certificateChain = embed "server.pem")`, /^Socket "main": TLS configuration: keypair.privateKey is no usable PEM private key/],
    [`keypair = (privateKey = embed "server.key", certificateChain = ${pem('CERTIFICATE')})`, /^Socket "main": TLS configuration: keypair.certificateChain is no usable PEM/],
    ['keypair = (privateKey = embed "client.key", certificateChain = embed "server.pem")', /private key does not belong to its certificate/],
    [`${kKeypair}, trustedCertificates = [${pem('CERTIFICATE')}]`, /trustedCertificates holds no usable PEM certificate/],
    [`${kKeypair}, cipherList = "nonsense"`, /^Socket "main": /],
  ]) {
    const path = join(folder, 'bad.capnp');
    writeFileSync(path, configText(service, socket(options)));
    const { code, stderr } = await run('serve', path);
    assert.equal(code, 1);
    assert.match(stderr, expected);
  }
});
