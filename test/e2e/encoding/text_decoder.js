import {equal, ok, same, throws} from '../assert.js';

const bytes = (...values) => new Uint8Array(values);

export const labelsNameEncodings = {
  test() {
    const named = (label) => new TextDecoder(label).encoding;
    equal(named(undefined), 'utf-8');
    equal(named(' UTF8\n'), 'utf-8');
    equal(named('latin1'), 'windows-1252');
    equal(named('ascii'), 'windows-1252');
    equal(named('utf-16'), 'utf-16le');
    equal(named('iso-8859-8-i'), 'iso-8859-8-i');
    equal(named('x-user-defined'), 'x-user-defined');
    for (const label of ['foo', '', 'replacement', 'iso-2022-kr', 'utf8 utf-8', null]) {
      throws(() => new TextDecoder(label),
          {name: 'RangeError', message: `"${label}" is not a valid encoding.`});
    }
  },
};

export const utf8IsDecodedAndWhatIsMalformedReplaced = {
  test() {
    const decode = (...values) => new TextDecoder().decode(bytes(...values));
    equal(decode(0x61, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80), 'a€😀');
    equal(decode(0xE2, 0x82), '\uFFFD');
    equal(decode(0xE2, 0x82, 0x41), '\uFFFDA');
    equal(decode(0xC0, 0x80), '\uFFFD\uFFFD');
    equal(decode(0xED, 0xA0, 0x80), '\uFFFD\uFFFD\uFFFD', 'a surrogate');
    equal(decode(0xF5, 0x80), '\uFFFD\uFFFD');
    equal(new TextDecoder().decode(), '');
    equal(new TextDecoder().decode(bytes(65, 66).buffer), 'AB');
    equal(new TextDecoder().decode(new DataView(bytes(65, 66, 67).buffer, 1)), 'BC');
    equal(new TextDecoder().decode(new SharedArrayBuffer(2)), '\0\0');
  },
};

export const aByteOrderMarkIsDropped = {
  test() {
    const marked = bytes(0xEF, 0xBB, 0xBF, 0x41);
    equal(new TextDecoder().decode(marked), 'A');
    equal(new TextDecoder('utf-8', {ignoreBOM: true}).decode(marked), '\uFEFFA');
    equal(new TextDecoder('utf-16be').decode(bytes(0xFE, 0xFF, 0, 0x41)), 'A');
    const decoder = new TextDecoder();
    let text = '';
    for (const byte of [...marked, ...marked]) text += decoder.decode(bytes(byte), {stream: true});
    equal(text + decoder.decode(), 'A\uFEFFA', 'only the first');
    equal(decoder.decode(marked), 'A', 'the next text has its own');
  },
};

export const piecesMakeTheSameText = {
  test() {
    const text = 'aé€😀\u0800\u{10FFFF}z';
    const encoded = new TextEncoder().encode(text);
    for (let size = 1; size <= encoded.length; ++size) {
      const decoder = new TextDecoder('utf-8', {fatal: true});
      let seen = '';
      for (let at = 0; at < encoded.length; at += size) {
        seen += decoder.decode(encoded.subarray(at, at + size), {stream: true});
      }
      equal(seen + decoder.decode(), text, `pieces of ${size}`);
    }
    const decoder = new TextDecoder();
    equal(decoder.decode(bytes(0xE2, 0x82), {stream: true}), '');
    equal(decoder.decode(bytes(0xAC, 0x41), {stream: true}), '€A');
    equal(decoder.decode(bytes(0xE2), {stream: true}), '');
    equal(decoder.decode(), '\uFFFD');
  },
};

export const fatalDecodersThrow = {
  test() {
    const message = 'Failed to decode input.';
    const decoder = new TextDecoder('utf-8', {fatal: true});
    ok(decoder.fatal);
    throws(() => decoder.decode(bytes(0xFF)), {name: 'TypeError', message});
    throws(() => decoder.decode(bytes(0xE2, 0x82)), {name: 'TypeError', message});
    equal(decoder.decode(bytes(0x41)), 'A', 'usable afterwards');
    throws(() => new TextDecoder('windows-1253', {fatal: true}).decode(bytes(0xAA)),
        {name: 'TypeError', message});
  },
};

// The digest covers every character of every single-byte encoding.
export const singleByteEncodingsFollowTheirTables = {
  test() {
    const all = Uint8Array.from({length: 256}, (_, i) => i);
    const labels = ['ibm866', 'koi8-r', 'koi8-u', 'macintosh', 'x-mac-cyrillic', 'windows-874',
      'x-user-defined', 'iso-8859-8-i'];
    for (const n of [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16]) labels.push(`iso-8859-${n}`);
    for (let n = 1250; n <= 1258; ++n) labels.push(`windows-${n}`);
    const digests = labels.map((label) => {
      let digest = 0;
      const text = new TextDecoder(label).decode(all);
      for (let i = 0; i < text.length; ++i) digest = (digest * 31 + text.charCodeAt(i)) >>> 0;
      return `${label} ${text.length} ${digest.toString(16)}`;
    });
    same(digests, kDigests);
    equal(new TextDecoder('latin1').decode(bytes(0x80, 0x81, 0xE9)), '€\x81é');
    equal(new TextDecoder('koi8-r').decode(bytes(0xF0, 0xD2)), 'Пр');
  },
};
const kDigests = [
  'ibm866 256 9bd01cf6',
  'koi8-r 256 9e73479c',
  'koi8-u 256 4cf16b10',
  'macintosh 256 a6b5101',
  'x-mac-cyrillic 256 b9e8d2d7',
  'windows-874 256 b8a1e502',
  'x-user-defined 256 69b70080',
  'iso-8859-8-i 256 43f92f49',
  'iso-8859-2 256 e9adf725',
  'iso-8859-3 256 77f67c11',
  'iso-8859-4 256 d869f74c',
  'iso-8859-5 256 52a1d4c4',
  'iso-8859-6 256 3f83a8ce',
  'iso-8859-7 256 39e68a8c',
  'iso-8859-8 256 43f92f49',
  'iso-8859-10 256 6cb2e369',
  'iso-8859-13 256 1f39e673',
  'iso-8859-14 256 26251c77',
  'iso-8859-15 256 db45e47c',
  'iso-8859-16 256 44f06978',
  'windows-1250 256 3bf235f6',
  'windows-1251 256 6534a2fc',
  'windows-1252 256 e4c5b08a',
  'windows-1253 256 b9760132',
  'windows-1254 256 561f1e62',
  'windows-1255 256 14ca7abe',
  'windows-1256 256 124d6565',
  'windows-1257 256 b8fcbb67',
  'windows-1258 256 6cdf5a6d',
];

export const utf16IsDecoded = {
  test() {
    equal(new TextDecoder('utf-16le').decode(bytes(0x41, 0, 0x3D, 0xD8, 0, 0xDE)), 'A😀');
    equal(new TextDecoder('utf-16be').decode(bytes(0, 0x41, 0xD8, 0x3D, 0xDE, 0)), 'A😀');
    equal(new TextDecoder('utf-16le').decode(bytes(0x41, 0, 0x42)), 'A\uFFFD');
    const decoder = new TextDecoder('utf-16le');
    let text = '';
    for (const byte of [0x41, 0, 0x3D, 0xD8, 0, 0xDE]) {
      text += decoder.decode(bytes(byte), {stream: true});
    }
    equal(text + decoder.decode(), 'A😀');
  },
};
