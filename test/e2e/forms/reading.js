// formData() of bodies. Texts of errors are pinned by the reference.
import { equal, rejects, same } from '../assert.js';

const kType = 'multipart/form-data; boundary=BB';
const show = (value) =>
  typeof value === 'string' ? value : [value.name, value.type, value.size];
const read = async (body, type = kType) => {
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  return [...form].map(([name, value]) => [name, show(value)]);
};
const part = (head, body) => `--BB\r\n${head}\r\n\r\n${body}\r\n`;
const named = (parameters, body = 'v') =>
  part(`Content-Disposition: form-data; ${parameters}`, body);

export const urlEncodedFormsAreRead = {
  async test() {
    const type = 'application/x-www-form-urlencoded';
    same(await read('a=1&b=%20+x&c&=d&&f=%ff', type), [
      ['a', '1'],
      ['b', '  x'],
      ['c', ''],
      ['', 'd'],
      ['f', '\ufffd'],
    ]);
    same(await read('a=1', `${type};charset=UTF-8`), [['a', '1']]);
    same(await read('a=1', type.toUpperCase()), [['a', '1']]);
    same(await read(null, type), []);
    same([...(await new Response(new URLSearchParams('x=y')).formData())], [['x', 'y']]);
  },
};

export const textsAndFilesAreRead = {
  async test() {
    const file = part('content-disposition: form-data; name="f"; filename="u"\r\nContent-Type: a/B', '');
    same(await read(`pre\r\n${named('name="a"')}${file}--BB--epilogue`), [
      ['a', 'v'],
      ['f', ['u', 'a/B', 0]],
    ]);
    same(await read('--BB--\r\n'), []);
    same(await read(`${named('name="a"; filename=""')}--BB--`), [['a', 'v']]);
    same(await read(`${named('name="a\\"b"')}--BB--`), [['a"b', 'v']]);
    same(await read('--BB\nContent-Disposition: form-data; name="a"\n\nv\n--BB--\n'), [['a', 'v']]);
    same(await read('--B B--\r\n', 'Multipart/Form-Data; charset=x; Boundary="B B"'), []);
  },
};

export const whatIsMalformedIsRefused = {
  async test() {
    const truncated = 'No initial boundary string (or you have a truncated message).';
    const unended = 'No multipart message header termination found.';
    const cases = [
      ['', truncated],
      ['--BB', truncated],
      ['--BB\r\n', unended],
      ['--BB\r\nContent-Disposition: form-data; name="a"\r\n', unended],
      [named('name="a"'), 'No subsequent boundary string after multipart message.'],
      ['--BB  \r\n', "Boundary string was not succeeded by CRLF, LF, or '--'."],
      [`${named('x="y"')}--BB--`, 'Content-Disposition header in FormData part is missing a name.'],
      [`${named('name=a')}--BB--`, 'Content-Disposition header in FormData part is missing a name.'],
      [`${part('X: y', '')}--BB--`, 'No valid Content-Disposition header found in FormData part.'],
    ];
    for (const [body, message] of cases) {
      await rejects(read(body), { name: 'TypeError', message });
    }
  },
};

export const theTypeMustBeAForm = {
  async test() {
    const unknown = { name: 'TypeError', message: /^Unrecognized Content-Type header value\./ };
    await rejects(read('a=1', 'text/plain'), unknown);
    await rejects(read('a=1', 'nonsense'), unknown);
    await rejects(new Response().formData(), {
      name: 'TypeError',
      message: 'Parsing a Body as FormData requires a Content-Type header.',
    });
    await rejects(read('--BB--', 'multipart/form-data'), {
      name: 'TypeError',
      message: /^No boundary string in Content-Type header\./,
    });
  },
};

export const aFormIsReadOnce = {
  async test() {
    const response = new Response(new FormData());
    await response.formData();
    equal(response.bodyUsed, true);
    await rejects(response.formData(), { name: 'TypeError', message: /^Body has already been used/ });
  },
};

export const aStreamIsReadAsAForm = {
  async test() {
    const text = `${named('name="a"', 'streamed')}--BB--`;
    const stream = new ReadableStream({
      start(controller) {
        for (const byte of new TextEncoder().encode(text)) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    same(await read(stream), [['a', 'streamed']]);
  },
};
