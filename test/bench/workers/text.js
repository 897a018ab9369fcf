// 1 kB of text, half of it not ASCII, to bytes and back, a hundred times.
const text = 'Grüße aus Köln / 東京 '.repeat(40);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export default {
  fetch() {
    let length = 0;
    for (let i = 0; i < 100; ++i) length += decoder.decode(encoder.encode(text)).length;
    return new Response(String(length));
  },
};
