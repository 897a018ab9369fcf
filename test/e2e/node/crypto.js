import crypto from 'node:crypto';
import {promisify} from 'node:util';
import {equal, ok, throws} from '../assert.js';

const kKey = Buffer.alloc(32, 1);
const kIv = Buffer.alloc(12, 2);

export const digestsAreMade = {
  test() {
    equal(crypto.createHash('sha256').update('ab').update(Buffer.from('c')).digest('hex'),
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    equal(crypto.createHash('md5').update('YWJj', 'base64').digest('base64'),
        'kAFQmDzST7DWlj99KOF/cg==');
    const whole = crypto.createHash('sha1').update('a');
    equal(whole.copy().update('bc').digest('hex'), 'a9993e364706816aba3e25717850c26c9cd0d89d');
    equal(crypto.hash('sha1', 'abc'), 'a9993e364706816aba3e25717850c26c9cd0d89d');
    whole.digest();
    throws(() => whole.update('x'), {code: 'ERR_CRYPTO_HASH_FINALIZED'});
    throws(() => crypto.createHash('zork'), {message: 'Digest method not supported'});
  },
};

export const aHashIsAStream = {
  async test() {
    const hash = crypto.createHash('sha1');
    hash.end('abc');
    const digest = await new Promise((resolve) => hash.on('readable', () => {
      const bytes = hash.read();
      if (bytes !== null) resolve(bytes.toString('hex'));
    }));
    equal(digest, 'a9993e364706816aba3e25717850c26c9cd0d89d');
  },
};

export const macsAreMade = {
  test() {
    equal(crypto.createHmac('sha256', 'key').update('data').digest('hex'),
        '5031fe3d989c6d1537a013fa6e739da23463fdaec3b70137d828e36ace221bd0');
    const key = crypto.createSecretKey(Buffer.from('key'));
    equal(crypto.createHmac('sha1', key).update('data').digest('hex'),
        '104152c5bfdca07bc633eebd46199f0255c9f49d');
  },
};

export const keysAreDerived = {
  async test() {
    const kDerived = '0a38253555ce37f5c72a6b703f996814ebf241f203af146e93dcdeb031c5567e';
    equal(crypto.pbkdf2Sync('pw', 'salt', 1000, 32, 'sha256').toString('hex'), kDerived);
    equal((await promisify(crypto.pbkdf2)('pw', 'salt', 1000, 32, 'sha256')).toString('hex'),
        kDerived);
    equal(crypto.scryptSync('pw', 'salt', 32).toString('hex'),
        'c0b515908e61334cae6d6003c00be60e2e675878c9ac8ba282e1d70c335d3012');
    equal(Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 32)).toString('hex'),
        '9ca0d662557439e3b83365f2da4626d35da195c6d9d1779f09838cf9e408966e');
  },
};

export const messagesAreEnciphered = {
  test() {
    const cbc = crypto.createCipheriv('aes-256-cbc', kKey, Buffer.alloc(16));
    const hidden = cbc.update('hello', 'utf8', 'hex') + cbc.final('hex');
    const back = crypto.createDecipheriv('aes-256-cbc', kKey, Buffer.alloc(16));
    equal(back.update(hidden, 'hex', 'utf8') + back.final('utf8'), 'hello');
    throws(() => crypto.createCipheriv('aes-256-cbc', kIv, Buffer.alloc(16)),
        {message: 'Invalid key length'});
    throws(() => crypto.createCipheriv('aes-256-cbc', kKey, kIv),
        {message: 'Invalid initialization vector'});
  },
};

export const authenticationIsChecked = {
  test() {
    const gcm = crypto.createCipheriv('aes-256-gcm', kKey, kIv);
    gcm.setAAD(Buffer.from('aad'));
    equal(gcm.update('hello world', 'utf8', 'hex') + gcm.final('hex'), '6fb3a5252577b692a1a0d8');
    equal(gcm.getAuthTag().toString('hex'), 'afe1438751549432bf83d9348ad63a18');
    const bad = crypto.createDecipheriv('aes-256-gcm', kKey, kIv);
    bad.setAuthTag(Buffer.alloc(16));
    bad.update('6fb3a5', 'hex');
    throws(() => bad.final(), {name: 'Error'});
  },
};

