import { equal, ok, same, throws } from '../assert.js';

export const messagesAreClonedAndWaitForAListener = {
  async test() {
    const { port1, port2 } = new MessageChannel();
    ok(port1 instanceof MessagePort && port1 instanceof EventTarget);
    const value = { list: [1, new Date(0)] };
    const seen = [];
    port1.postMessage(value);
    port1.postMessage('second');
    value.list.push(2);
    await new Promise((resolve) => {
      port2.addEventListener('message', (event) => seen.push(event) === 2 && resolve());
      port2.start();
      port2.start();
    });
    const [first, second] = seen;
    ok(first instanceof MessageEvent && first.isTrusted);
    same([first.data.list.length, first.data.list[1] instanceof Date, second.data], [2, true, 'second']);
  },
};

export const settingAHandlerStarts = {
  async test() {
    const { port1, port2 } = new MessageChannel();
    equal(port1.onmessage, null);
    port2.postMessage(1);
    const data = await new Promise((resolve) => (port1.onmessage = (event) => resolve(event.data)));
    equal(data, 1);
    equal(typeof port1.onmessage, 'function');
    port1.onmessage = 5;
    equal(port1.onmessage, null);
  },
};

export const closingTellsBothAndDropsWhatComesLater = {
  async test() {
    const { port1, port2 } = new MessageChannel();
    const seen = [];
    port2.addEventListener('close', () => seen.push('close 2'));
    port1.onmessage = () => seen.push('message');
    const closed = new Promise((resolve) => port1.addEventListener('close', resolve));
    port1.close();
    port2.postMessage('late');
    await closed;
    same(seen, ['close 2']);
  },
};

export const whatCannotBeClonedOrTransferredIsRefused = {
  test() {
    const { port1 } = new MessageChannel();
    throws(() => port1.postMessage(() => 1), { name: 'DataCloneError' });
    const buffer = new ArrayBuffer(4);
    throws(() => port1.postMessage(buffer, [buffer]), { message: 'Transfer list is not supported' });
    throws(() => port1.postMessage(buffer, { transfer: [buffer] }), { message: 'Transfer list is not supported' });
    throws(() => new MessagePort(), { type: TypeError });
  },
};
