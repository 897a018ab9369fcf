import { equal, ok, rejects, same, throws } from '../assert.js';

const makePair = () => Object.values(new WebSocketPair());
const next = (socket, type) => new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));
/** Two accepted ends. */
const open = () => {
  const pair = makePair();
  for (const end of pair) end.accept();
  return pair;
};

export const aPairHasTwoWaitingEnds = {
  test() {
    const pair = new WebSocketPair();
    same(Object.keys(pair), ['0', '1']);
    const [first, second] = pair;
    ok(first === pair[0] && second === pair[1]);
    ok(first instanceof WebSocket && first instanceof EventTarget);
    equal(first.readyState, WebSocket.OPEN);
    equal(first.url, null);
    equal(first.protocol, '');
    equal(first.extensions, '');
    equal(first.binaryType, 'arraybuffer');
    equal(first.bufferedAmount, 0);
  },
};

export const constantsAreOnTheClassAndItsInstances = {
  test() {
    ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].forEach((name, value) => {
      equal(WebSocket[name], value);
      equal(WebSocket.prototype[name], value);
      equal(WebSocket[`READY_STATE_${name}`], value);
    });
  },
};

export const messagesComeInOrderAndWaitForAccept = {
  async test() {
    const [a, b] = makePair();
    const seen = [];
    b.addEventListener('message', ({ data }) => seen.push(data));
    a.accept();
    a.send('early');
    a.send(new Uint8Array([1, 2, 3]).subarray(1));
    a.send(new Uint8Array([9]).buffer);
    a.send('');
    a.send(5);
    same(seen, []);
    const done = next(a, 'message');
    b.addEventListener('message', ({ data }) => data === '5' && b.send('done'));
    b.accept();
    await done;
    same(seen.map((data) => (data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data)),
      ['early', [2, 3], [9], '', '5']);
  },
};

export const bytesAreCopiedWhenSent = {
  async test() {
    const [a, b] = open();
    const bytes = new Uint8Array([1]);
    a.send(bytes);
    bytes[0] = 2;
    const { data } = await next(b, 'message');
    equal(new Uint8Array(data)[0], 1);
  },
};

export const aMessageEventTellsWhatTheReferenceDoes = {
  async test() {
    const [a, b] = open();
    a.send('x');
    const event = await next(b, 'message');
    ok(event instanceof MessageEvent);
    ok(event.isTrusted);
    ok(event.target === b);
    equal(event.origin, null);
    equal(event.source, null);
    same(event.ports, []);
  },
};

export const whatWaitsToBeSentIsCounted = {
  async test() {
    const [a, b] = makePair();
    a.accept();
    a.send('é');
    a.send(new Uint8Array(10));
    equal(a.bufferedAmount, 12);
    b.addEventListener('message', ({ data }) => data instanceof ArrayBuffer && b.send('got it'));
    b.accept();
    await next(a, 'message');
    equal(a.bufferedAmount, 0);
  },
};

export const nothingCanBeSentBeforeAccept = {
  test() {
    const [a] = makePair();
    const message = 'You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.';
    throws(() => a.send('x'), { type: TypeError, message });
    throws(() => a.close(), { type: TypeError, message });
    throws(() => a.send(), { type: TypeError });
    throws(() => a.accept(1), { type: TypeError });
    a.accept();
    a.accept();
    throws(() => a.send(Symbol('x')), { type: TypeError });
  },
};

export const closingIsSaidToTheOtherSideAndAnswered = {
  async test() {
    const [a, b] = open();
    const heard = next(b, 'close');
    a.close(4000, 'why');
    equal(a.readyState, WebSocket.CLOSING);
    const event = await heard;
    ok(event instanceof CloseEvent);
    same([event.code, event.reason, event.wasClean], [4000, 'why', true]);
    equal(b.readyState, WebSocket.CLOSING);
    throws(() => a.send('x'), { type: TypeError, message: "Can't call WebSocket send() after close()." });

    const message = next(a, 'message');
    b.send('half open');
    equal((await message).data, 'half open');
    const answer = next(a, 'close');
    b.close(4001, 'too');
    same([(await answer).code, (await answer).reason], [4001, 'too']);
    equal(a.readyState, WebSocket.CLOSED);
    equal(b.readyState, WebSocket.CLOSED);
    a.close();
  },
};

export const closingWithoutCodeIs1005 = {
  async test() {
    const [a, b] = open();
    const heard = next(b, 'close');
    a.close();
    same([(await heard).code, (await heard).reason, (await heard).wasClean], [1005, '', true]);
    const answer = next(a, 'close');
    b.close();
    equal((await answer).code, 1005);
  },
};

export const withoutHalfOpenACloseIsAnsweredAtOnce = {
  async test() {
    const [a, b] = makePair();
    a.accept({ allowHalfOpen: false });
    b.accept({ allowHalfOpen: false });
    const heard = next(b, 'close').then(({ code }) => [code, b.readyState]);
    const answer = next(a, 'close').then(({ code, reason }) => [code, reason, a.readyState]);
    a.close(1000, 'over');
    same(await heard, [1000, WebSocket.CLOSED]);
    same(await answer, [1000, 'over', WebSocket.CLOSED]);
  },
};

export const closeCodesAreChecked = {
  test() {
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 5000, -1, 66536, 'x', NaN, null]) {
      const [a] = open();
      throws(() => a.close(code), { name: 'InvalidAccessError' });
      equal(a.readyState, WebSocket.OPEN);
    }
    for (const code of [1000, 1001, 1002, 1003, 1011, 1014, 1016, 2999, 3000, 4999, 3000.7]) {
      const [a] = open();
      a.close(code, 'reason');
      throws(() => a.close(1), { name: 'InvalidAccessError', message: 'Invalid WebSocket close code: 1.' });
    }
    const [a] = open();
    throws(() => a.close(undefined, 'x'), {
      name: 'InvalidAccessError',
      message: 'If you specify a WebSocket close reason, you must also specify a code.',
    });
    throws(() => a.close(1e10), { type: TypeError });
  },
};

export const handlersAreCalled = {
  async test() {
    const [a, b] = open();
    const seen = [];
    b.onmessage = ({ data }) => seen.push(data);
    b.onclose = ({ code }) => seen.push(code);
    const closed = next(b, 'close');
    a.send('x');
    a.close(1000);
    await closed;
    same(seen, ['x', 1000]);
  },
};

export const messagesFromTheWorkerItselfAreNotTrusted = {
  test() {
    const [a] = makePair();
    let seen;
    a.addEventListener('message', (event) => (seen = event));
    a.dispatchEvent(new MessageEvent('message', { data: 5 }));
    same([seen.data, seen.isTrusted], [5, false]);
  },
};

export const attachmentsAreCopies = {
  test() {
    const [a] = makePair();
    equal(a.deserializeAttachment(), null);
    const value = { list: [1, new Date(0)] };
    a.serializeAttachment(value);
    value.list.push(2);
    const copy = a.deserializeAttachment();
    equal(copy.list.length, 2);
    ok(copy.list[1] instanceof Date);
    throws(() => a.serializeAttachment(() => 1), { name: 'DataCloneError' });
    throws(() => a.serializeAttachment(), { type: TypeError });
    throws(() => a.serializeAttachment('x'.repeat(30000)), {
      message: "A WebSocket 'attachment' cannot be larger than 16384 bytes.'attachment' was 30006 bytes.",
    });
  },
};
