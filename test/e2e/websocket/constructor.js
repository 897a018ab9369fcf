import { equal, throws } from '../assert.js';

const refuse = (args, message) => throws(() => new WebSocket(...args), { name: 'SyntaxError', message });

export const urlsAreChecked = {
  test() {
    throws(() => new WebSocket(), { type: TypeError });
    for (const url of ['', 'foo', '/relative']) refuse([url], 'WebSocket Constructor: The url is invalid.');
    refuse(['ftp://x/'], 'WebSocket Constructor: The url scheme must be ws or wss.');
    for (const url of ['ws://x/#f', 'ws://x/#']) {
      refuse([url], 'WebSocket Constructor: The url fragment must be empty.');
    }
  },
};

export const protocolsAreChecked = {
  test() {
    const url = 'ws://127.0.0.1:1/';
    for (const name of ['a b', '', {}]) {
      refuse([url, name], 'WebSocket Constructor: The protocol header token is invalid.');
    }
    refuse([url, ['a', '']], 'WebSocket Constructor: One of the protocol header tokens is invalid.');
    refuse([url, ['a', 'a']], 'WebSocket Constructor: The protocols header cannot have repeating values.');
    for (const protocols of [null, undefined, [], ['a', 'A'], 'a']) {
      equal(new WebSocket(url, protocols).readyState, WebSocket.CONNECTING);
    }
  },
};

export const aConnectingOneCannotBeUsed = {
  test() {
    const socket = new WebSocket('ws://127.0.0.1:1/');
    equal(socket.url, 'ws://127.0.0.1:1/');
    throws(() => socket.send('x'), { type: TypeError });
    throws(() => socket.accept(), {
      type: TypeError,
      message: "Websockets obtained from the 'new WebSocket()' constructor cannot call accept",
    });
  },
};
