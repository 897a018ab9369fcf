// A form of twenty fields and a file of 16 kB, read.
let type;
let body;

async function make() {
  const form = new FormData();
  for (let i = 0; i < 20; ++i) form.append(`field${i}`, `value of the field ${i}`);
  form.append('file', new File([new Uint8Array(16 * 1024)], 'file.bin'));
  const made = new Response(form);
  type = made.headers.get('content-type');
  body = await made.arrayBuffer();
}

export default {
  async fetch() {
    if (body === undefined) await make();
    const read = await new Response(body, { headers: { 'content-type': type } }).formData();
    return new Response(String(read.get('file').size));
  },
};
