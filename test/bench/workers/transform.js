const kChunks = 10000;
const chunk = new Uint8Array(16);

export default {
  async fetch() {
    let made = 0;
    const source = new ReadableStream({
      pull(controller) {
        if (made++ < kChunks) controller.enqueue(chunk);
        else controller.close();
      },
    });
    const transform = new TransformStream({
      transform: (each, controller) => controller.enqueue(each),
    });
    let bytes = 0;
    for await (const each of source.pipeThrough(transform)) bytes += each.byteLength;
    return new Response(String(bytes));
  },
};
