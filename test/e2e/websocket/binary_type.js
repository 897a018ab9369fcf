import {equal, ok} from '../assert.js';

function open() {
  const [one, other] = Object.values(new WebSocketPair());
  one.accept();
  other.accept();
  return [one, other];
}
const next = (socket) => new Promise((resolve) => {
  socket.addEventListener('message', ({data}) => resolve(data), {once: true});
});

export const bytesComeAsTheTypeSays = {
  async test() {
    const [one, other] = open();
    equal(one.binaryType, 'arraybuffer');
    let message = next(one);
    other.send(Uint8Array.of(1, 2));
    ok((await message) instanceof ArrayBuffer);
    one.binaryType = 'blob';
    one.binaryType = 'other';
    equal(one.binaryType, 'blob');
    message = next(one);
    other.send(Uint8Array.of(1, 2));
    const blob = await message;
    ok(blob instanceof Blob);
    equal(blob.type, '');
    equal([...new Uint8Array(await blob.arrayBuffer())].join(), '1,2');
    message = next(one);
    other.send('text');
    equal(await message, 'text');
  },
};
