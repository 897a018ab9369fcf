// FormData. https://xhr.spec.whatwg.org/#interface-formdata
import { equal, same, throws } from '../assert.js';

export const entriesKeepTheirOrder = {
  test() {
    const form = new FormData();
    form.append('a', '1');
    form.append('b', 2);
    form.append('a', {});
    same([...form], [['a', '1'], ['b', '2'], ['a', '[object Object]']]);
    same([...form.keys()], ['a', 'b', 'a']);
    same([...form.values()], ['1', '2', '[object Object]']);
    equal(form.get('a'), '1');
    same(form.getAll('a'), ['1', '[object Object]']);
    equal(form.get('none'), null);
    same(form.getAll('none'), []);
    same([form.has('a'), form.has('none')], [true, false]);
  },
};

export const setReplacesAll = {
  test() {
    const form = new FormData();
    form.append('a', '1');
    form.append('b', '2');
    form.append('a', '3');
    form.set('a', '9');
    form.set('n', 'm');
    same([...form], [['a', '9'], ['b', '2'], ['n', 'm']]);
    form.delete('a');
    same([...form], [['b', '2'], ['n', 'm']]);
  },
};

export const blobsBecomeFiles = {
  test() {
    const form = new FormData();
    const file = new File(['q'], 'orig', { type: 'z/z', lastModified: 3 });
    form.append('f', file);
    form.append('g', file, 'other');
    form.append('h', new Blob(['xx'], { type: 't/t' }), 'name.txt');
    equal(form.get('f'), file);
    const [g, h] = [form.get('g'), form.get('h')];
    same([g.name, g.type, g.size], ['other', 'z/z', 1]);
    same([h.name, h.type, h.size], ['name.txt', 't/t', 2]);
    equal(h instanceof File, true);
    equal(form.get('h'), h);
  },
};

export const parametersAreRequired = {
  test() {
    const form = new FormData();
    throws(() => form.append('a'), {
      message:
        "Failed to execute 'append' on 'FormData': parameter 2 is not of type " +
        "'File or Blob or string'.",
    });
    throws(() => form.get(), {
      message: "Failed to execute 'get' on 'FormData': parameter 1 is not of type 'string'.",
    });
    throws(() => form.forEach(1), { name: 'TypeError' });
  },
};

export const iterationSeesChanges = {
  test() {
    const form = new FormData();
    form.append('a', '1');
    const seen = [];
    for (const [name] of form) {
      seen.push(name);
      if (seen.length < 3) form.append(`b${seen.length}`, '');
    }
    same(seen, ['a', 'b1', 'b2']);
    const visited = [];
    form.forEach((value, name, parent) => visited.push([name, value, parent === form]));
    same(visited[0], ['a', '1', true]);
  },
};

export const aFormSurvivesItsBody = {
  async test() {
    const form = new FormData();
    form.append('text', 'l1\r\nl2 \u00e9');
    form.append('file', new File([new Uint8Array([0, 13, 10, 255])], 'f.bin', { type: 'x/y' }));
    form.append('plain', new File(['z'], 'z'));
    const response = new Response(form);
    const type = response.headers.get('content-type');
    equal(/^multipart\/form-data; boundary=[0-9a-f]{32}$/.test(type), true, type);
    const read = await response.formData();
    equal(read.get('text'), 'l1\r\nl2 \u00e9');
    const file = read.get('file');
    same([file.name, file.type, [...(await file.bytes())]], ['f.bin', 'x/y', [0, 13, 10, 255]]);
    equal(read.get('plain').type, 'application/octet-stream');
  },
};

export const aFormIsWrittenAsMultipart = {
  async test() {
    const form = new FormData();
    form.append('a"\n', 'v');
    form.append('b', new Blob(['q'], { type: 'x/y' }), 'n"');
    const response = new Response(form);
    const boundary = response.headers.get('content-type').split('=')[1];
    equal(
      await response.text(),
      `--${boundary}\r\nContent-Disposition: form-data; name="a%22%0A"\r\n\r\nv\r\n` +
        `--${boundary}\r\nContent-Disposition: form-data; name="b"; filename="n%22"\r\n` +
        `Content-Type: x/y\r\n\r\nq\r\n--${boundary}--`,
    );
    const empty = new Response(new FormData());
    equal(await empty.text(), `--${empty.headers.get('content-type').split('=')[1]}--`);
  },
};

export const requestsCarryForms = {
  async test(ctrl, env) {
    const form = new FormData();
    form.append('a', '1');
    form.append('f', new File(['content'], 'f.txt'));
    const response = await env.SELF.fetch('http://x/', { method: 'POST', body: form });
    same(await response.json(), [['a', '1'], ['f', 'f.txt:content']]);
  },
};

export default {
  async fetch(request) {
    const result = [];
    for (const [name, value] of await request.formData()) {
      result.push([name, value instanceof File ? `${value.name}:${await value.text()}` : value]);
    }
    return Response.json(result);
  },
};
