// The reference decodes these its library's way unless text_decoder_cjk_decoder is on.
import {equal} from '../assert.js';

const decode = (label, bytes) => new TextDecoder(label).decode(Uint8Array.from(bytes));

export const theStandardsCornersHold = {
  test() {
    equal(decode('gbk', [0x80]), '€');
    equal(decode('big5', [0x88, 0x62, 0x88, 0x64]), '\xCA\u0304\xCA\u030C');
    equal(decode('shift_jis', [0xF0, 0x40]), '\uE000');
    equal(decode('gb18030', [0x81, 0x35, 0xF4, 0x37]), '\uE7C7');
    equal(decode('gb18030', [0x81, 0x30, 0x81, 0x41]), '\uFFFD0丄');
    equal(decode('iso-2022-jp', [0x1B, 0x24]), '\uFFFD$');
    equal(decode('iso-2022-jp', [0x1B, 0x28, 0x4A, 0x1B, 0x28, 0x42]), '\uFFFD');
  },
};
