// What Node 24 has and the reference's Node 22 has not.
import {Duplex} from 'node:stream';
import {text} from 'node:stream/consumers';
import {parseArgs} from 'node:util';
import crypto from 'node:crypto';
import {equal, throws} from '../assert.js';

export const aDuplexIsTwoStreams = {
  async test() {
    const duplex = Duplex.from(async function* (source) {
      for await (const chunk of source) yield `${chunk}!`;
    });
    duplex.end('hi');
    equal(await text(duplex), 'hi!');
  },
};

export const argumentsAreParsed = {
  test() {
    const {values, positionals} = parseArgs({
      args: ['-v', '--name', 'x', 'rest'],
      options: {verbose: {type: 'boolean', short: 'v'}, name: {type: 'string'}},
      allowPositionals: true,
    });
    equal(`${values.verbose} ${values.name} ${positionals}`, 'true x rest');
  },
};

export const optionsOfSignaturesComeWithTheKey = {
  test() {
    const {publicKey, privateKey} = crypto.generateKeyPairSync('ec', {namedCurve: 'P-256'});
    const signature =
        crypto.sign('sha256', Buffer.from('x'), {key: privateKey, dsaEncoding: 'ieee-p1363'});
    equal(signature.length, 64);
    equal(crypto.verify('sha256', Buffer.from('x'),
        {key: publicKey, dsaEncoding: 'ieee-p1363'}, signature), true);
  },
};

export const errorsHaveNodesCodes = {
  test() {
    throws(() => crypto.createCipheriv('zork', Buffer.alloc(1), null),
        {code: 'ERR_CRYPTO_UNKNOWN_CIPHER'});
    throws(() => crypto.createPublicKey('zork'), {code: 'ERR_OSSL_UNSUPPORTED'});
  },
};
