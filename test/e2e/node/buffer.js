import {Buffer, transcode, isUtf8, isAscii, constants} from 'node:buffer';
import {equal, ok, throws} from '../assert.js';

export const encodingsGoBothWays = {
  test() {
    const bytes = Buffer.from('héllo €');
    const rows = [
      ['hex', '68c3a96c6c6f20e282ac'],
      ['base64', 'aMOpbGxvIOKCrA=='],
      ['base64url', 'aMOpbGxvIOKCrA'],
      ['latin1', 'hÃ©llo â\x82¬'],
      ['utf8', 'héllo €'],
    ];
    for (const [encoding, text] of rows) {
      equal(bytes.toString(encoding), text, encoding);
      equal(Buffer.from(text, encoding).toString('hex'), bytes.toString('hex'), encoding);
    }
    equal(Buffer.from('ab', 'utf16le').toString('hex'), '61006200');
    equal(Buffer.from('a€', 'ascii').toString('hex'), '61ac');
  },
};

export const base64IsReadForgivingly = {
  test() {
    equal(Buffer.from('YW Jj\n', 'base64').toString(), 'abc');
    equal(Buffer.from('YWJj', 'base64url').toString(), 'abc');
    equal(Buffer.from('-_-_', 'base64').toString('hex'), 'fbffbf');
    equal(Buffer.from('YQ', 'base64').toString(), 'a');
  },
};

export const hexEndsAtTheFirstStrangeDigit = {
  test() {
    equal(Buffer.from('61zz62', 'hex').toString(), 'a');
    equal(Buffer.from('616', 'hex').toString(), 'a');
  },
};

export const numbersAreReadAndWritten = {
  test() {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(0xDEADBEEF, 0);
    equal(bytes.readUInt32LE(0), 0xEFBEADDE);
    bytes.writeDoubleLE(1.5, 0);
    equal(bytes.readDoubleLE(0), 1.5);
    bytes.writeBigInt64BE(-5n);
    equal(bytes.readBigInt64BE(), -5n);
    equal(bytes.writeIntBE(-2, 0, 3), 3);
    equal(bytes.readIntBE(0, 3), -2);
    throws(() => bytes.readUInt8(8), {
      name: 'RangeError',
      message: 'The value of "offset" is out of range. It must be >= 0 and <= 7. Received 8',
    });
  },
};

export const bytesAreFound = {
  test() {
    const bytes = Buffer.from('abcabc');
    equal(bytes.indexOf('c'), 2);
    equal(bytes.lastIndexOf('c'), 5);
    equal(bytes.indexOf('bc', 2), 4);
    equal(bytes.indexOf(Buffer.from('ca')), 2);
    equal(bytes.indexOf(98), 1);
    equal(bytes.indexOf('x'), -1);
    equal(bytes.indexOf('c', -2), 5);
    ok(bytes.includes('cab'));
    equal(Buffer.from('abab', 'utf16le').indexOf('b', 0, 'utf16le'), 2);
  },
};

export const buffersAreComparedAndJoined = {
  test() {
    equal(Buffer.compare(Buffer.from('a'), Buffer.from('b')), -1);
    ok(Buffer.from('a').equals(new Uint8Array([97])));
    equal(Buffer.concat([Buffer.from('a'), Buffer.from('bc')]).toString(), 'abc');
    equal(Buffer.concat([Buffer.from('a'), Buffer.from('bc')], 2).toString(), 'ab');
    equal(Buffer.from('abc').compare(Buffer.from('xabc'), 1, 4), 0);
  },
};

export const buffersAreFilledAndCopied = {
  test() {
    equal(Buffer.alloc(5, 'ab').toString(), 'ababa');
    equal(Buffer.alloc(3, 1).toString('hex'), '010101');
    const target = Buffer.from('xxxx');
    equal(Buffer.from('abc').copy(target, 1, 1), 2);
    equal(target.toString(), 'xbcx');
    equal(target.fill('é', 1, 3).toString('hex'), '78c3a978');
    equal(Buffer.from('1234').swap16().toString(), '2143');
  },
};

export const aSliceSharesItsMemory = {
  test() {
    const bytes = Buffer.from('abc');
    bytes.subarray(1).write('z');
    equal(bytes.toString(), 'azc');
    equal(JSON.stringify(bytes), '{"type":"Buffer","data":[97,122,99]}');
    ok(bytes instanceof Uint8Array);
    ok(Buffer.isBuffer(bytes) && !Buffer.isBuffer(new Uint8Array(1)));
  },
};

export const textIsMeasured = {
  test() {
    equal(Buffer.byteLength('€'), 3);
    equal(Buffer.byteLength('YWJj', 'base64'), 3);
    equal(Buffer.byteLength('616263', 'hex'), 3);
    ok(Buffer.isEncoding('UTF-8') && !Buffer.isEncoding('zork'));
  },
};

export const badArgumentsAreRefused = {
  test() {
    throws(() => Buffer.from(5), {name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE'});
    throws(() => Buffer.from('a').toString('zork'), {
      name: 'TypeError',
      code: 'ERR_UNKNOWN_ENCODING',
      message: 'Unknown encoding: zork',
    });
  },
};

export const bytesAreJudgedAndTranscoded = {
  test() {
    ok(isUtf8(Buffer.from('€')) && !isUtf8(Buffer.from([0xFF])));
    ok(isAscii(Buffer.from('a')) && !isAscii(Buffer.from('é')));
    equal(transcode(Buffer.from('é'), 'utf8', 'latin1').toString('hex'), 'e9');
    equal(transcode(Buffer.from('a'), 'utf8', 'utf16le').toString('hex'), '6100');
  },
};

export const theGlobalIsTheSame = {
  test() {
    equal(globalThis.Buffer, Buffer);
  },
};
