import {equal, ok, throws} from '../assert.js';

const decode = (label, bytes, options) =>
  new TextDecoder(label, options).decode(Uint8Array.from(bytes));

export const everyEncodingDecodesItsBytes = {
  test() {
    for (const [label, bytes, text] of [
      ['big5', [0xA4, 0xA4, 0x41], '中A'],
      ['euc-jp', [0xC6, 0xFC, 0x8E, 0xB1, 0x8F, 0xB0, 0xA1], '日ｱ丂'],
      ['euc-kr', [0xB0, 0xA1, 0x20, 0xC7, 0xD1], '가 한'],
      ['gb18030', [0xD6, 0xD0, 0x81, 0x30, 0x81, 0x30, 0x90, 0x30, 0x81, 0x30], '中\x80\u{10000}'],
      ['gbk', [0xD6, 0xD0], '中'],
      ['iso-2022-jp', [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x1B, 0x28, 0x42, 0x41], '日A'],
      ['shift_jis', [0x93, 0xFA, 0xB1, 0x5C], '日ｱ\\'],
    ]) equal(decode(label, bytes), text, label);
  },
};

export const labelsOfOldAreKnown = {
  test() {
    for (const [label, name] of [
      ['GB2312', 'gbk'], ['sjis', 'shift_jis'], ['windows-31j', 'shift_jis'],
      ['ks_c_5601-1987', 'euc-kr'], ['x-x-big5', 'big5'], ['csiso2022jp', 'iso-2022-jp'],
    ]) equal(new TextDecoder(label).encoding, name);
  },
};

export const whatIsMalformedIsReplacedAndAsciiAfterItKept = {
  test() {
    equal(decode('shift_jis', [0x81, 0x22]), '\uFFFD"');
    equal(decode('euc-jp', [0xA1, 0x41]), '\uFFFDA');
    equal(decode('euc-kr', [0x81, 0x20]), '\uFFFD ');
    equal(decode('big5', [0x81, 0x40]), '\uFFFD@');
    equal(decode('gbk', [0xFF, 0x41]), '\uFFFDA');
    equal(decode('shift_jis', [0x81]), '\uFFFD');
    for (const label of ['shift_jis', 'euc-jp', 'euc-kr', 'big5', 'gbk', 'gb18030']) {
      throws(() => decode(label, [0x81], {fatal: true}), {name: 'TypeError'}, label);
    }
  },
};

export const charactersMayComeInPieces = {
  test() {
    const decoder = new TextDecoder('gb18030');
    const more = {stream: true};
    let text = '';
    for (const byte of [0x90, 0x30, 0x81, 0x30, 0xD6, 0xD0]) {
      text += decoder.decode(Uint8Array.of(byte), more);
    }
    equal(text + decoder.decode(), '\u{10000}中');
    equal(decoder.decode(Uint8Array.of(0xD6), more), '');
    equal(decoder.decode(), '\uFFFD');
    equal(decoder.decode(Uint8Array.of(0x41)), 'A');
  },
};

export const aFailureLeavesNothingBehind = {
  test() {
    const decoder = new TextDecoder('iso-2022-jp', {fatal: true});
    throws(() => decoder.decode(Uint8Array.of(0x1B, 0x24, 0x42, 0x80)), {name: 'TypeError'});
    equal(decoder.decode(Uint8Array.of(0x41)), 'A');
    ok(decoder.fatal);
  },
};