export const randomNumbersAreMade = {
  async test() {
    equal(crypto.randomBytes(16).length, 16);
    equal((await promisify(crypto.randomBytes)(3)).length, 3);
    ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
        .test(crypto.randomUUID()));
    const number = crypto.randomInt(3, 6);
    ok(number >= 3 && number < 6);
    ok(crypto.checkPrimeSync(crypto.generatePrimeSync(32)));
  },
};

export const secretsAreComparedInConstantTime = {
  test() {
    ok(crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a')));
    ok(!crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('b')));
    throws(() => crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab')));
  },
};

export const signaturesAreVerified = {
  test() {
    const {publicKey, privateKey} = crypto.generateKeyPairSync('rsa', {modulusLength: 1024});
    const signature = crypto.createSign('SHA256').update('data').sign(privateKey);
    ok(crypto.createVerify('RSA-SHA256').update('data').verify(publicKey, signature));
    ok(!crypto.createVerify('RSA-SHA256').update('other').verify(publicKey, signature));
    const curve = crypto.generateKeyPairSync('ec', {namedCurve: 'P-256'});
    const short = crypto.sign('sha256', Buffer.from('x'), curve.privateKey);
    ok(crypto.verify('sha256', Buffer.from('x'), curve.publicKey, short));
    const edwards = crypto.generateKeyPairSync('ed25519');
    equal(crypto.sign(null, Buffer.from('x'), edwards.privateKey).length, 64);
  },
};

export const keysAreExportedAndImported = {
  test() {
    const {publicKey, privateKey} = crypto.generateKeyPairSync('ec', {namedCurve: 'P-256'});
    const pem = privateKey.export({type: 'pkcs8', format: 'pem'});
    ok(pem.startsWith('-----BEGIN PRIVATE KEY-----'));
    ok(crypto.createPrivateKey(pem).equals(privateKey));
    ok(crypto.createPublicKey(privateKey).equals(publicKey));
    const jwk = publicKey.export({format: 'jwk'});
    equal(`${jwk.kty} ${jwk.crv}`, 'EC P-256');
    ok(crypto.createPublicKey({key: jwk, format: 'jwk'}).equals(publicKey));
    equal(publicKey.asymmetricKeyType, 'ec');
    equal(crypto.createSecretKey(Buffer.alloc(5)).symmetricKeySize, 5);
  },
};

export const messagesAreEncryptedWithPublicKeys = {
  test() {
    const {publicKey, privateKey} = crypto.generateKeyPairSync('rsa', {modulusLength: 1024});
    const hidden = crypto.publicEncrypt(publicKey, Buffer.from('hi'));
    equal(crypto.privateDecrypt(privateKey, hidden).toString(), 'hi');
  },
};

export const secretsAreAgreedOn = {
  test() {
    const a = crypto.generateKeyPairSync('x25519');
    const b = crypto.generateKeyPairSync('x25519');
    const first = crypto.diffieHellman({privateKey: a.privateKey, publicKey: b.publicKey});
    const second = crypto.diffieHellman({privateKey: b.privateKey, publicKey: a.publicKey});
    ok(first.equals(second));
    const group = crypto.getDiffieHellman('modp14');
    const other = crypto.createDiffieHellmanGroup('modp14');
    group.generateKeys();
    other.generateKeys();
    ok(group.computeSecret(other.getPublicKey()).equals(other.computeSecret(group.getPublicKey())));
    const curve = crypto.createECDH('prime256v1');
    const peer = crypto.createECDH('prime256v1');
    curve.generateKeys();
    peer.generateKeys();
    equal(curve.computeSecret(peer.getPublicKey(), null, 'hex'),
        peer.computeSecret(curve.getPublicKey(), null, 'hex'));
  },
};
